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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Rows;
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
    private final Sent sent = new Sent();
    private Client client;

    @BeforeEach
    void start() throws Exception {
        broker = Messaging.start(data, Messaging.embedded());
        broker.configure(camel);
        camel.getPropertiesComponent().setInitialProperties(embedded());
        camel.getRegistry().bind("outbox", sent);
        for (String route : List.of("send-dead-letters", "send-replies")) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel)
                            .resolveResource("file:routes/" + route + ".camel.yaml"));
            AdviceWith.adviceWith(camel, route, advice -> advice.replaceFromWith("direct:" + route));
        }
        camel.start();
        client = new Client(data);
    }

    private static Properties embedded() {
        Properties settings = new Properties();
        settings.setProperty("deprovision.broker.url", "embedded");
        return settings;
    }

    /** What the routes took out of the outbox. */
    public static final class Sent {

        private final List<Outbox.Entry> entries = new ArrayList<>();

        public void sent(List<Outbox.Entry> all) {
            entries.addAll(all);
        }
    }

    private List<Outbox.Entry> send(String route, List<Outbox.Entry> entries) throws Exception {
        sent.entries.clear();
        Exception fault = camel.createFluentProducerTemplate()
                .to("direct:" + route)
                .withBody(entries)
                .send()
                .getException();
        if (fault != null) {
            throw fault;
        }
        return sent.entries;
    }

    @AfterEach
    void stop() {
        client.close();
        camel.stop();
        broker.close();
    }

    @Test
    void aDeadLetterHasTheRowAsItsBodyAndOurColumnsAsItsHeaders() throws Exception {
        Outbox.Entry entry = entry(1, Optional.empty());
        assertThat(send("send-dead-letters", List.of(entry))).containsExactly(entry);

        TextMessage message = (TextMessage) client.receive(client.deadLetters);
        assertThat(message.getText())
                .isEqualTo(
                        "{\"serial number\":\"5CD \\\"Böhm\\\"\",\"outcome\":\"not-found\",\"error\":\"gone\",\"remedy\":\"look\","
                                + "\"foundName\":\"CB-1\",\"foundSerialNumber\":\"5CD1\","
                                + "\"foundUser\":\"ada@example.org\",\"foundModel\":\"\","
                                + "\"line\":\"1\",\"class\":\"failed\",\"httpStatus\":\"404\",\"attempts\":\"1\","
                                + "\"startedUtc\":\"1970-01-01T00:00:00Z\",\"finishedUtc\":\"1970-01-01T00:00:00Z\","
                                + "\"requestId\":\"leaver-1\"}");
        assertThat(message.getStringProperty("outcome")).isEqualTo("not-found");
        assertThat(message.getStringProperty("error")).isEqualTo("gone");
        assertThat(message.getStringProperty("requestId")).isEqualTo("leaver-1");
        assertThat(message.propertyExists("graphCode")).isFalse();
        assertThat(message.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
    }

    @Test
    void aClientThatWaitsOnItsTemporaryQueueGetsItsReplies() throws Exception {
        TemporaryQueue replies = client.jms.createTemporaryQueue();
        send("send-replies", List.of(entry(1, written(replies)), entry(2, written(replies))));

        assertThat(client.receive(replies).getJMSCorrelationID()).isEqualTo("ticket 1");
        assertThat(client.receive(replies).getJMSCorrelationID()).isEqualTo("ticket 2");
    }

    @Test
    void aReplyToANamedQueueWaitsForItsReader() throws Exception {
        send("send-replies", List.of(entry(1, Optional.of("deprovision.reply.desk"))));

        Message reply = client.receive(client.jms.createQueue("deprovision.reply.desk"));
        assertThat(reply.getJMSCorrelationID()).isEqualTo("ticket 1");
    }

    @Test
    void aReplyWhoseQueueIsGoneCountsAsSentAndKeepsNoOtherBack() throws Exception {
        TemporaryQueue gone = client.jms.createTemporaryQueue();
        Optional<String> address = written(gone);
        send("send-replies", List.of(entry(0, address)));
        client.receive(gone);
        gone.delete();
        TemporaryQueue there = client.jms.createTemporaryQueue();

        List<Outbox.Entry> entries =
                List.of(entry(1, address), entry(2, written(there)), entry(3, address), entry(4, written(there)));
        assertThat(send("send-replies", entries)).isEqualTo(entries);
        assertThat(client.receive(there).getJMSCorrelationID()).isEqualTo("ticket 2");
        assertThat(client.receive(there).getJMSCorrelationID()).isEqualTo("ticket 4");
    }

    @Test
    void aQueueThatOnlyPretendsToBeTemporaryGetsNoReply() throws Exception {
        send(
                "send-replies",
                List.of(
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

        assertThatThrownBy(() -> send("send-replies", List.of(entry(1, Optional.of("deprovision.reply.desk")))))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void thousandsOfMessagesTakeSeconds() throws Exception {
        List<Outbox.Entry> entries = LongStream.range(0, 2_000)
                .mapToObj(id -> entry(id, Optional.of("deprovision.reply.desk")))
                .toList();
        send("send-replies", entries);

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
                        List.of("5CD \"Böhm\""),
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
                        "leaver-" + id,
                        Optional.of(Rows.device(1))),
                List.of("serial number"),
                replyTo,
                Optional.of("ticket " + id));
    }
}
