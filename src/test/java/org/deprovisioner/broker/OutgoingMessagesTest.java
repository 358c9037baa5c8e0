package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutgoingMessagesTest {

    @TempDir
    private Path data;

    private final CamelContext camel = new DefaultCamelContext();
    private BrokerConfiguration broker;
    private OutgoingMessages outgoing;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        broker = Messaging.start(data, Messaging.embedded());
        broker.configure(camel);
        outgoing = camel.getRegistry().lookupByNameAndType("outgoingMessages", OutgoingMessages.class);
        client = new Client(data);
    }

    @AfterEach
    void stop() {
        client.close();
        broker.close();
    }

    @Test
    void aDeadLetterHasTheRowAsItsBodyAndOurColumnsAsItsHeaders() throws Exception {
        Outbox.Entry entry = entry(1, Optional.empty());
        assertThat(outgoing.sendDeadLetters(List.of(entry))).containsExactly(entry);

        TextMessage message = (TextMessage) client.receive(client.deadLetters);
        assertThat(message.getText()).contains("\"serial number\":\"5CD\"").contains("\"outcome\":\"not-found\"");
        assertThat(message.getStringProperty("outcome")).isEqualTo("not-found");
        assertThat(message.getStringProperty("error")).isEqualTo("gone");
        assertThat(message.getStringProperty("requestId")).isEqualTo("leaver-1");
        assertThat(message.propertyExists("graphCode")).isFalse();
        assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
    }

    @Test
    void aClientThatWaitsOnItsTemporaryQueueGetsItsReplies() throws Exception {
        TemporaryQueue replies = client.jms.createTemporaryQueue();
        outgoing.sendReplies(List.of(entry(1, written(replies)), entry(2, written(replies))));

        assertThat(client.receive(replies).getJMSCorrelationID()).isEqualTo("ticket 1");
        assertThat(client.receive(replies).getJMSCorrelationID()).isEqualTo("ticket 2");
    }

    @Test
    void aReplyToANamedQueueWaitsForItsReader() throws Exception {
        outgoing.sendReplies(List.of(entry(1, Optional.of("deprovision.reply.desk"))));

        Message reply = client.receive(client.jms.createQueue("deprovision.reply.desk"));
        assertThat(reply.getJMSCorrelationID()).isEqualTo("ticket 1");
    }

    @Test
    void aReplyWhoseQueueIsGoneCountsAsSentAndKeepsNoOtherBack() throws Exception {
        TemporaryQueue gone = client.jms.createTemporaryQueue();
        Optional<String> address = written(gone);
        outgoing.sendReplies(List.of(entry(0, address)));
        client.receive(gone);
        gone.delete();
        TemporaryQueue there = client.jms.createTemporaryQueue();

        List<Outbox.Entry> entries =
                List.of(entry(1, address), entry(2, written(there)), entry(3, address), entry(4, written(there)));
        assertThat(outgoing.sendReplies(entries)).isEqualTo(entries);
        assertThat(client.receive(there).getJMSCorrelationID()).isEqualTo("ticket 2");
        assertThat(client.receive(there).getJMSCorrelationID()).isEqualTo("ticket 4");
    }

    @Test
    void aQueueThatOnlyPretendsToBeTemporaryGetsNoReply() throws Exception {
        outgoing.sendReplies(List.of(
                entry(1, Optional.of("temp-queue://deprovision.dead-letter")),
                entry(2, Optional.of("temp-queue://deprovision.requests")),
                entry(3, Optional.of("temp-queue://activemq.management"))));

        try (JMSContext service = broker.connections().orElseThrow().createContext()) {
            for (Queue queue : List.of(client.deadLetters, client.requests)) {
                assertThat(service.createConsumer(queue).receiveNoWait()).isNull();
            }
        }
    }

    @Test
    void whatCannotBeSentNowStaysInTheOutbox() {
        broker.close();

        assertThatThrownBy(() -> outgoing.sendReplies(List.of(entry(1, Optional.of("deprovision.reply.desk")))))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void thousandsOfMessagesTakeSeconds() throws Exception {
        List<Outbox.Entry> entries = LongStream.range(0, 2_000)
                .mapToObj(id -> entry(id, Optional.of("deprovision.reply.desk")))
                .toList();
        outgoing.sendReplies(entries);

        try (var consumer = client.jms.createConsumer(client.jms.createQueue("deprovision.reply.desk"))) {
            for (int i = 0; i < entries.size(); i++) {
                assertThat(consumer.receive(60_000)).isNotNull();
            }
        }
    }

    private static Optional<String> written(Queue queue) throws JMSException {
        return ReplyQueues.written(queue);
    }

    private static Outbox.Entry entry(long id, Optional<String> replyTo) {
        return new Outbox.Entry(
                id,
                new Batches.Result(
                        id,
                        "leavers",
                        List.of("5CD"),
                        "",
                        1,
                        State.DEAD,
                        Optional.of(Outcome.NOT_FOUND),
                        404,
                        "",
                        "gone",
                        "look",
                        1,
                        "",
                        "",
                        Optional.of(Instant.EPOCH),
                        Optional.of(Instant.EPOCH),
                        "leaver-" + id),
                List.of("serial number"),
                replyTo,
                Optional.of("ticket " + id));
    }
}
