package org.deprovisioner.broker;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionSendContinuationMessage;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.broker.AMQPMessage;
import org.apache.activemq.artemis.reader.MapMessageUtil;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Refuses messages of clients that are too large or broken, to their sender, with nobody else affected: our own consumer
 * would stumble over a broken one again and again, and never come to the next.
 *
 * <p>A large message arrives in pieces, and is refused when its last piece is there. Pieces between the limit and the
 * last one are dropped as they come, so that no message, however long, fills the disk.
 */
final class MessageCheck implements Interceptor, ActiveMQServerMessagePlugin {

    static final String REFUSED = "The message was refused: ";

    private final int maxBytes;
    private final Map<RemotingConnection, Map<Long, Long>> arrived = Collections.synchronizedMap(new WeakHashMap<>());

    MessageCheck(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        if (!(packet instanceof SessionSendContinuationMessage piece) || isOurs(connection)) {
            return true;
        }
        Map<Long, Long> channels = arrived.computeIfAbsent(connection, c -> new ConcurrentHashMap<>());
        if (!piece.isContinues()) {
            channels.remove(packet.getChannelID());
            return true;
        }
        long size = piece.getBody().length;
        return channels.merge(packet.getChannelID(), size, Long::sum) - size <= maxBytes;
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQException {
        if (isOurs(session.getRemotingConnection())) {
            return;
        }
        if (message.getWholeMessageSize() > maxBytes) {
            refuse(tx, tooLarge(maxBytes));
        }
        if (message.containsProperty(Message.HDR_LARGE_COMPRESSED)) {
            refuse(tx, "it is compressed. Switch compressLargeMessages off");
        }
        if (message instanceof ICoreMessage core) {
            if (isBroken(core)) {
                refuse(tx, "its body is not that of a message of type " + core.getType());
            }
        } else if (cannotBeTranslated(message)) {
            refuse(tx, "its sections cannot be read");
        } else if (message instanceof AMQPMessage amqp && !isOf(amqp, session.getUsername())) {
            refuse(tx, "its user-id names another user than the one who signed in");
        }
    }

    /** Whether a message claims no user, or this one. */
    private static boolean isOf(AMQPMessage message, String user) {
        return Optional.ofNullable(message.getAMQPUserID())
                .filter(claimed -> !claimed.equals(user))
                .isEmpty();
    }

    static String tooLarge(int maxBytes) {
        return "it is larger than %,d bytes. Send its requests in several messages".formatted(maxBytes);
    }

    /** Our consumer is given what came by another protocol in the form of its own. */
    private static boolean cannotBeTranslated(Message message) {
        try {
            message.toCore();
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static boolean isBroken(ICoreMessage message) {
        ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
        try {
            switch (message.getType()) {
                case Message.DEFAULT_TYPE, Message.BYTES_TYPE, Message.STREAM_TYPE -> {}
                case Message.TEXT_TYPE -> TextMessageUtil.readBodyText(body);
                case Message.MAP_TYPE -> MapMessageUtil.readBodyMap(body);
                case Message.OBJECT_TYPE -> {
                    if (body.readable()) {
                        body.skipBytes(body.readInt());
                    }
                }
                default -> {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static void refuse(Transaction tx, String reason) throws ActiveMQException {
        ActiveMQException refused = new ActiveMQException(REFUSED + reason);
        if (tx != null) {
            tx.markAsRollbackOnly(refused);
        }
        throw refused;
    }

    private static boolean isOurs(RemotingConnection connection) {
        return connection.getTransportConnection() instanceof InVMConnection;
    }
}
