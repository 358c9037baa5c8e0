package org.deprovisioner.cli;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Queue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** Sends requests as any JMS client would, with nothing but the broker's address and the user's properties file. */
final class OutsideClient implements AutoCloseable {

    private static final Duration FOR_THE_REPLY = Duration.ofMinutes(1);

    private final JMSContext context;
    private final Queue replies;

    /** Signs in to a broker as the user that its data folder names. */
    OutsideClient(String broker, Path data) throws IOException {
        Properties client = new Properties();
        try (Reader file = Files.newBufferedReader(data.resolve("broker").resolve("client.properties"))) {
            client.load(file);
        }
        ConnectionFactory factory = new ActiveMQConnectionFactory("tcp://" + broker);
        context = factory.createContext(client.getProperty("user", ""), client.getProperty("password", ""));
        replies = context.createTemporaryQueue();
    }

    /** Sends each text as a message; the first of them asks for a reply. */
    void send(List<String> texts) {
        Queue requests = context.createQueue("deprovision.requests");
        for (int i = 0; i < texts.size(); i++) {
            JMSProducer producer = context.createProducer();
            if (i == 0) {
                producer.setJMSReplyTo(replies).setJMSCorrelationID("demo");
            }
            producer.send(requests, texts.get(i));
        }
    }

    /** The reply to the first message, once it comes. */
    Optional<String> reply() {
        try (JMSConsumer consumer = context.createConsumer(replies)) {
            return Optional.ofNullable(consumer.receiveBody(String.class, FOR_THE_REPLY.toMillis()));
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
