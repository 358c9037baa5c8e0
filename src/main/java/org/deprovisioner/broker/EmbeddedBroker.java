package org.deprovisioner.broker;

import static org.apache.activemq.artemis.core.security.CheckType.BROWSE;
import static org.apache.activemq.artemis.core.security.CheckType.CONSUME;
import static org.apache.activemq.artemis.core.security.CheckType.CREATE_ADDRESS;
import static org.apache.activemq.artemis.core.security.CheckType.CREATE_DURABLE_QUEUE;
import static org.apache.activemq.artemis.core.security.CheckType.CREATE_NON_DURABLE_QUEUE;
import static org.apache.activemq.artemis.core.security.CheckType.DELETE_ADDRESS;
import static org.apache.activemq.artemis.core.security.CheckType.DELETE_DURABLE_QUEUE;
import static org.apache.activemq.artemis.core.security.CheckType.DELETE_NON_DURABLE_QUEUE;
import static org.apache.activemq.artemis.core.security.CheckType.EDIT;
import static org.apache.activemq.artemis.core.security.CheckType.MANAGE;
import static org.apache.activemq.artemis.core.security.CheckType.SEND;
import static org.apache.activemq.artemis.core.security.CheckType.VIEW;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

/**
 * The message broker inside this process, for clients that speak Artemis core or AMQP 1.0: it keeps messages under
 * {@code data/broker}, and lets its one client user send requests and read replies and dead letters, nothing else.
 *
 * <p>Disk full: below {@link #DISK_FREE} senders wait until there is room again; nothing is dropped. Memory: queues
 * beyond {@link #QUEUE_MEMORY} go to disk. A message that is given back comes again after a second, later after a
 * minute, without end. A request that expires becomes a dead letter.
 */
final class EmbeddedBroker implements AutoCloseable {

    /** The largest message that is taken from a client: room for the 10,000 requests that one may hold, and more. */
    static final int MAX_MESSAGE_BYTES = 8 << 20;

    private static final long DISK_FREE = 256L << 20;
    private static final int QUEUE_MEMORY = 16 << 20;
    private static final int PAGE = 2 << 20;
    private static final long LOCK_TIMEOUT_MILLIS = 3_000;

    private static final String SERVICE_USER = "the service itself";
    private static final String SERVICE = "service";
    private static final String CLIENT = "client";
    private static final String CLIENTS = "clients";
    /** Where the broker looks for the rights to a queue whose name is a UUID, as those of temporary queues are. */
    private static final String TEMPORARY = "temporary";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ActiveMQServer server;
    private final ActiveMQConnectionFactory connections;

    private EmbeddedBroker(ActiveMQServer server, ActiveMQConnectionFactory connections) {
        this.server = server;
        this.connections = connections;
    }

    /**
     * Starts the broker and writes down how clients reach it.
     *
     * @throws IOException when it cannot start: its files are in use or broken, or its port is taken
     */
    static EmbeddedBroker start(Path folder, String listen, ClientAccess client) throws IOException {
        String password = ClientAccess.newPassword();
        String inVm = "vm://" + COUNT.incrementAndGet();
        ActiveMQServer server = new ActiveMQServerImpl(
                configuration(folder, listen, inVm),
                new ActiveMQJAASSecurityManager(
                        InVMLoginModule.class.getName(),
                        new SecurityConfiguration(
                                Map.of(SERVICE_USER, password, client.user(), client.password()),
                                Map.of(SERVICE_USER, List.of(SERVICE), client.user(), List.of(CLIENT)))));
        launch(server, folder, listen);
        client.write(url(server));
        return new EmbeddedBroker(server, new ActiveMQConnectionFactory(inVm, SERVICE_USER, password));
    }

    /** Connections of the service itself, inside this process. */
    ConnectionFactory connections() {
        return connections;
    }

    private static String url(ActiveMQServer server) {
        NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(CLIENTS);
        return "tcp://%s:%d".formatted(acceptor.getConfiguration().get("host"), acceptor.getActualPort());
    }

