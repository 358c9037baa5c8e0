package org.deprovisioner.broker;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.outcome.ResultColumns;
import org.deprovisioner.text.Counted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/** Sends what leaves the ledger: replies and dead letters, those of one queue in one transaction. */
final class OutgoingMessages {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingMessages.class);

    private static final int SLOW_SECONDS = 10;

    private static final String DEED = "send dead letters and replies";

    private final CachingConnectionFactory connections;
    private final AtomicBoolean slow = new AtomicBoolean();
    private final BrokerFaults faults;

    OutgoingMessages(CachingConnectionFactory connections, BrokerFaults faults) {
        this.connections = connections;
        this.faults = faults;
    }

    /** What the JSON object of an entry's message says. */
    public Map<String, String> fields(Outbox.Entry entry) {
        return ResultColumns.row(entry.columns(), entry.result());
    }

    /** A dead letter that can be sent. */
    public OutgoingMessage deadLetter(@Variable("entry") Outbox.Entry entry, @Body String json) {
        return message(Queues.DEAD_LETTERS, entry, json);
    }

    /** A reply that can be sent. */
    public OutgoingMessage reply(@Variable("entry") Outbox.Entry entry, @Body String json) {
        return message(entry.replyTo().orElseThrow(), entry, json);
    }

    private static OutgoingMessage message(String queue, Outbox.Entry entry, String json) {
        return new OutgoingMessage(queue, entry.correlationId(), ResultColumns.of(entry.result()), json);
    }

    /**
     * Sends messages, those to one queue all or none. A reply whose queue is gone, or may not be sent to, counts as sent:
     * nobody waits for it any more.
     *
     * @throws JMSException when not all could be sent; those to some queues may have been
     */
    public void send(List<OutgoingMessage> messages) throws JMSException {
        CompletableFuture<Boolean> sent = new CompletableFuture<Boolean>()
                .completeOnTimeout(false, SLOW_SECONDS, TimeUnit.SECONDS)
                .whenComplete((inTime, failure) -> warnWhereSlow(inTime));
        try {
            sendAll(messages);
            faults.succeeded(DEED);
        } catch (JMSException unsent) {
            faults.failed(DEED, unsent);
            // a sender that a full broker once let wait may never hear that there is room again
            connections.resetConnection();
            throw unsent;
        } finally {
            sent.complete(true);
        }
        if (slow.compareAndSet(true, false)) {
            LOG.info("The broker takes messages again.");
        }
    }

    /** A broker that lets its senders wait tells them nothing. */
    private void warnWhereSlow(boolean inTime) {
        if (!inTime && slow.compareAndSet(false, true)) {
            LOG.warn(
                    "The broker takes no messages now; is its disk full? Dead letters and replies wait in the ledger, and"
                            + " leave once it takes them. All else goes on.");
        }
    }

    private void sendAll(List<OutgoingMessage> messages) throws JMSException {
        Map<String, List<OutgoingMessage>> byQueue =
                messages.stream().collect(groupingBy(OutgoingMessage::queue, LinkedHashMap::new, toList()));
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(Session.SESSION_TRANSACTED);
                MessageProducer producer = session.createProducer(null)) {
            for (Map.Entry<String, List<OutgoingMessage>> group : byQueue.entrySet()) {
                sendGroup(session, producer, group.getKey(), group.getValue());
            }
        }
    }

    private static void sendGroup(
            Session session, MessageProducer producer, String name, List<OutgoingMessage> messages)
            throws JMSException {
        try {
            Queue queue = ReplyQueues.queue(session, name);
            for (OutgoingMessage message : messages) {
                producer.send(queue, written(session, message));
            }
            session.commit();
        } catch (InvalidDestinationException | JMSSecurityException refused) {
            session.rollback();
            if (name.equals(Queues.DEAD_LETTERS)) {
                throw refused;
            }
            LOG.warn(
                    "{} to {} cannot be delivered ({}); the outcomes are in the results.",
                    Counted.of(messages.size(), "reply", "replies"),
                    name,
                    refused.getMessage());
        }
    }

    private static TextMessage written(Session session, OutgoingMessage message) throws JMSException {
        TextMessage text = session.createTextMessage(message.text());
        if (message.correlationId().isPresent()) {
            CorrelationIds.set(text, message.correlationId().get());
        }
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            if (!header.getValue().isEmpty()) {
                text.setStringProperty(header.getKey(), header.getValue());
            }
        }
        return text;
    }
}
