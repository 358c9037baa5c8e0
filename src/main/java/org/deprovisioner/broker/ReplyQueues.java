package org.deprovisioner.broker;

import jakarta.jms.Destination;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.springframework.jms.connection.SessionProxy;

/**
 * The queues that may be answered to, and how the ledger writes them down: {@code temp-queue://} and the name of a
 * temporary queue, or a name that begins with {@code deprovision.reply.}
 */
final class ReplyQueues {

    private static final String TEMPORARY = "temp-queue://";

    private static final Pattern ALLOWED = Pattern.compile(
            Pattern.quote(Queues.REPLY) + "[A-Za-z0-9._-]{1,200}|" + TEMPORARY + "[A-Za-z0-9._-]{1,200}");

    private ReplyQueues() {}

    /** How the destination is written down; empty when it may not be answered to. */
    static Optional<String> written(Destination destination) throws JMSException {
        if (!(destination instanceof Queue queue)) {
            return Optional.empty();
        }
        String words = (queue instanceof TemporaryQueue ? TEMPORARY : "") + queue.getQueueName();
        return Optional.of(words).filter(ALLOWED.asMatchPredicate());
    }

    /**
     * The queue that was written down.
     *
     * @throws InvalidDestinationException when it is a temporary queue that is gone, or a queue of that name is no
     *     temporary one: the sender might have named any, and the broker would make it anew
     */
    static Queue queue(Session session, String written) throws JMSException {
        if (!written.startsWith(TEMPORARY)) {
            return ActiveMQDestination.createQueue(written);
        }
        String name = written.substring(TEMPORARY.length());
        Session direct = session instanceof SessionProxy proxy ? proxy.getTargetSession() : session;
        try {
            ClientSession.QueueQuery query =
                    ((ActiveMQSession) direct).getCoreSession().queueQuery(SimpleString.of(name));
            if (!query.isExists() || !query.isTemporary()) {
                throw new InvalidDestinationException("there is no such temporary queue");
            }
        } catch (ActiveMQException e) {
            throw (JMSException) new JMSException("The broker cannot say whether there is " + written).initCause(e);
        }
        return ActiveMQDestination.createTemporaryQueue(name);
    }
}
