package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.deprovisioner.request.UnusableMessageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender by AMQP may and cannot do to the embedded broker. */
class AmqpTest {

    private static final int HUNDRED_MEGABYTES = 100 << 20;

    @TempDir
    private Path data;

    private Messaging service;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        service = new Messaging(data, Messaging.embedded());
        client = new Client(Client.amqp(data));
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void theSenderIsAnsweredOnItsTemporaryQueueWithItsCorrelationId() throws Exception {
        TemporaryQueue replies = client.jms.createTemporaryQueue();
        TextMessage message = client.text("{}");
        message.setJMSReplyTo(replies);
        message.setJMSCorrelationID("ticket 7");
        service.intake.failure = handedOver -> {
            throw new UnusableMessageException("no JSON");
        };
        client.request(message);

        Message reply = client.receive(replies);
        assertThat(reply.getJMSCorrelationID()).isEqualTo("ticket 7");
        assertThat(reply.getStringProperty("error")).isEqualTo("no JSON");
        assertThat(((TextMessage) client.receive(client.deadLetters)).getText()).isEqualTo("{}");
    }

    @Test
    void hundredMegabytesAreRefusedToTheirSenderAndTheNextMessageIsTaken() throws Exception {
        assertThatThrownBy(() -> client.request(client.bytes(new byte[HUNDRED_MEGABYTES])))
                .hasMessageContaining("larger than 8,388,608 bytes");

        await().until(() -> largeMessages() == 0);
        try (Client other = new Client(Client.amqp(data))) {
            other.request(other.text("{}"));
        }
        await().until(() -> service.intake.taken.size() == 1);
    }

    @Test
    void aMessageJustOverTheLimitIsRefusedAndOneWithinItIsTaken() throws Exception {
        assertThatThrownBy(() -> client.request(client.bytes(new byte[EmbeddedBroker.MAX_MESSAGE_BYTES + 1_000])))
                .hasMessageContaining("larger than 8,388,608 bytes");
        try (Client other = new Client(Client.amqp(data))) {
            other.request(other.bytes("x".repeat(6_000_000)));
        }
        await().until(() -> service.intake.taken.size() == 1);
    }

    @ParameterizedTest
    @CsvSource({"deprovision-client,wrong", "nobody,wrong", "'the service itself',wrong", ","})
    void strangersAreRefused(String user, String password) throws Exception {
        Properties access = Client.access(data);
        String url = access.getProperty("url").replace("tcp://", "amqp://");
        assertThatThrownBy(() -> new JmsConnectionFactory(user, password, url).createConnection())
                .isInstanceOf(JMSException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprovision.dead-letter", "activemq.management", "other"})
    void aClientMaySendRequestsOnly(String queue) {
        assertThatThrownBy(() -> client.jms.createProducer().send(client.jms.createQueue(queue), "{}"))
                .isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprovision.requests", "other"})
    void aClientMayNotReadWhatIsNotForIt(String queue) {
        client.request(client.text("{}"));
        assertThatThrownBy(() -> client.jms.createConsumer(client.jms.createQueue(queue)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void aTransactionIsTakenAsAWhole() throws Exception {
        try (JMSContext transacted = Client.amqp(data).createContext(JMSContext.SESSION_TRANSACTED)) {
            transacted.createProducer().send(transacted.createQueue("deprovision.requests"), "{}");
            transacted.rollback();
            transacted.createProducer().send(transacted.createQueue("deprovision.requests"), "{ }");
            assertThatCode(transacted::commit).doesNotThrowAnyException();
        }
        await().until(() -> service.intake.taken.size() == 1);
        assertThat(service.intake.taken.get(0).text()).isEqualTo("{ }");
    }

    private long largeMessages() {
        try (Stream<Path> files = Files.walk(data.resolve("broker/large-messages"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
