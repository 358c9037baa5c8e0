package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running service keeps for {@code status} of a broker that does not do its work. */
class BrokerFaultsTest {

    private static final String PASSWORD = "planted-broker-password";

    /** A listener tries again every five seconds, and each attempt may wait for its connection. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    @TempDir
    private Path elsewhere;

    private int port;

    @BeforeEach
    void findPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void nothingIsLeftWhenTheServiceHasEnded() {
        assertThat(data.resolve("broker/faults.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void oneThatIsNotThereIsSaidUntilItIs(String scheme) throws Exception {
        EmbeddedActiveMQ outside = new EmbeddedActiveMQ();
        try (Messaging service = service(scheme, PASSWORD)) {
            await().atMost(LONG).until(() -> said().contains("cannot be reached"));
            assertThat(said())
                    .contains("The broker at " + scheme + "://127.0.0.1:" + port, "Check deprovision.broker.url")
                    .doesNotContain(PASSWORD);

            outside.setConfiguration(new ConfigurationImpl()
                    .setPersistenceEnabled(false)
                    .setSecurityEnabled(false)
                    .setJMXManagementEnabled(false)
                    .addAddressSetting("#", new AddressSettings())
                    .addAcceptorConfiguration(new TransportConfiguration(
                            NettyAcceptorFactory.class.getName(), Map.of("host", "127.0.0.1", "port", port))));
            outside.start();
            await().atMost(LONG).until(() -> said().isEmpty());
            assertThat(service.intake.taken).isEmpty();
        } finally {
            outside.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void oneThatRefusesOurPasswordIsSaid(String scheme) throws Exception {
        try (BrokerConfiguration outside = outside();
                Messaging service = service(scheme, "wrong-one")) {
            assertThat(outside.connections()).isPresent();
            await().atMost(LONG).until(() -> said().contains("refuses our user or password"));
            assertThat(said())
                    .contains("Correct deprovision.broker.user and deprovision.broker.password")
                    .doesNotContain("wrong-one", PASSWORD);
            assertThat(service.intake.taken).isEmpty();
        }
    }

    /** The user of clients may send requests there, and not receive them. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void oneThatDoesNotLetUsReceiveIsSaid(String scheme) throws Exception {
        try (BrokerConfiguration outside = outside();
                Messaging service = service(scheme, PASSWORD)) {
            assertThat(outside.connections()).isPresent();
            await().atMost(LONG).until(() -> said().contains("does not let us receive from deprovision.requests"));
            assertThat(said()).contains("Give our user there the right to receive from deprovision.requests");
            assertThat(service.intake.taken).isEmpty();
        }
    }

    @Test
    void theEmbeddedOneHasNoFault() throws Exception {
        try (Messaging service = new Messaging(data, Messaging.embedded());
                Client client = new Client(data)) {
            client.request(client.text("{}"));
            await().until(() -> service.intake.taken.size() == 1);
            assertThat(said()).isEmpty();
        }
    }

    private String said() {
        return BrokerFaults.of(data).stream()
                .map(fault -> fault.message() + " " + fault.remedy())
                .collect(Collectors.joining("\n"));
    }

    private Messaging service(String scheme, String password) throws Exception {
        return new Messaging(data, settings(scheme + "://127.0.0.1:" + port, password));
    }

    private BrokerConfiguration outside() throws Exception {
        return Messaging.start(elsewhere, settings("embedded", PASSWORD));
    }

    private Settings.Broker settings(String url, String password) {
        return new Settings.Broker(
                url,
                Optional.of("desk"),
                Optional.of(new SecretReference(new Secret(password), Optional.empty())),
                "127.0.0.1:" + port);
    }
}
