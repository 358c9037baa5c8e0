package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.StreamMessage;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.deprovisioner.request.UnusableMessageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;

class TakeInMessagesTest {

    private static final String JSON = "{\"serialNumber\": \"Ä1\"}";

    @TempDir
    private Path data;

    private Messaging service;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        service = new Messaging(data, Messaging.embedded());
        client = new Client(connections(data));
    }

    /** How the sender speaks to the broker. */
    ConnectionFactory connections(Path data) throws Exception {
        return Client.connections(data);
    }

    Client client() {
        return client;
    }

    /** Who sent it, as far as the broker tells. */
    String sender() {
        return "deprovision-client";
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    @Test
    void aTextMessageIsHandedOverWithItsIdAndItsSender() throws Exception {
        TextMessage message = client.text(JSON);
        message.setJMSCorrelationID("ticket 7");
        client.request(message);

        assertThat(taken())
                .isEqualTo(new HandedOver(
                        message.getJMSMessageID(), JSON, sender(), Optional.empty(), Optional.of("ticket 7")));
    }

    @Test
    void aBytesMessageInUtf8IsTheSameAsTheText() throws Exception {
        client.request(client.bytes(JSON));

        assertThat(taken().text()).isEqualTo(JSON);
    }

    @Test
    void aMessageWithoutCorrelationIdIsAnsweredWithItsOwnId() throws Exception {
        TextMessage message = client.text(JSON);
        client.request(message);

        assertThat(taken().correlationId()).contains(message.getJMSMessageID());
    }

    @Test
    void aMessageWithoutIdIsTaken() throws Exception {
        client.jms.createProducer().setDisableMessageID(true).send(client.requests, client.text(JSON));

        assertThat(taken().id()).isEmpty();
    }

    @Test
    void noPropertyOfAMessageReachesTheRoute() throws Exception {
        TextMessage message = client.text(JSON);
        for (String name : List.of(
                "CamelHttpUri",
                "cAmElHttpUri",
                "Authorization",
                "CamelFileName",
                "CamelBeanMethodName",
                "CamelJmsDestinationName",
                "harmless")) {
            message.setStringProperty(name, "http://example.org/");
        }
        client.request(message);

        taken();
        assertThat(service.intake.headers.get(0)).isEmpty();
    }

    @Test
    void largeMessagesWithinTheLimitAreTaken() throws Exception {
        String large = "x".repeat(6_000_000);
        client.request(client.bytes(large));

        assertThat(taken().text()).isEqualTo(large);
    }

    @Test
    void aReplyQueueIsHandedOverOnlyWhenItIsOneForReplies() throws Exception {
        TemporaryQueue temporary = client.jms.createTemporaryQueue();
        for (Queue queue : List.of(
                temporary,
                client.jms.createQueue("deprovision.reply.desk"),
                client.deadLetters,
                client.jms.createQueue("activemq.management"),
                client.jms.createQueue("deprovision.reply.desk::deprovision.requests"))) {
            TextMessage message = client.text(JSON);
            message.setJMSReplyTo(queue);
            message.setJMSCorrelationID(queue.getQueueName());
            client.request(message);
        }
        TextMessage toTopic = client.text(JSON);
        toTopic.setJMSReplyTo(client.jms.createTopic("deprovision.reply.topic"));
        client.request(toTopic);

        await().until(() -> service.intake.taken.size() == 6);
        assertThat(service.intake.taken)
                .extracting(HandedOver::replyTo)
                .filteredOn(Optional::isPresent)
                .containsExactlyInAnyOrder(
                        Optional.of("temp-queue://" + temporary.getQueueName()), Optional.of("deprovision.reply.desk"));
    }

    @Test
    void textThatTheIntakeDoesNotUnderstandIsADeadLetterUnchangedWithItsCause() throws Exception {
        service.intake.failure = message -> {
            throw new UnusableMessageException("no JSON: " + message.text());
        };
        TextMessage message = client.text("garbage");
        message.setJMSCorrelationID("ticket 7");
        message.setJMSType("leaver");
        message.setStringProperty("CamelHttpUri", "http://example.org/");
        message.setIntProperty("number", 7);
        message.setBooleanProperty("yes", true);
        client.request(message);

        TextMessage deadLetter = (TextMessage) client.receive(client.deadLetters);
        assertThat(deadLetter.getText()).isEqualTo("garbage");
        assertThat(deadLetter.getJMSCorrelationID()).isEqualTo("ticket 7");
        assertThat(deadLetter.getJMSType()).isEqualTo("leaver");
        assertThat(deadLetter.getObjectProperty("CamelHttpUri")).isEqualTo("http://example.org/");
        assertThat(deadLetter.getObjectProperty("number")).isEqualTo(7);
        assertThat(deadLetter.getObjectProperty("yes")).isEqualTo(true);
        assertInvalid(deadLetter, "no JSON: garbage");
    }

    @Test
    void anObjectIsADeadLetterByteForByteAndIsNeverMade() throws Exception {
        ObjectMessage message = client.jms.createObjectMessage(new Trap());
        client.request(message);

        ObjectMessage deadLetter = (ObjectMessage) client.receive(client.deadLetters);
        if (deadLetter instanceof ActiveMQMessage) {
            assertThat(bodyOf(deadLetter)).isEqualTo(bodyOf(message)).isNotEmpty();
        }
        assertThat(Trap.SPRUNG).isFalse();
        assertInvalid(deadLetter, "ObjectMessage");
    }

    @Test
    void aLargeObjectIsADeadLetterByteForByte() throws Exception {
        ObjectMessage message = client.jms.createObjectMessage("x".repeat(500_000));
        client.request(message);

        ObjectMessage deadLetter = (ObjectMessage) client.receive(client.deadLetters);
        assertThat(deadLetter.getObject()).isEqualTo("x".repeat(500_000));
    }

    @Test
    void aMapAStreamAndAMessageWithoutBodyAreDeadLettersUnchanged() throws Exception {
        MapMessage map = client.jms.createMapMessage();
        map.setString("serialNumber", "1");
        client.request(map);
        MapMessage deadMap = (MapMessage) client.receive(client.deadLetters);
        assertThat(deadMap.getString("serialNumber")).isEqualTo("1");
        assertInvalid(deadMap, "MapMessage");

        StreamMessage stream = client.jms.createStreamMessage();
        stream.writeLong(7);
        client.request(stream);
        StreamMessage deadStream = (StreamMessage) client.receive(client.deadLetters);
        assertThat(deadStream.readLong()).isEqualTo(7);
        assertInvalid(deadStream, "StreamMessage");

        client.request(client.jms.createMessage());
        assertInvalid(client.receive(client.deadLetters), "without a body");

        client.request(client.jms.createTextMessage());
        assertInvalid(client.receive(client.deadLetters), "empty TextMessage");
    }

    @Test
    void bytesThatAreNotUtf8AreADeadLetterUnchanged() throws Exception {
        byte[] latin = {'"', (byte) 0xC4, '"'};
        client.request(client.bytes(latin));

        BytesMessage deadLetter = (BytesMessage) client.receive(client.deadLetters);
        assertThat(deadLetter.getBody(byte[].class)).isEqualTo(latin);
        assertInvalid(deadLetter, "not UTF-8");
    }

    @Test
    void theSenderOfAMessageThatIsNotUnderstoodIsAnswered() throws Exception {
        TemporaryQueue replies = client.jms.createTemporaryQueue();
        MapMessage message = client.jms.createMapMessage();
        message.setJMSReplyTo(replies);
        message.setJMSCorrelationID("ticket 7");
        client.request(message);

        TextMessage reply = (TextMessage) client.receive(replies);
        assertThat(reply.getJMSCorrelationID()).isEqualTo("ticket 7");
        assertThat(reply.getText()).contains("\"outcome\":\"invalid\"");
        assertInvalid(reply, "MapMessage");
    }

    @Test
    void whileTheLedgerIsDownMessagesComeAgainAndNoneIsLost() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean down = new AtomicBoolean(true);
        service.intake.failure = message -> {
            if (down.get()) {
                failures.incrementAndGet();
                throw new DataAccessResourceFailureException("no ledger");
            }
        };
        client.request(client.text("1"));
        client.request(client.text("2"));

        await().until(() -> failures.get() >= 3);
        down.set(false);
        await().until(() -> service.intake.taken.size() == 2);
        assertThat(service.intake.taken).extracting(HandedOver::text).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void aMessageThatFailsUnforeseenComesAgainAndOthersGoOn() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        service.intake.failure = message -> {
            if (message.text().equals("poison") && failures.incrementAndGet() < 3) {
                throw new IllegalStateException("unforeseen");
            }
        };
        client.request(client.text("poison"));
        client.request(client.text("good"));

        await().until(() -> service.intake.taken.size() == 2);
        assertThat(service.intake.taken).extracting(HandedOver::text).containsExactly("good", "poison");
    }

    @Test
    void aRestartKeepsMessages() throws Exception {
        service.intake.failure = message -> {
            throw new IllegalStateException("not yet");
        };
        client.request(client.text(JSON));
        client.close();
        service.close();

        start();
        assertThat(taken().text()).isEqualTo(JSON);
    }

    @Test
    void aMessageThatExpiresIsADeadLetter() throws Exception {
        service.camel.getRouteController().stopRoute("take-in-messages");
        client.jms.createProducer().setTimeToLive(1).send(client.requests, client.text(JSON));

        service.camel.getRouteController().startRoute("take-in-messages");
        assertThat(((TextMessage) client.receive(client.deadLetters)).getText()).isEqualTo(JSON);
    }

    @Test
    void aBodyThatIsNotWhatItsTypeSaysIsRefusedToItsSenderAndOthersGoOn() throws Exception {
        var access = Client.access(data);
        try (var locator = ActiveMQClient.createServerLocator(access.getProperty("url"));
                var factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(
                        access.getProperty("user"), access.getProperty("password"), false, true, true, false, 1);
                var producer = session.createProducer("deprovision.requests")) {
            for (byte type : List.of(
                    org.apache.activemq.artemis.api.core.Message.TEXT_TYPE,
                    org.apache.activemq.artemis.api.core.Message.MAP_TYPE,
                    org.apache.activemq.artemis.api.core.Message.OBJECT_TYPE,
                    (byte) 99)) {
                ClientMessage message = session.createMessage(type, true);
                message.getBodyBuffer().writeByte((byte) 1);
                message.getBodyBuffer().writeInt(Integer.MAX_VALUE);
                assertThatThrownBy(() -> producer.send(message)).hasMessageContaining("type " + type);
            }
        }
        client.request(client.text(JSON));
        assertThat(taken().text()).isEqualTo(JSON);
    }

    private HandedOver taken() {
        await().until(() -> !service.intake.taken.isEmpty());
        return service.intake.taken.get(0);
    }

    static void assertInvalid(Message message, String error) throws Exception {
        assertThat(message.getStringProperty("outcome")).isEqualTo("invalid");
        assertThat(message.getStringProperty("error")).contains(error);
        assertThat(message.getStringProperty("remedy")).isNotBlank();
    }

    private static byte[] bodyOf(Message message) {
        var buffer = ((ActiveMQMessage) message).getCoreMessage().getReadOnlyBodyBuffer();
        byte[] body = new byte[buffer.readableBytes()];
        buffer.readBytes(body);
        return body;
    }

    /** Says when it is deserialised. */
    static final class Trap implements Serializable {
        private static final long serialVersionUID = 1;
        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private Object readResolve() {
            SPRUNG.set(true);
            return this;
        }
    }
}
