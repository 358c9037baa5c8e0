package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.deprovisioner.broker.BrokerConfiguration;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What doctor says of the broker, be it ours or somebody else's. */
class DoctorBrokerTest {

    private static final String PASSWORD = "planted-broker-password";

    @TempDir
    private Path home;

    @TempDir
    private Path elsewhere;

    private final Map<String, String> settings = new TreeMap<>();

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void install() throws Exception {
        installed = Installed.in(home);
        settings.put("deprovision.timeout", "2s");
    }

    /** The line of the broker with its remedy. Without credentials no other line depends on a host. */
    private String broker() throws Exception {
        String out = installed.with(settings).run("doctor").all();
        assertThat(out).doesNotContain(PASSWORD, "wrong-one");
        return out.lines()
                .dropWhile(line -> !line.contains(" broker"))
                .takeWhile(line -> line.contains(" broker") || line.startsWith("         ->"))
                .collect(Collectors.joining("\n"));
    }

    /** A real broker that wants a user and password; gives its port. */
    private BrokerConfiguration start(Path data, int port) throws Exception {
        Settings.Broker own = new Settings.Broker(
                "embedded",
                Optional.of("desk"),
                Optional.of(new SecretReference(new Secret(PASSWORD), Optional.empty())),
                "127.0.0.1:" + port);
        return BrokerConfiguration.start(data, own, SSLContext.getDefault());
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theEmbeddedOneOfARunningServiceAnswersAndOneThatDoesNotIsSaid() throws Exception {
        int port = freePort();
        settings.put("deprovision.broker.listen", "127.0.0.1:" + port);
        assertThat(broker()).contains("ok       broker", "is free for the embedded broker");
        Path data = Files.createDirectories(home.resolve("data"));
        try (ServiceLock service = ServiceLock.acquireOrRefuse(data)) {
            assertThat(service).isNotNull();
            try (BrokerConfiguration embedded = start(data, port)) {
                assertThat(embedded.connections()).isPresent();
                assertThat(broker()).contains("ok       broker", "The embedded broker of the running service answers.");
            }
            assertThat(broker()).contains("error    broker", "does not answer", "-> Look into data/logs");
        }
    }

    @Test
    void aPortThatSomebodyElseHasIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("deprovision.broker.listen", "127.0.0.1:" + taken.getLocalPort());
            assertThat(broker())
                    .contains("error    broker", "The port cannot be used", "-> Set deprovision.broker.listen");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "amqp"})
    void anOutsideOneLetsUsInRefusesUsOrIsNotThere(String scheme) throws Exception {
        int port = freePort();
        settings.put("deprovision.broker.url", scheme + "://127.0.0.1:" + port);
        settings.put("deprovision.broker.user", "desk");
        settings.put("deprovision.broker.password", PASSWORD);
        assertThat(broker()).contains("error    broker", "cannot be reached", "-> Check deprovision.broker.url");
        try (BrokerConfiguration outside = start(elsewhere, port)) {
            assertThat(outside.connections()).isPresent();
            assertThat(broker()).contains("ok       broker", "It lets us in.");
            settings.put("deprovision.broker.password", "wrong-one");
            assertThat(broker()).contains("error    broker", "It refuses us", "-> Check deprovision.broker.user");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"amqps://127.0.0.1:%d", "tcp://127.0.0.1:%d?sslEnabled=true"})
    void oneThatIsNotTrustedIsSaid(String url) throws Exception {
        try (RawServer stranger = RawServer.tls(new Certificates().server("127.0.0.1"), RawServer.always(""))) {
            settings.put(
                    "deprovision.broker.url", url.formatted(stranger.uri("").getPort()));
            assertThat(broker()).contains("error    broker", "not trusted", "-> Give its certificate authority");
        }
    }
}
