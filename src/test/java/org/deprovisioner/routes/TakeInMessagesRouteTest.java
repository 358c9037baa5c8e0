package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.deprovisioner.request.UnusableMessageException;
import org.junit.jupiter.api.Test;

/** Takes requests from the queue into the ledger and only then acknowledges the message. */
class TakeInMessagesRouteTest extends RouteTest {

    private final FakeMessages incomingMessages = new FakeMessages();
    private final FakeIntake messageIntake = new FakeIntake();

    @Override
    void bind(Registry beans) {
        beans.bind("incomingMessages", incomingMessages);
        beans.bind("messageIntake", messageIntake);
    }

    private Exchange receive(String message) {
        return runAs(exchange -> {
            exchange.getMessage().setBody(message);
            exchange.getMessage().setHeaders(Map.of("CamelHttpUri", "https://elsewhere.example"));
        });
    }

    @Test
    void whatAMessageHandsOverIsTakenInAndNoneOfItsPropertiesGoesOn() {
        assertThat(from())
                .startsWith("jms:queue:deprovision.requests?")
                .contains("transacted=true", "disableReplyTo=true");
        Exchange taken = receive("{}");
        assertThat(taken.getException()).isNull();
        assertThat(taken.getMessage().getHeaders()).isEmpty();
        assertThat(messageIntake.taken()).containsExactly("what {} hands over");
    }

    @Test
    void aMessageThatCannotBeUnderstoodIsSetAsideAndAcknowledged() {
        messageIntake.failWith(new UnusableMessageException("it is no JSON"));
        assertThat(receive("hello").getException()).isNull();
        assertThat(steps()).endsWith("set-aside", "set-aside-to-json", "set-aside-answer");
        assertThat(incomingMessages.taken()).containsExactly("hello", "{\"outcome\":\"invalid\"}");
    }

    @Test
    void aMessageStaysInItsQueueWhileTheLedgerCannotBeWritten() {
        messageIntake.failWith(ledgerDown());
        assertThat(receive("{}").getException()).isInstanceOf(ledgerDown().getClass());
        assertThat(steps()).endsWith("wait-for-the-ledger");
    }

    @Test
    void aMessageThatFailsForAnotherReasonIsGivenBackOrSetAsideByTheBean() {
        incomingMessages.failWith(new IllegalStateException("nobody foresaw this"));
        assertThat(receive("{}").getException()).isNull();
        assertThat(steps()).contains("give-back-or-set-aside").doesNotContain("take-in-messages.take-in-message");
    }

    @Test
    void withoutABrokerTheRouteIsNotThere() throws Exception {
        assertThat(isThereWhere("deprovision.broker.url", "none")).isFalse();
    }

    /** Reads no message. */
    public static final class FakeMessages extends Fake {

        public String read(Exchange exchange) throws Exception {
            String message = exchange.getMessage().getBody(String.class);
            take(message);
            return "what " + message + " hands over";
        }
    }

    /** Records nothing. */
    public static final class FakeIntake extends Fake {

        public void takeIn(Object message) throws Exception {
            take(message);
        }
    }
}
