package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An outside broker that speaks TLS, with a certificate of an authority of its own. */
class OutsideBrokerTlsTest {

    private static final String CORE = "tcp://%s:%d?sslEnabled=true";
    private static final String AMQP = "amqps://%s:%d";

    @TempDir
    private Path folder;

    private final Certificates authority = new Certificates();
    private final EmbeddedActiveMQ outside = new EmbeddedActiveMQ();
    private SSLContext before;
    private int port;

    @BeforeEach
    void start() throws Exception {
        before = SSLContext.getDefault();
        Path keys = authority.keyStore(folder, "localhost", "secret");
        outside.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(),
                        Map.of(
                                "host",
                                "127.0.0.1",
                                "port",
                                0,
                                "sslEnabled",
                                true,
                                "keyStorePath",
                                keys.toString(),
                                "keyStoreType",
                                "PKCS12",
                                "keyStorePassword",
                                "secret"),
                        "clients")));
        outside.start();
        port = ((NettyAcceptor) outside.getActiveMQServer().getRemotingService().getAcceptor("clients"))
                .getActualPort();
    }

    @AfterEach
    void stop() throws Exception {
        outside.stop();
        SSLContext.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {CORE, AMQP})
    void messagesGoWhereTheAuthorityIsTrusted(String url) throws Exception {
        try (BrokerConfiguration broker = connected(url, "localhost", authority.caFile(folder));
                Client client = new Client(broker.connections().orElseThrow())) {
            client.request(client.text("{}"));
            assertThat(client.receive(client.requests).getBody(String.class)).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CORE, AMQP})
    void anAuthorityThatNobodyTrustsIsRefused(String url) throws Exception {
        Path other = new Certificates().caFile(Files.createDirectories(folder.resolve("other")));
        try (BrokerConfiguration broker = connected(url, "localhost", other)) {
            assertRefused(broker);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CORE, AMQP})
    void aCertificateForAnotherHostIsRefused(String url) throws Exception {
        try (BrokerConfiguration broker = connected(url, "127.0.0.1", authority.caFile(folder))) {
            assertRefused(broker);
        }
    }

    private static void assertRefused(BrokerConfiguration broker) {
        ConnectionFactory connections = broker.connections().orElseThrow();
        assertThatThrownBy(() -> {
                    try (Connection connection = connections.createConnection()) {
                        connection.start();
                    }
                })
                .isInstanceOf(JMSException.class);
    }

    private BrokerConfiguration connected(String url, String host, Path caFile) throws Exception {
        Settings.Graph graph = new Settings.Graph(
                URI.create("https://graph.invalid/beta"),
                Duration.ofSeconds(30),
                Optional.of(caFile),
                Optional.empty());
        return BrokerConfiguration.start(folder, Messaging.settings(url.formatted(host, port)), GraphHttp.tls(graph));
    }
}
