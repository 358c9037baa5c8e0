package org.deprovisioner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerTest {

    private static final int HUNDRED_MEGABYTES = 100 << 20;

    @TempDir
    private Path data;

    private BrokerConfiguration broker;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        broker = Messaging.start(data, Messaging.embedded());
        client = new Client(data);
    }

    @AfterEach
    void stop() {
        client.close();
        broker.close();
    }

    @Test
    void clientPropertiesAreForTheOwnerAloneAndKeepTheirPassword() throws Exception {
        Path file = data.resolve("broker/client.properties");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Properties before = Client.access(data);
        stop();
        start();
        assertThat(Client.access(data).getProperty("password"))
                .isEqualTo(before.getProperty("password"))
                .hasSizeGreaterThan(30);
        assertThat(Client.access(data).getProperty("user")).isEqualTo("deprovision-client");
    }

    @Test
    void aPasswordOfTheSettingsIsNotWrittenDown() throws Exception {
        stop();
        broker = Messaging.start(
                data,
                new Settings.Broker(
                        "embedded",
                        Optional.of("desk"),
                        Optional.of(new SecretReference(new Secret("s3cret"), Optional.empty())),
                        "127.0.0.1:0"));

        String url = Client.access(data).getProperty("url");
        assertThat(Files.readString(data.resolve("broker/client.properties"))).doesNotContain("s3cret");
        try (JMSContext desk = new ActiveMQConnectionFactory(url, "desk", "s3cret").createContext()) {
            assertThatCode(() -> desk.createProducer().send(desk.createQueue("deprovision.requests"), "{}"))
                    .doesNotThrowAnyException();
        }
        client = new Client(new ActiveMQConnectionFactory(url, "desk", "s3cret"));
    }

    @Test
    void itListensOnTheGivenAddressOnly() throws Exception {
        URI url = URI.create(Client.access(data).getProperty("url"));
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        assertThat(url.getHost()).isEqualTo("127.0.0.1");
        for (InetAddress other : others) {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, url.getPort()), 1_000))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "deprovision-client,wrong",
        "nobody,wrong",
        "'the service itself',wrong",
        "ACTIVEMQ.CLUSTER.ADMIN.USER,'CHANGE ME!!'",
        ",",
    })
    void strangersAreRefused(String user, String password) throws Exception {
        String url = Client.access(data).getProperty("url");
        assertThatThrownBy(() -> new ActiveMQConnectionFactory(url, user, password).createContext())
                .isInstanceOf(JMSSecurityRuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprovision.dead-letter", "activemq.management", "activemq.notifications", "other"})
    void aClientMaySendRequestsOnly(String queue) {
        assertThatThrownBy(() -> client.jms.createProducer().send(client.jms.createQueue(queue), "{}"))
                .isInstanceOf(RuntimeException.class)
                .hasMessageMatching("(?s).*(does not have permission|does not exist|no queue).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprovision.requests", "other::deprovision.requests", "activemq.notifications"})
    void aClientMayNotReadWhatIsNotForIt(String name) {
        client.request(client.text("{}"));
        assertThatThrownBy(() ->
                        client.jms.createConsumer(client.jms.createQueue(name)).receive(1))
                .isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> client.jms
                        .createBrowser(client.requests)
                        .getEnumeration()
                        .hasMoreElements())
                .isInstanceOf(Exception.class);
    }

    @Test
    void aClientMayNotMakeQueuesButThoseForReplies() throws Exception {
        core(session -> {
            for (QueueConfiguration queue : List.of(
                    QueueConfiguration.of("other").setDurable(true),
                    QueueConfiguration.of("other").setDurable(false),
                    QueueConfiguration.of("other").setDurable(false).setTemporary(true),
                    QueueConfiguration.of(UUID.randomUUID().toString())
                            .setAddress("deprovision.requests")
                            .setDurable(false)
                            .setTemporary(true),
                    QueueConfiguration.of(UUID.randomUUID().toString())
                            .setAddress("deprovision.#")
                            .setDurable(false)
                            .setTemporary(true),
                    QueueConfiguration.of(UUID.randomUUID().toString())
                            .setAddress("activemq.notifications")
                            .setRoutingType(RoutingType.MULTICAST)
                            .setDurable(false)
                            .setTemporary(true))) {
                assertThatThrownBy(() -> session.createQueue(queue))
                        .as("%s", queue)
                        .isInstanceOf(ActiveMQSecurityException.class);
            }
            session.createQueue(QueueConfiguration.of("deprovision.reply.mine").setRoutingType(RoutingType.ANYCAST));
        });
    }

    @Test
    void aQueueForRepliesCanBeWaitedOnBeforeTheFirstReply() {
        assertThat(client.jms
                        .createConsumer(client.jms.createQueue("deprovision.reply.desk"))
                        .receiveNoWait())
                .isNull();
    }

    @Test
    void hundredMegabytesAreRefusedToTheirSenderAndLeaveNothingBehind() throws Exception {
        Zeros zeros = new Zeros(HUNDRED_MEGABYTES);
        BytesMessage message = client.jms.createBytesMessage();
        message.setObjectProperty("JMS_AMQ_InputStream", zeros);
        assertThatThrownBy(() -> client.request(message)).hasMessageContaining("larger than 8,388,608 bytes");

        assertThat(zeros.mostOnDisk).isLessThan(2 * EmbeddedBroker.MAX_MESSAGE_BYTES);
        await().until(() -> largeMessages() == 0);
        client.request(client.text("{}"));
        try (JMSContext service = broker.connections().orElseThrow().createContext()) {
            assertThat(service.createConsumer(client.requests).receive(60_000)).isNotNull();
        }
    }

    @Test
    void hundredMegabytesInOnePieceAreRefused() throws Exception {
        ActiveMQConnectionFactory connections = Client.connections(data);
        connections.setMinLargeMessageSize(2 * HUNDRED_MEGABYTES);
        try (Client large = new Client(connections)) {
            BytesMessage message = large.bytes(new byte[HUNDRED_MEGABYTES]);
            assertThatThrownBy(() -> large.request(message)).hasMessageContaining("larger than 8,388,608 bytes");
        }
        assertThatCode(() -> client.request(client.text("{}"))).doesNotThrowAnyException();
    }

    @Test
    void aTransactionWithAMessageThatIsTooLargeCannotBeCommitted() throws Exception {
        try (JMSContext transacted = Client.connections(data).createContext(JMSContext.SESSION_TRANSACTED)) {
            transacted.createProducer().send(client.requests, "{}");
            transacted.createProducer().send(client.requests, new byte[9 << 20]);
            assertThatThrownBy(transacted::commit).hasMessageContaining("larger than 8,388,608 bytes");
        }
    }

    @Test
    void compressedMessagesAreRefused() throws Exception {
        ActiveMQConnectionFactory connections = Client.connections(data);
        connections.setCompressLargeMessage(true);
        try (Client compressing = new Client(connections)) {
            BytesMessage message = compressing.bytes(new byte[HUNDRED_MEGABYTES]);
            assertThatThrownBy(() -> compressing.request(message)).hasMessageContaining("compressed");
        }
    }

    @Test
    void aTakenPortIsSaidInWords(@TempDir Path other) throws Exception {
        String taken = URI.create(Client.access(data).getProperty("url")).getAuthority();
        assertThatThrownBy(() -> Messaging.start(
                        other, new Settings.Broker("embedded", Optional.empty(), Optional.empty(), taken)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(taken)
                .hasMessageContaining("deprovision.broker.listen");
    }

    @Test
    void dataThatAnotherBrokerUsesAreSaidInWords() {
        assertThatThrownBy(() -> Messaging.start(data, Messaging.embedded()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(data.toString());
        assertThatCode(() -> client.request(client.text("{}"))).doesNotThrowAnyException();
    }

    private long largeMessages() {
        try (Stream<Path> files = Files.walk(data.resolve("broker/large-messages"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Attempt {
        void in(ClientSession session) throws Exception;
    }

    private void core(Attempt attempt) throws Exception {
        Properties access = Client.access(data);
        try (var locator = ActiveMQClient.createServerLocator(access.getProperty("url"));
                var factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(
                        access.getProperty("user"), access.getProperty("password"), false, true, true, false, 1)) {
            attempt.in(session);
        }
    }

    /** So many zeros, made one by one; it looks at what the broker keeps meanwhile. */
    private final class Zeros extends InputStream {
        private long left;
        private long mostOnDisk;

        Zeros(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            mostOnDisk = Math.max(mostOnDisk, largeMessages());
            int count = (int) Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
