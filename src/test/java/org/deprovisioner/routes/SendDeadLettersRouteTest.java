package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** Sends the dead letter of each failed request to its queue. */
class SendDeadLettersRouteTest extends RouteTest {

    private final FakeMessages outgoingMessages = new FakeMessages();
    private final FakeOutbox outbox = new FakeOutbox();

    @Override
    void bind(Registry beans) {
        beans.bind("outgoingMessages", outgoingMessages);
        beans.bind("outbox", outbox);
    }

    @Test
    void eachEntryBecomesAMessageOfJsonAndAllAreSentTogether() {
        assertThat(from()).isEqualTo("ledger:dead-letters");
        assertThat(run(List.of("Ada", "Böhm")).getException()).isNull();
        assertThat(outgoingMessages.taken())
                .containsExactly(List.of("Ada: {\"name\":\"Ada\"}", "Böhm: {\"name\":\"Böhm\"}"));
        assertThat(steps())
                .contains("send-dead-letters.to-json")
                .endsWith("send-dead-letters.send", "send-dead-letters.sent");
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
