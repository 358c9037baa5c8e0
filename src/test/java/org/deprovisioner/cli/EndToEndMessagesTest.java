package org.deprovisioner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.broker.HandedOver;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages in, over TCP as any JMS client sends them. */
class EndToEndMessagesTest {

    private static final long PATIENCE_MILLIS = 30_000;

    @TempDir
    private static Path folder;

    private static Stage stage;
    private static String broker = "";
    private static JMSContext client;
    private static Queue requests;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).set("deprovision.broker.url", "embedded").start();
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(stage.data.resolve("broker").resolve("client.properties"))) {
            properties.load(file);
        }
        broker = properties.getProperty("url");
        client = connections().createContext(properties.getProperty("user"), properties.getProperty("password"));
        requests = client.createQueue("deprovision.requests");
    }

    private static ActiveMQConnectionFactory connections() {
        return new ActiveMQConnectionFactory(broker);
    }

    @AfterAll
    static void end() {
        client.close();
        stage.close();
    }

    @Test
    void textAndBytesAreDeprovisioned() throws Exception {
        ManagedDevice text = stage.next();
        ManagedDevice bytes = stage.next();
        client.createProducer().send(requests, json(text, "text-and-bytes"));
        BytesMessage message = client.createBytesMessage();
        message.writeBytes(json(bytes, "text-and-bytes").getBytes(UTF_8));
        client.createProducer().send(requests, message);
        assertThat(stage.settled("text-and-bytes", 2)).isEqualTo(Map.of("deprovisioned", 2L));
        assertThat(stage.executions(text)).isOne();
        assertThat(stage.executions(bytes)).isOne();
    }

    @Test
    void everyRequestOfAMessageGetsOneReplyWithItsCorrelationId() throws Exception {
        ManagedDevice one = stage.next();
        ManagedDevice other = stage.next();
        TemporaryQueue replies = client.createTemporaryQueue();
        try (JMSConsumer consumer = client.createConsumer(replies)) {
            client.createProducer()
                    .setJMSReplyTo(replies)
                    .setJMSCorrelationID("ticket-42")
                    .send(requests, "[" + json(one, "replies") + "," + json(other, "replies") + "]");
            Set<String> bodies = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                Message reply = received(consumer);
                assertThat(reply.getJMSCorrelationID()).isEqualTo("ticket-42");
                assertThat(reply.getStringProperty("outcome")).isEqualTo("deprovisioned");
                bodies.add(reply.getBody(String.class));
            }
            assertThat(bodies).hasSize(2).allMatch(body -> body.contains("\"outcome\":\"deprovisioned\""));
            assertThat(String.join("", bodies)).contains(one.id(), other.id());
            assertThat(consumer.receiveNoWait()).isNull();
        }
    }

    @Test
    void noPropertyOfAMessageReachesGraph() throws Exception {
        ManagedDevice device = stage.next();
        client.createProducer()
                .setProperty("CamelHttpUri", "https://stranger.example/")
                .setProperty("cAmElHttpUri", "https://stranger.example/")
                .setProperty("CamelHttpPath", "/elsewhere")
                .setProperty("Authorization", "Bearer stranger")
                .setProperty("X_Stranger", "yes")
                .send(requests, json(device, "properties"));
        assertThat(stage.settled("properties", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        Call call = stage.actions(device).get(0);
        assertThat(call.path()).isEqualTo("/beta/deviceManagement/managedDevices/" + device.id() + "/deprovision");
        assertThat(call.headers())
                .containsExactlyInAnyOrder(
                        "accept",
                        "authorization",
                        "client-request-id",
                        "content-length",
                        "content-type",
                        "host",
                        "user-agent");
    }

    @Test
    void whatCannotBeUnderstoodIsADeadLetterUnchangedAndTheNextMessageIsTaken() throws Exception {
        UUID object = UUID.randomUUID();
        client.createProducer().setProperty("ticket", "garbage").send(requests, "{not json");
        client.createProducer().setProperty("ticket", "object").send(requests, object);
        client.createProducer().setProperty("ticket", "map").send(requests, Map.<String, Object>of("a", "b"));
        client.createProducer().setProperty("ticket", "stream").send(requests, client.createStreamMessage());
        ManagedDevice device = stage.next();
        client.createProducer().send(requests, json(device, "after-garbage"));
        assertThat(stage.settled("after-garbage", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        Set<String> tickets = new HashSet<>();
        try (JMSConsumer dead =
                client.createConsumer(client.createQueue("deprovision.dead-letter"), "ticket is not null")) {
            for (int i = 0; i < 4; i++) {
                Message letter = received(dead);
                tickets.add(letter.getStringProperty("ticket"));
                assertThat(letter.getStringProperty("error")).isNotEmpty();
                assertThat(letter.getStringProperty("remedy")).isNotEmpty();
                if (letter instanceof TextMessage text) {
                    assertThat(text.getText()).isEqualTo("{not json");
                }
            }
        }
        assertThat(tickets).containsExactlyInAnyOrder("garbage", "object", "map", "stream");
    }

    @Test
    void aRequestThatFailsIsADeadLetterWithItsCause() throws Exception {
        client.createProducer().send(requests, """
                {"managedDeviceId": "CB-4711", "deprovisionReason": "Returned", "batch": "invalid-message"}""");
        assertThat(stage.settled("invalid-message", 1)).isEqualTo(Map.of("invalid", 1L));
        try (JMSConsumer dead = client.createConsumer(
                client.createQueue("deprovision.dead-letter"), "outcome = 'invalid' and ticket is null")) {
            Message letter = received(dead);
            assertThat(letter.getStringProperty("error")).contains("CB-4711");
            assertThat(letter.getBody(String.class)).contains("CB-4711");
        }
    }

    @Test
    void aMessageDeliveredAgainMakesNoSecondRequest() throws Exception {
        ManagedDevice device = stage.next();
        HandedOver message =
                new HandedOver("ID:again", json(device, "again"), "tester", Optional.empty(), Optional.empty());
        var intake = new IntakeConfiguration(stage.configuration().settings(), stage.ledger(), Clock.systemUTC())
                .messageIntake();
        intake.takeIn(message);
        intake.takeIn(message);
        assertThat(stage.settled("again", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.actions(device)).hasSize(1);
    }

    @Test
    void theSameRequestSentTwiceIsADuplicate() throws Exception {
        ManagedDevice device = stage.next();
        client.createProducer().send(requests, json(device, "sent-twice"));
        client.createProducer().send(requests, json(device, "sent-twice"));
        assertThat(stage.settled("sent-twice", 2)).isEqualTo(Map.of("deprovisioned", 1L, "duplicate", 1L));
        assertThat(stage.actions(device)).hasSize(1);
    }

    @Test
    void withoutThePasswordNobodyComesIn() {
        assertThatThrownBy(() -> connections()
                        .createContext("deprovision-client", "guess")
                        .close())
                .isInstanceOf(JMSSecurityRuntimeException.class);
    }

    private static Message received(JMSConsumer consumer) {
        Message message = consumer.receive(PATIENCE_MILLIS);
        assertThat(message).isNotNull();
        return message;
    }

    private static String json(ManagedDevice device, String batch) {
        return """
                {"managedDeviceId": "%s", "deprovisionReason": "%s", "batch": "%s"}""".formatted(device.id(), Stage.REASON, batch);
    }
}
