package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The disk of an outside broker is full, so that it takes no message of anybody. */
class EndToEndBrokerFullTest {

    private static final double NOTHING = 0.000_001;
    private static final double ALL = 1;

    @TempDir
    private Path folder;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @AfterEach
    void stop() throws Exception {
        sender().detachAppender(said);
        broker.stop();
    }

    @BeforeEach
    void listen() {
        said.start();
        sender().addAppender(said);
    }

    private static Logger sender() {
        return (Logger) LoggerFactory.getLogger("org.deprovisioner.broker.OutgoingMessages");
    }

    private boolean logged(String text) {
        return List.copyOf(said.list).stream()
                .anyMatch(line -> line.getFormattedMessage().contains(text));
    }

    private int start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setMaxDiskUsage(100)
                .setDiskScanPeriod(100)
                .addAddressSetting(
                        "#", new AddressSettings().setAddressFullMessagePolicy(AddressFullMessagePolicy.BLOCK))
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", 0), "clients")));
        broker.start();
        return ((NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor("clients")).getActualPort();
    }

    private void diskMayBeUsed(double share, boolean full) {
        ((ActiveMQServerImpl) broker.getActiveMQServer()).getMonitor().setMaxUsage(share);
        await().until(() -> broker.getActiveMQServer().getPagingManager().isDiskFull() == full);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void workByFileGoesOnAndWhatHasToLeaveLeavesOnceThereIsRoom(String scheme) throws Exception {
        int port = start();
        try (Stage stage = Stage.in(folder).set("deprovision.broker.url", scheme + "://127.0.0.1:" + port)) {
            stage.start();
            diskMayBeUsed(NOTHING, true);
            ManagedDevice device = stage.next();
            stage.submit("first", Stage.HEADER + "\nno-device,x\n" + Stage.row(device) + "\n");
            stage.settled("first", 2);
            stage.submit("second", Stage.HEADER + "\nno-device,x\n" + Stage.row(stage.next()) + "\n");
            stage.settled("second", 2);
            Stage.written(stage.data.resolve("results/second.csv"), "deprovisioned");
            assertThat(stage.ledger().outbox().due(Outbox.Letter.DEAD_LETTER, 10))
                    .hasSize(2);

            diskMayBeUsed(ALL, false);

            ConnectionFactory connections = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
            try (JMSContext jms = connections.createContext();
                    var reader = jms.createConsumer(jms.createQueue("deprovision.dead-letter"))) {
                assertThat(reader.receive(60_000)).isNotNull();
                assertThat(reader.receive(60_000)).isNotNull();
            }
            await().until(() ->
                    stage.ledger().outbox().due(Outbox.Letter.DEAD_LETTER, 10).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void theServiceSaysSoAndCanBeStopped(String scheme) throws Exception {
        int port = start();
        try (Stage stage = Stage.in(folder)
                .set("deprovision.broker.url", scheme + "://127.0.0.1:" + port)
                .set("deprovision.timeout", "1s")) {
            stage.start();
            diskMayBeUsed(NOTHING, true);
            stage.submit("first", Stage.HEADER + "\nno-device,x\n");
            stage.settled("first", 1);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> logged("The broker takes no messages now; is its disk full?"));
            assertThat(stage.ledger().outbox().due(Outbox.Letter.DEAD_LETTER, 10))
                    .hasSize(1);
            stage.stop();
            diskMayBeUsed(ALL, false);
            stage.start();
            await().until(() ->
                    stage.ledger().outbox().due(Outbox.Letter.DEAD_LETTER, 10).isEmpty());
        }
    }
}
