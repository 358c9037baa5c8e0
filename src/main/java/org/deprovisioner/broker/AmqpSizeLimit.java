package org.deprovisioner.broker;

import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerConnectionPlugin;
import org.apache.activemq.artemis.protocol.amqp.broker.ActiveMQProtonRemotingConnection;
import org.apache.activemq.artemis.protocol.amqp.exceptions.ActiveMQAMQPException;
import org.apache.activemq.artemis.protocol.amqp.proton.AMQPConnectionContext;
import org.apache.activemq.artemis.protocol.amqp.proton.ProtonDeliveryHandler;
import org.apache.activemq.artemis.protocol.amqp.proton.ProtonServerReceiverContext;
import org.apache.activemq.artemis.protocol.amqp.proton.handler.EventHandler;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.amqp.transport.LinkError;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;

/**
 * Closes the link of an AMQP sender whose message grows beyond the limit, as AMQP has it, while the message still comes: so
 * that no message, however long, fills the disk. {@link MessageCheck} refuses those that are whole.
 */
final class AmqpSizeLimit implements ActiveMQServerConnectionPlugin {

    private final int maxBytes;

    AmqpSizeLimit(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void afterCreateConnection(RemotingConnection connection) {
        if (connection instanceof ActiveMQProtonRemotingConnection amqp) {
            AMQPConnectionContext context = amqp.getAmqpConnection();
            context.getHandler().addEventHandler(new EventHandler() {
                @Override
                public void onRemoteOpen(Link link) {
                    if (link.getContext() instanceof ProtonServerReceiverContext receiver) {
                        link.setContext(new Measured(receiver, (Receiver) link, context));
                    }
                }
            });
        }
    }

    /** Counts the bytes of each delivery on their way to the broker's own receiver. Used by its connection's thread alone. */
    private final class Measured implements ProtonDeliveryHandler {
        private final ProtonServerReceiverContext broker;
        private final Receiver link;
        private final AMQPConnectionContext connection;
        private long taken;
        private boolean refused;

        Measured(ProtonServerReceiverContext broker, Receiver link, AMQPConnectionContext connection) {
            this.broker = broker;
            this.link = link;
            this.connection = connection;
        }

        @Override
        public void onMessage(Delivery delivery) throws ActiveMQAMQPException {
            if (link.current() != delivery) {
                return;
            }
            if (refused) {
                link.recv(); // what still comes is dropped
                return;
            }
            boolean more = delivery.isPartial() && !delivery.isAborted();
            int arrived = delivery.available();
            if (more && taken + arrived > maxBytes) {
                refuse();
                return;
            }
            broker.onMessage(delivery);
            taken = more ? taken + arrived - delivery.available() : 0;
        }

        private void refuse() throws ActiveMQAMQPException {
            refused = true;
            broker.close(new ErrorCondition(
                    LinkError.MESSAGE_SIZE_EXCEEDED, MessageCheck.REFUSED + MessageCheck.tooLarge(maxBytes)));
            link.recv();
            link.close();
            connection.flush();
        }

        @Override
        public void onFlow(int credits, boolean drain) {
            broker.onFlow(credits, drain);
        }

        @Override
        public void close(boolean remoteLinkClose) throws ActiveMQAMQPException {
            broker.close(remoteLinkClose);
        }

        @Override
        public void close(ErrorCondition condition) throws ActiveMQAMQPException {
            broker.close(condition);
        }
    }
}
