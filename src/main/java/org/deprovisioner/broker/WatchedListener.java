package org.deprovisioner.broker;

import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.jms.JmsEndpoint;

/** Camel's own listener, which also tells whether the broker lets it receive. */
final class WatchedListener extends DefaultJmsMessageListenerContainer {

    private final BrokerFaults faults;
    private final String deed;

    WatchedListener(JmsEndpoint endpoint, BrokerFaults faults) {
        super(endpoint);
        this.faults = faults;
        this.deed = "receive from " + endpoint.getDestinationName();
    }

    @Override
    protected Connection createConnection() throws JMSException {
        try {
            return super.createConnection();
        } catch (JMSException refused) {
            faults.failed(deed, refused);
            throw refused;
        }
    }

    @Override
    protected MessageConsumer createConsumer(Session session, Destination destination) throws JMSException {
        try {
            MessageConsumer consumer = super.createConsumer(session, destination);
            faults.succeeded(deed);
            return consumer;
        } catch (JMSException refused) {
            faults.failed(deed, refused);
            throw refused;
        }
    }
}
