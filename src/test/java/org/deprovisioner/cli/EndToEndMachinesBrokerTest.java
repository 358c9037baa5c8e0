package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.SimulatorOptions.Limits;
import org.deprovisioner.store.RealPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two machines take messages from one outside broker. */
class EndToEndMachinesBrokerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MESSAGES = 60;

    @TempDir
    private Path folder;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    @AfterEach
    void stop() throws Exception {
        broker.stop();
    }

    private int start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1))
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", 0), "clients")));
        broker.start();
        return ((NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor("clients")).getActualPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void whatOneThatIsKilledHadNotAcknowledgedTheOtherTakesInAndEachMessageIsOneRequest(String scheme)
            throws Exception {
        int port = start();
        try (Stage stage = Stage.onPostgres(folder, RealPostgres.newLedger(), Limits.NONE)
                .set("deprovision.broker.url", scheme + "://127.0.0.1:" + port)
                .set("deprovision.quota.requests", "100")) {
            List<ManagedDevice> devices = stage.next(MESSAGES);
            try (Forked alpha = run(stage, "alpha")) {
                alpha.awaitSaying("This machine is the active one");
                try (Forked beta = run(stage, "beta")) {
                    beta.awaitSaying("This machine stands by; another is active.");
                    send(port, devices);
                    await("some are taken in").atMost(PATIENCE).until(() -> takenIn(stage) > 0);
                    alpha.kill();
                    await("all have ended")
                            .atMost(PATIENCE)
                            .until(() -> stage.ledger()
                                    .batches()
                                    .progress("desk")
                                    .filter(now -> now.in(OutcomeClass.DONE) + now.in(OutcomeClass.UNKNOWN) == MESSAGES)
                                    .isPresent());
                    await("the queue is empty")
                            .atMost(PATIENCE)
                            .until(() -> broker.getActiveMQServer()
                                            .locateQueue("deprovision.requests")
                                            .getMessageCount()
                                    == 0);
                }
            }
            assertThat(takenIn(stage)).isEqualTo(MESSAGES);
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isLessThanOrEqualTo(1));
        }
    }

    private Forked run(Stage stage, String machine) throws Exception {
        return Forked.service(Stage.home(), stage.machine(machine), folder.resolve(machine + ".log"));
    }

    private static long takenIn(Stage stage) {
        return stage.ledger().batches().progress("desk").map(Progress::rows).orElse(0L);
    }

    private static void send(int port, List<ManagedDevice> devices) {
        try (ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                JMSContext jms = connections.createContext()) {
            devices.forEach(device -> jms.createProducer()
                    .send(
                            jms.createQueue("deprovision.requests"),
                            "{\"managedDeviceId\":\"%s\",\"deprovisionReason\":\"Device returned\",\"batch\":\"desk\"}"
                                    .formatted(device.id())));
        }
    }
}
