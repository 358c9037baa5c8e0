package org.deprovisioner.broker;

import jakarta.jms.ConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

/** The same by AMQP 1.0, from the sender to the broker and from the broker to us. */
class OutsideAmqpBrokerTest extends OutsideBrokerTest {

    @Override
    String scheme() {
        return "amqp";
    }

    @Override
    ConnectionFactory connections(String url) {
        return new JmsConnectionFactory(url);
    }
}
