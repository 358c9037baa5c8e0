package org.deprovisioner.broker;

import java.util.EnumSet;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.server.impl.AddressInfo;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerAddressPlugin;

/**
 * Makes each address for replies that of a queue, whatever its first client took it for, and those that an earlier version
 * kept: a reply to a topic would be lost.
 */
final class ReplyAddresses implements ActiveMQServerAddressPlugin {

    @Override
    public void beforeAddAddress(AddressInfo address, boolean reload) {
        if (address.getName().toString().startsWith(Queues.REPLY)) {
            address.setRoutingTypes(EnumSet.of(RoutingType.ANYCAST));
        }
    }
}
