package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

/** The dead-letter channel: keeps a request safe that met a fault nobody foresaw. */
class KeepUnforeseenRouteTest extends RouteTest {

    private final Exception fault = new IllegalStateException("nobody foresaw this");

    private final FakeCalls calls = new FakeCalls();

    @Override
    void bind(Registry beans) {
        beans.bind("calls", calls);
    }

    private Exchange fail(Object body, Optional<Object> call) {
        return runAs(exchange -> {
            exchange.getMessage().setBody(body);
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, fault);
            call.ifPresent(one -> exchange.setVariable("call", one));
        });
    }

    @Test
    void aRequestIsKeptAsItStandsOnItsWay() {
        assertThat(fail("work: a request", Optional.empty()).getException()).isNull();
        assertThat(calls.taken()).containsExactly("work: a request");
    }

    @Test
    void anEarlierLookIsNotTakenForTheRequestThatIsOnItsWay() {
        fail("work: a request", Optional.of("work: its look"));
        assertThat(calls.taken()).containsExactly("work: a request");
    }

    @Test
    void whileACallIsUnderWayItIsTheCallThatIsKept() {
        fail("{}", Optional.of("work: a call"));
        assertThat(calls.taken()).containsExactly("work: a call");
    }

    @Test
    void ofWhatIsNoRequestTheLogTells() {
        fail("a unit", Optional.empty());
        assertThat(calls.taken()).isEmpty();
        assertThat(steps()).endsWith("keep-unforeseen.say-so");
    }

    @Test
    void whatCannotBeKeptFailsForItsGiver() {
        calls.failWith(new IllegalStateException("not even this"));
        assertThat(fail("work: a request", Optional.empty()).getException()).hasMessage("not even this");
    }

    /** Keeps what it is given; work begins with that word. */
    public static final class FakeCalls extends Fake {

        public boolean isWork(Object work) {
            return work.toString().startsWith("work");
        }

        public void keepUnforeseen(Object work, Exception fault) throws Exception {
            assertThat(fault).hasMessage("nobody foresaw this");
            take(work);
        }
    }
}
