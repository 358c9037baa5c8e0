package org.deprovisioner.broker;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.FilterConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.JmsMessage;
import org.deprovisioner.request.UnusableMessageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The edge where JMS messages come in: what is read of them, and what becomes of those that cannot be taken. */
final class IncomingMessages {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingMessages.class);

    /** So often is a message tried that fails for a reason nobody foresaw. */
    static final int MAX_DELIVERIES = 20;

    private static final String ORIGINAL = IncomingMessages.class.getName();
    private static final String ANSWER = ORIGINAL + ".answer";
    private static final String DELIVERIES = "JMSXDeliveryCount";
    private static final String USER = "JMSXUserID";

    private final OutgoingMessages outgoing;

    IncomingMessages(OutgoingMessages outgoing) {
        this.outgoing = outgoing;
    }

    /** What the message hands over when it is of text. An object in it is never made, and no property is looked at. */
    public HandedOver read(Exchange exchange) throws JMSException, UnusableMessageException {
        JmsMessage original = Objects.requireNonNull(exchange.getIn(JmsMessage.class));
        exchange.setProperty(ORIGINAL, original);
        Message message = original.getJmsMessage();
        return new HandedOver(
                id(message).orElse(""),
                text(message),
                Objects.requireNonNullElse(message.getStringProperty(USER), "(a client of the broker)"),
                replyTo(message),
                correlationId(message));
    }

    /**
     * Puts a message that cannot be understood aside, in the transaction that takes it from its queue.
     *
     * @return what its sender is answered
     */
    public Map<String, String> refuse(Exchange exchange, Exception cause) throws JMSException {
        return setAside(
                exchange,
                "invalid",
                String.valueOf(cause.getMessage()),
                "Correct the message and send it again to " + Queues.REQUESTS);
    }

    /**
     * Leaves the message in its queue, but puts it aside when it has failed too often.
     *
     * @return what its sender is answered
     * @throws Exception the cause, where the message stays in its queue
     */
    public Map<String, String> giveBackOrRefuse(Exchange exchange, Exception cause) throws Exception {
        if (original(exchange).getJmsMessage().getIntProperty(DELIVERIES) < MAX_DELIVERIES) {
            throw cause;
        }
        LOG.error("A message failed {} times and is put aside", MAX_DELIVERIES, cause);
        return setAside(
                exchange,
                "retries-exhausted",
                "Failed %d times, at last with %s".formatted(MAX_DELIVERIES, cause),
                "Look for the cause in the log, then send the message again to " + Queues.REQUESTS);
    }

    /** Answers the sender of a message that was put aside, where it wants an answer; the body is its JSON object. */
    public void answer(Exchange exchange) throws JMSException {
        Answer answer = exchange.getProperty(ANSWER, Answer.class);
        if (answer != null) {
            String json = Objects.requireNonNull(exchange.getMessage().getBody(String.class));
            outgoing.send(List.of(new OutgoingMessage(answer.replyTo, answer.correlationId, answer.headers, json)));
        }
    }

    /** What an answer is made of beside its JSON object. */
    private record Answer(String replyTo, Optional<String> correlationId, Map<String, String> headers) {}

    private static Map<String, String> setAside(Exchange exchange, String outcome, String error, String remedy)
            throws JMSException {
        JmsMessage original = original(exchange);
        Message message = original.getJmsMessage();
        Map<String, String> headers = Map.of("outcome", outcome, "class", "failed", "error", error, "remedy", remedy);
        LOG.warn("Message {} goes to {}: {}", id(message).orElse("without an id"), Queues.DEAD_LETTERS, error);
        Optional<String> replyTo = replyTo(message);
        Optional<String> correlationId = correlationId(message);
        mark(message, headers);
        Session session = original.getJmsSession();
        try (MessageProducer producer = session.createProducer(session.createQueue(Queues.DEAD_LETTERS))) {
            producer.send(message, DeliveryMode.PERSISTENT, message.getJMSPriority(), Message.DEFAULT_TIME_TO_LIVE);
        }
        replyTo.ifPresent(queue -> exchange.setProperty(ANSWER, new Answer(queue, correlationId, headers)));
        return headers;
    }

    /** Adds properties to a received message, and leaves all else of it as it is. */
    private static void mark(Message message, Map<String, String> headers) throws JMSException {
        if (message instanceof ActiveMQMessage artemis) {
            headers.forEach(artemis.getCoreMessage()::putStringProperty);
            return;
        }
        makeWritable(message);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            message.setStringProperty(header.getKey(), header.getValue());
        }
    }

    /** Makes properties of a received message writable, which JMS allows only to one that has none. */
    private static void makeWritable(Message message) throws JMSException {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
            String name = (String) names.nextElement();
            properties.put(name, message.getObjectProperty(name));
        }
        properties.remove(DELIVERIES);
        message.clearProperties();
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            try {
                message.setObjectProperty(property.getKey(), property.getValue());
            } catch (JMSException | IllegalArgumentException e) {
                LOG.warn("Property {} cannot be carried along: {}", property.getKey(), e.getMessage());
            }
        }
    }

    private static Optional<String> replyTo(Message message) throws JMSException {
        Destination asked = message.getJMSReplyTo();
        if (asked == null) {
            return Optional.empty();
        }
        Optional<String> replyTo = ReplyQueues.written(asked);
        if (replyTo.isEmpty()) {
            LOG.warn(
                    "The reply address {} of {} is ignored: only a temporary queue or one named {}* gets replies.",
                    asked,
                    id(message).orElse("a message without an id"),
                    Queues.REPLY);
        }
        return replyTo;
    }

    /** The sender's, else the message's own id, as is the custom of JMS. */
    private static Optional<String> correlationId(Message message) throws JMSException {
        Optional<String> id = id(message);
        return CorrelationIds.written(message).or(() -> id);
    }

    /** The sender's; by AMQP the broker gives us another one, and a new one at each delivery. */
    private static Optional<String> id(Message message) throws JMSException {
        String byAmqp = message.getStringProperty(FilterConstants.NATIVE_MESSAGE_ID);
        return Optional.ofNullable(byAmqp != null ? byAmqp : message.getJMSMessageID());
    }

    private static String text(Message message) throws JMSException, UnusableMessageException {
        if (message instanceof TextMessage text && text.getText() != null) {
            return text.getText();
        }
        if (message instanceof BytesMessage bytes) {
            return utf8(bytes);
        }
        throw new UnusableMessageException("Only a TextMessage or a BytesMessage with JSON in it is understood, not "
                + Stream.of(TextMessage.class, ObjectMessage.class, MapMessage.class, StreamMessage.class)
                        .filter(kind -> kind.isInstance(message))
                        .map(kind -> article(kind) + kind.getSimpleName())
                        .findFirst()
                        .orElse("one without a body"));
    }

    private static String article(Class<?> kind) {
        return kind == TextMessage.class ? "an empty " : kind == ObjectMessage.class ? "an " : "a ";
    }

    private static String utf8(BytesMessage message) throws JMSException, UnusableMessageException {
        if (message.getBodyLength() > EmbeddedBroker.MAX_MESSAGE_BYTES) {
            throw new UnusableMessageException(
                    "The message is larger than %,d bytes".formatted(EmbeddedBroker.MAX_MESSAGE_BYTES));
        }
        byte[] body = new byte[(int) message.getBodyLength()];
        message.readBytes(body);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableMessageException("The bytes are not UTF-8");
        }
    }

    private static JmsMessage original(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(ORIGINAL, JmsMessage.class));
    }
}
