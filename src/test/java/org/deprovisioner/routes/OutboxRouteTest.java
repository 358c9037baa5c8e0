package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** A route that empties an outbox: what it does, whichever outbox it is. */
abstract class OutboxRouteTest extends RouteTest {

    private final String route;
    private final String source;

    private final FakeMessages outgoingMessages = new FakeMessages();
    private final FakeOutbox outbox = new FakeOutbox();

    /** The route with this id, which takes from this source of the ledger. */
    OutboxRouteTest(String route, String source) {
        this.route = route;
        this.source = source;
    }

    @Override
    void bind(Registry beans) {
        beans.bind("outgoingMessages", outgoingMessages);
        beans.bind("outbox", outbox);
    }

    @Test
    void eachEntryBecomesAMessageOfJsonAndAllAreSentTogether() {
        assertThat(from()).isEqualTo(source);
        assertThat(run(List.of("Ada", "Böhm")).getException()).isNull();
        assertThat(outgoingMessages.taken())
                .containsExactly(List.of("Ada: {\"name\":\"Ada\"}", "Böhm: {\"name\":\"Böhm\"}"));
        assertThat(steps()).contains(route + ".to-json").endsWith(route + ".send", route + ".sent");
    }

    @Test
    void whatWasSentIsTakenOutOfTheOutbox() {
        run(List.of("Ada", "Böhm"));
        assertThat(outbox.taken()).containsExactly(List.of("Ada", "Böhm"));
    }

    @Test
    void whileTheBrokerCannotBeReachedAllStayInTheOutbox() {
        outgoingMessages.failWith(new IllegalStateException("no connection"));
        assertThat(run(List.of("Ada", "Böhm")).getException()).hasMessage("no connection");
        assertThat(outbox.taken()).isEmpty();
    }

    @Test
    void whereOneCannotBecomeAMessageNoneIsSentAndAllStay() {
        assertThat(run(List.of("Ada", "", "Böhm")).getException()).isNotNull();
        assertThat(outgoingMessages.taken()).isEmpty();
        assertThat(outbox.taken()).isEmpty();
    }

    @Test
    void withoutABrokerTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.broker.url", "none")).isFalse();
    }

    /** Makes messages of names, and sends none. */
    public static final class FakeMessages extends Fake {

        public Map<String, String> fields(String entry) {
            if (entry.isEmpty()) {
                throw new IllegalStateException("it has no name");
            }
            return Map.of("name", entry);
        }

        public String deadLetter(@Variable("entry") String entry, @Body String json) {
            return entry + ": " + json;
        }

        public String reply(@Variable("entry") String entry, @Body String json) {
            return entry + ": " + json;
        }

        public void send(List<String> messages) throws Exception {
            take(messages);
        }
    }

    /** Holds nothing. */
    public static final class FakeOutbox extends Fake {

        public void sent(List<String> entries) throws Exception {
            take(entries);
        }
    }
}