    @Override
    public void close() {
        connections.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker did not stop cleanly", e);
        }
    }

    private static void launch(ActiveMQServer server, Path folder, String listen) throws IOException {
        MessageCheck check = new MessageCheck(MAX_MESSAGE_BYTES);
        server.registerBrokerPlugin(check);
        server.registerBrokerPlugin(new AmqpSizeLimit(MAX_MESSAGE_BYTES));
        server.registerBrokerPlugin(new ReplyAddresses());
        AtomicReference<Exception> failure = new AtomicReference<>();
        server.registerActivationFailureListener(failure::set);
        try {
            server.start();
            if (failure.get() != null || !server.isActive()) {
                server.stop();
            } else {
                server.getRemotingService().addIncomingInterceptor(check);
                return;
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
        throw new IOException("""
                The embedded broker cannot start. Perhaps another Deprovisioner uses %s, or another program listens on \
                %s: stop it, or set deprovision.data or deprovision.broker.listen.\
                """.formatted(folder, listen), failure.get());
    }

    private static Configuration configuration(Path folder, String listen, String inVm) throws IOException {
        try {
            return new ConfigurationImpl()
                    .setName("deprovisioner")
                    .addAcceptorConfiguration("service", inVm)
                    .addAcceptorConfiguration(CLIENTS, "tcp://" + listen + "?protocols=CORE,AMQP&saslMechanisms=PLAIN")
                    .setJournalType(JournalType.NIO)
                    .setJournalDirectory(folder.resolve("journal").toString())
                    .setBindingsDirectory(folder.resolve("bindings").toString())
                    .setPagingDirectory(folder.resolve("paging").toString())
                    .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
                    .setJournalLockAcquisitionTimeout(LOCK_TIMEOUT_MILLIS)
                    .setMinDiskFree(DISK_FREE)
                    .setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG)
                    .setJMXManagementEnabled(false)
                    .setPopulateValidatedUser(true)
                    // Or a queue bound to "deprovision.#" would be given a copy of every request.
                    .setWildCardConfiguration(new WildcardConfiguration().setRoutingEnabled(false))
                    .setUuidNamespace(TEMPORARY)
                    .addAddressConfiguration(queue(Queues.REQUESTS))
                    .addAddressConfiguration(queue(Queues.DEAD_LETTERS))
                    .addAddressSetting("#", everyQueue())
                    .addAddressSetting(
                            Queues.REPLY + "#",
                            new AddressSettings()
                                    .setAutoCreateAddresses(true)
                                    .setAutoCreateQueues(true)
                                    .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                                    .setDefaultQueueRoutingType(RoutingType.ANYCAST))
                    .setSecurityRoles(Map.of(
                            "#",
                            Set.of(role(SERVICE, CheckType.values())),
                            Queues.REQUESTS,
                            Set.of(role(SERVICE, CheckType.values()), role(CLIENT, SEND)),
                            Queues.DEAD_LETTERS,
                            Set.of(role(SERVICE, CheckType.values()), role(CLIENT, CONSUME)),
                            Queues.REPLY + "#",
                            Set.of(
                                    role(SERVICE, CheckType.values()),
                                    role(CLIENT, CONSUME, CREATE_ADDRESS, CREATE_DURABLE_QUEUE)),
                            TEMPORARY + ".#",
                            Set.of(
                                    role(SERVICE, CheckType.values()),
                                    role(
                                            CLIENT,
                                            CONSUME,
                                            CREATE_NON_DURABLE_QUEUE,
                                            DELETE_NON_DURABLE_QUEUE,
                                            DELETE_ADDRESS))));
        } catch (Exception e) {
            throw new IOException("The embedded broker cannot listen on '%s'".formatted(listen), e);
        }
    }

    private static CoreAddressConfiguration queue(String name) {
        return new CoreAddressConfiguration()
                .setName(name)
                .addRoutingType(RoutingType.ANYCAST)
                .addQueueConfig(QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST));
    }

    private static AddressSettings everyQueue() {
        return new AddressSettings()
                .setAutoCreateAddresses(false)
                .setAutoCreateQueues(false)
                .setMaxDeliveryAttempts(-1)
                .setDeadLetterAddress(SimpleString.of(Queues.DEAD_LETTERS))
                .setExpiryAddress(SimpleString.of(Queues.DEAD_LETTERS))
                .setRedeliveryDelay(1_000)
                .setRedeliveryMultiplier(2)
                .setMaxRedeliveryDelay(60_000)
                .setMaxSizeBytes(QUEUE_MEMORY)
                .setPageSizeBytes(PAGE)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE);
    }

    private static Role role(String name, CheckType... rights) {
        Set<CheckType> all = Set.of(rights);
        return new Role(
                name,
                all.contains(SEND),
                all.contains(CONSUME),
                all.contains(CREATE_DURABLE_QUEUE),
                all.contains(DELETE_DURABLE_QUEUE),
                all.contains(CREATE_NON_DURABLE_QUEUE),
                all.contains(DELETE_NON_DURABLE_QUEUE),
                all.contains(MANAGE),
                all.contains(BROWSE),
                all.contains(CREATE_ADDRESS),
                all.contains(DELETE_ADDRESS),
                all.contains(VIEW),
                all.contains(EDIT));
    }
}
