package org.deprovisioner.broker;

import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

/** A JMS client as a service desk has it: over TCP, with what {@code client.properties} says. */
final class Client implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;

    final JMSContext jms;
    final Queue requests;
    final Queue deadLetters;

    Client(Path data) throws IOException {
        this(connections(data));
    }

    Client(ConnectionFactory connections) {
        jms = connections.createContext();
        requests = jms.createQueue("deprovision.requests");
        deadLetters = jms.createQueue("deprovision.dead-letter");
    }

    static ActiveMQConnectionFactory connections(Path data) throws IOException {
        Properties access = access(data);
        return new ActiveMQConnectionFactory(
                access.getProperty("url"), access.getProperty("user"), access.getProperty("password"));
    }

    /** The same by AMQP 1.0, with a client that is not of Artemis. */
    static JmsConnectionFactory amqp(Path data) throws IOException {
        Properties access = access(data);
        return new JmsConnectionFactory(
                access.getProperty("user"),
                access.getProperty("password"),
                access.getProperty("url").replace("tcp://", "amqp://"));
    }

    static Properties access(Path data) throws IOException {
        Properties access = new Properties();
        try (Reader reader = Files.newBufferedReader(data.resolve("broker/client.properties"))) {
            access.load(reader);
        }
        return access;
    }

    TextMessage text(String body) {
        return jms.createTextMessage(body);
    }

    BytesMessage bytes(byte[] body) throws Exception {
        BytesMessage message = jms.createBytesMessage();
        message.writeBytes(body);
        return message;
    }

    BytesMessage bytes(String body) throws Exception {
        return bytes(body.getBytes(StandardCharsets.UTF_8));
    }

    void request(Message message) {
        jms.createProducer().send(requests, message);
    }

    Message receive(Queue queue) {
        try (var consumer = jms.createConsumer(queue)) {
            Message message = consumer.receive(PATIENCE_MILLIS);
            if (message == null) {
                throw new AssertionError("No message came to " + queue);
            }
            return message;
        }
    }

    @Override
    public void close() {
        jms.close();
    }
}
