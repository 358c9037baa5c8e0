package org.deprovisioner.faults;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A client that sends each message until the broker has confirmed it, as the sender of something important does. */
final class Sender {

    private static final String REPLIES = "deprovision.reply.campaign";
    private static final int CALL_TIMEOUT_MILLIS = 3_000;
    private static final long MORE_MILLIS = 1_000;

    private final Path data;
    private final Optional<String> outside;
    private final Deque<List<Order>> unsent = new ArrayDeque<>();
    private final Set<String> sentAgain = new HashSet<>();

    /** With the broker at this address, else with the embedded one of a data folder. */
    Sender(Path data, Optional<String> outside) {
        this.data = data;
        this.outside = outside;
    }

    void add(List<Order> message) {
        unsent.add(message);
    }

    /** Sends what is not confirmed yet, as far as the broker lives; one that may have arrived is sent again later. */
    void send() {
        if (unsent.isEmpty()) {
            return;
        }
        try (ActiveMQConnectionFactory connections = connections();
                JMSContext context = connections.createContext()) {
            JMSProducer producer = context.createProducer().setJMSReplyTo(context.createQueue(REPLIES));
            while (!unsent.isEmpty()) {
                List<Order> message = unsent.peek();
                try {
                    producer.send(context.createQueue("deprovision.requests"), Orders.json(message));
                } catch (JMSRuntimeException unsure) {
                    message.forEach(order -> sentAgain.add(order.key()));
                    throw unsure;
                }
                unsent.remove();
            }
        } catch (JMSRuntimeException | IOException gone) {
            // the broker died: what is unsent stays
        }
    }

    boolean isDone() {
        return unsent.isEmpty();
    }

    /** The orders of messages that may have arrived twice. */
    Set<String> sentAgain() {
        return sentAgain;
    }

    /** Takes all replies there are: by {@code requestId}, the outcomes told. */
    Map<String, List<String>> replies() throws Exception {
        return taken(REPLIES);
    }

    /** Takes all dead letters there are. */
    Map<String, List<String>> deadLetters() throws Exception {
        return taken("deprovision.dead-letter");
    }

    private Map<String, List<String>> taken(String queue) throws Exception {
        Map<String, List<String>> outcomes = new HashMap<>();
        try (ActiveMQConnectionFactory connections = connections();
                JMSContext context = connections.createContext();
                var consumer = context.createConsumer(context.createQueue(queue))) {
            for (Message message = consumer.receive(MORE_MILLIS);
                    message != null;
                    message = consumer.receive(MORE_MILLIS)) {
                outcomes.computeIfAbsent(message.getStringProperty("requestId"), key -> new ArrayList<>())
                        .add(message.getStringProperty("outcome"));
            }
        }
        return outcomes;
    }

    private ActiveMQConnectionFactory connections() throws IOException {
        Properties access = new Properties();
        if (outside.isPresent()) {
            access.setProperty("url", outside.get());
        } else {
            try (Reader file = Files.newBufferedReader(data.resolve("broker").resolve("client.properties"))) {
                access.load(file);
            }
        }
        ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(
                access.getProperty("url"), access.getProperty("user"), access.getProperty("password"));
        connections.setReconnectAttempts(0);
        connections.setCallTimeout(CALL_TIMEOUT_MILLIS);
        return connections;
    }
}
