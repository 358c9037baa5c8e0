package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.Sender;
import org.apache.qpid.protonj2.client.SenderOptions;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.AmqpSequence;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Section;
import org.deprovisioner.request.UnusableMessageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the embedded broker does for a sender by AMQP 1.0 whose library is not one of JMS: nothing says queue or topic. */
class PlainAmqpClientTest {

    private static final String REQUESTS = "deprovision.requests";
    private static final String DEAD_LETTERS = "deprovision.dead-letter";
    private static final String MINE = "deprovision.reply.mine";
    private static final long PATIENCE_SECONDS = 10;

    @TempDir
    private Path data;

    private final Client client = Client.create();
    private Messaging service;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        service = new Messaging(data, Messaging.embedded());
        service.intake.failure = handedOver -> {
            throw new UnusableMessageException("no JSON");
        };
        Properties access = org.deprovisioner.broker.Client.access(data);
        URI url = URI.create(access.getProperty("url"));
        connection = client.connect(
                url.getHost(),
                url.getPort(),
                new ConnectionOptions().user(access.getProperty("user")).password(access.getProperty("password")));
    }

    @AfterEach
    void stop() {
        connection.close();
        client.close();
        service.close();
    }

    @Test
    void theAddressOfADynamicReceiverGetsTheReply() throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        send(Message.create("{}").replyTo(replies.address()).correlationId("ticket 7"));

        Message<String> reply = received(replies);
        assertThat(reply.body()).contains("\"error\":\"no JSON\"");
        assertThat(reply.correlationId()).isEqualTo("ticket 7");
        assertThat(reply.property("outcome")).isEqualTo("invalid");
    }

    @Test
    void theAddressOfADynamicReceiverGetsTheReplyOfAMessageWithAnnotationsOfItsOwn() throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        send(Message.create("{}").replyTo(replies.address()).annotation("x-opt-desk", "7"));

        assertThat(received(replies).property("outcome")).isEqualTo("invalid");
    }

    @Test
    void aQueueForRepliesIsReadWithoutACapabilityByWhoWaitsForTheReply() throws Exception {
        Receiver replies = connection.openReceiver(MINE);
        send(Message.create("{}").replyTo(MINE));

        assertThat(received(replies).property("outcome")).isEqualTo("invalid");
    }

    @Test
    void aQueueForRepliesIsReadWithoutACapabilityByWhoComesAfterTheReply() throws Exception {
        send(Message.create("{}").replyTo(MINE));
        received(connection.openReceiver(DEAD_LETTERS));

        assertThat(received(connection.openReceiver(MINE)).property("outcome")).isEqualTo("invalid");
    }

    @Test
    void aReceiverThatWantsATopicIsRefusedAndTheQueueForRepliesIsReadAllTheSame() throws Exception {
        ReceiverOptions topic = new ReceiverOptions();
        topic.sourceOptions().capabilities("topic");
        assertThatThrownBy(() -> opened(connection.openReceiver(MINE, topic))).isInstanceOf(Exception.class);

        Receiver replies = opened(connection.openReceiver(MINE));
        send(Message.create("{}").replyTo(MINE));
        assertThat(received(replies).property("outcome")).isEqualTo("invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue://deprovision.reply.mine", "/queues/deprovision.reply.mine"})
    void aReplyAddressMayHaveThePrefixThatOtherBrokersWant(String replyTo) throws Exception {
        Receiver replies = connection.openReceiver(MINE);
        send(Message.create("{}").replyTo(replyTo));

        assertThat(received(replies).property("outcome")).isEqualTo("invalid");
    }

    static Stream<Object> ids() {
        return Stream.of(
                "ticket 7",
                "ID:AMQP_NO_PREFIX:7",
                UUID.fromString("3fa85f64-5717-4562-b3fc-2c963f66afa6"),
                UnsignedLong.valueOf(Long.MAX_VALUE),
                new Binary(new byte[] {0, 1, (byte) 0xff}));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void theReplyRepeatsACorrelationIdOfAnyKind(Object id) throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        send(Message.create("{}").replyTo(replies.address()).messageId("other").correlationId(id));

        assertThat(received(replies).correlationId()).isEqualTo(id);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void theReplyRepeatsTheMessageIdWhereThereIsNoCorrelationId(Object id) throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        send(Message.create("{}").replyTo(replies.address()).messageId(id));

        assertThat(received(replies).correlationId()).isEqualTo(id);
    }

    static Stream<Section<?>> texts() {
        byte[] utf8 = "{\"serialNumber\": \"ü\"}".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                new AmqpValue<>("{\"serialNumber\": \"ü\"}"), new AmqpValue<>(new Binary(utf8)), new Data(utf8));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void jsonIsTakenAsTextAndAsBytes(Section<?> body) throws Exception {
        service.intake.failure = handedOver -> {};
        for (boolean durable : new boolean[] {true, false}) {
            send(Message.create().toAdvancedMessage().addBodySection(body).durable(durable));
        }

        await().until(() -> service.intake.taken.size() == 2);
        assertThat(service.intake.taken)
                .extracting(HandedOver::text)
                .containsExactly("{\"serialNumber\": \"ü\"}", "{\"serialNumber\": \"ü\"}");
    }

    @Test
    void bytesWithAContentTypeOfTextAreTakenToo() throws Exception {
        service.intake.failure = handedOver -> {};
        send(Message.create("{}".getBytes(StandardCharsets.UTF_8)).contentType("application/json; charset=utf-8"));

        await().until(() -> service.intake.taken.size() == 1);
        assertThat(service.intake.taken.get(0).text()).isEqualTo("{}");
    }

    @Test
    void aSequenceIsADeadLetterWithItsBodyAndItsSenderIsTold() throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        send(Message.create()
                .toAdvancedMessage()
                .addBodySection(new AmqpSequence<>(List.of("{}", 7)))
                .replyTo(replies.address()));

        assertThat(received(replies).property("error")).asString().contains("a StreamMessage");
        assertThat(received(connection.openReceiver(DEAD_LETTERS))
                        .toAdvancedMessage()
                        .bodySections())
                .singleElement()
                .extracting(Section::getValue)
                .isEqualTo(List.of("{}", 7));
    }

    @Test
    void theAddressMayStandInTheMessageInsteadOfTheLink() throws Exception {
        Receiver replies = connection.openDynamicReceiver();
        Sender anonymous = connection.openAnonymousSender();
        anonymous
                .send(Message.create("{}").to(REQUESTS).replyTo(replies.address()))
                .awaitAccepted(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(received(replies).property("outcome")).isEqualTo("invalid");
    }

    @Test
    void aSenderThatWantsATopicIsRefusedOrItsMessageIsTaken() throws Exception {
        service.intake.failure = handedOver -> {};
        SenderOptions topic = new SenderOptions();
        topic.targetOptions().capabilities("topic");
        Sender sender = connection.openSender(REQUESTS, topic);
        boolean accepted = accepted(sender);

        if (accepted) {
            await().until(() -> service.intake.taken.size() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {REQUESTS, DEAD_LETTERS, "other", "3fa85f64-5717-4562-b3fc-2c963f66afa6"})
    void nothingButAQueueForRepliesAndATemporaryOneThatIsThereIsAnswered(String replyTo) throws Exception {
        send(Message.create("{}").replyTo(replyTo).messageId("refused"));
        Receiver deadLetters = connection.openReceiver(DEAD_LETTERS);
        assertThat(received(deadLetters).messageId()).isEqualTo("refused");

        Receiver replies = connection.openDynamicReceiver();
        send(Message.create("{}").replyTo(replies.address()).messageId("answered"));
        assertThat(received(replies).correlationId()).isEqualTo("answered");
        assertThat(received(deadLetters).messageId())
                .as("no reply came between")
                .isEqualTo("answered");
    }

    private void send(Message<?> message) throws ClientException {
        connection.openSender(REQUESTS).send(message).awaitAccepted(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean accepted(Sender sender) {
        try {
            sender.send(Message.create("{}")).awaitAccepted(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ClientException refused) {
            return false;
        }
    }

    private static Receiver opened(Receiver receiver) throws Exception {
        return receiver.openFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> Message<T> received(Receiver receiver) throws ClientException {
        Delivery delivery = receiver.receive(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(delivery).as("what came to " + receiver.address()).isNotNull();
        return delivery.message();
    }
}
