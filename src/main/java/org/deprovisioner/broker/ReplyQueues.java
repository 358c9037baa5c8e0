package org.deprovisioner.broker;

import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.apache.qpid.jms.JmsTemporaryQueue;
import org.springframework.jms.connection.SessionProxy;

/**
 * The queues that may be answered to, and how the ledger writes them down: {@code temp-queue://} and the name of a
 * temporary queue, or a name that begins with {@code deprovision.reply.}
 */
final class ReplyQueues {

    private static final String TEMPORARY = "temp-queue://";

    private static final Pattern ALLOWED = Pattern.compile(
            Pattern.quote(Queues.REPLY) + "[A-Za-z0-9._-]{1,200}|" + TEMPORARY + "[A-Za-z0-9._-]{1,200}");

    private static final Pattern MADE_BY_A_BROKER =
            Pattern.compile("(temp\\.)?\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** How clients and brokers may say that a name is that of a queue. */
    private static final Pattern QUEUE = Pattern.compile("^(queue://|/queues?/)");

    private ReplyQueues() {}

    /** How the destination is written down; empty when it may not be answered to. */
    static Optional<String> written(Destination destination) throws JMSException {
        return name(destination)
                .map(name -> QUEUE.matcher(name).replaceFirst(""))
                .map(name -> isTemporary(destination, name) ? TEMPORARY + name : name)
                .filter(ALLOWED.asMatchPredicate());
    }

    private static Optional<String> name(Destination destination) throws JMSException {
        if (destination instanceof Queue queue) {
            return Optional.of(queue.getQueueName());
        }
        return destination instanceof ActiveMQDestination untold && !(destination instanceof Topic)
                ? Optional.of(untold.getName())
                : Optional.empty();
    }

    /** An AMQP client that is none of JMS does not say of its queue that it is a temporary one: its name does. */
    private static boolean isTemporary(Destination destination, String name) {
        return destination instanceof TemporaryQueue
                || MADE_BY_A_BROKER.matcher(name).matches();
    }

    /**
     * The queue that was written down.
     *
     * @throws InvalidDestinationException when it is a temporary queue that is gone, or a queue of that name is no
     *     temporary one: the sender might have named any, and the broker would make it anew
     */
    static Queue queue(Session session, String written) throws JMSException {
        if (!written.startsWith(TEMPORARY)) {
            return session.createQueue(written);
        }
        String name = written.substring(TEMPORARY.length());
        Session direct = session instanceof SessionProxy proxy ? proxy.getTargetSession() : session;
        if (!(direct instanceof ActiveMQSession artemis)) {
            return madeByABroker(name);
        }
        try {
            ClientSession.QueueQuery query = artemis.getCoreSession().queueQuery(SimpleString.of(name));
            if (!query.isExists() || !query.isTemporary()) {
                throw new InvalidDestinationException("there is no such temporary queue");
            }
        } catch (ActiveMQException e) {
            throw (JMSException) new JMSException("The broker cannot say whether there is " + written).initCause(e);
        }
        return ActiveMQDestination.createTemporaryQueue(name);
    }

    /** AMQP cannot be asked whether a queue is a temporary one, but brokers give these names that nobody else gives. */
    private static Queue madeByABroker(String name) throws InvalidDestinationException {
        if (!MADE_BY_A_BROKER.matcher(name).matches()) {
            throw new InvalidDestinationException("it is not named like a temporary queue");
        }
        return new JmsTemporaryQueue(name);
    }
}
