package org.deprovisioner.broker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.meta.JmsConnectionInfo;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * Gives the routes their broker: the component {@code jms}, the beans {@code incomingMessages} and
 * {@code outgoingMessages}, and the {@code objectMapper} that makes the JSON of what leaves; nothing when
 * {@code deprovision.broker.url} is {@code none}.
 */
public final class BrokerConfiguration implements CamelConfiguration, AutoCloseable {

    private static final int SESSIONS = 4;

    private static final Duration LONGEST_SEND = Duration.ofSeconds(20);

    private final Optional<EmbeddedBroker> embedded;
    private final Optional<ConnectionFactory> connections;
    private final Optional<CachingConnectionFactory> senders;

    private final Path data;
    private final String url;
    private Optional<BrokerFaults> faults = Optional.empty();

    private BrokerConfiguration(
            Path data, String url, Optional<EmbeddedBroker> embedded, Optional<ConnectionFactory> connections) {
        this.data = data;
        this.url = url;
        this.embedded = embedded;
        this.connections = connections;
        this.senders = connections.map(BrokerConfiguration::caching);
    }

    /**
     * Starts the embedded broker, when it is that one; an outside broker need not be there yet.
     *
     * @param data the folder of all data; the embedded broker keeps its own in {@code broker/} below it
     * @param tls whom we trust when an outside broker is connected to by TLS
     * @throws IOException when the embedded broker cannot start: its files are in use or broken, or its port is taken
     */
    public static BrokerConfiguration start(Path data, Settings.Broker settings, SSLContext tls) throws IOException {
        Optional<String> password =
                settings.password().map(SecretReference::now).map(Secret::value);
        return switch (settings.url()) {
            case "none" -> new BrokerConfiguration(data, settings.url(), Optional.empty(), Optional.empty());
            case "embedded" -> {
                Path folder = data.resolve("broker").toAbsolutePath();
                OwnerAlone.folder(folder); // its journal holds what messages say
                EmbeddedBroker broker = EmbeddedBroker.start(
                        folder,
                        settings.listen(),
                        ClientAccess.of(folder.resolve("client.properties"), settings.user(), password));
                yield new BrokerConfiguration(
                        data, settings.url(), Optional.of(broker), Optional.of(broker.connections()));
            }
            default ->
                new BrokerConfiguration(
                        data,
                        settings.url(),
                        Optional.empty(),
                        Optional.of(outside(settings.url(), settings.user().orElse(null), password.orElse(null), tls)));
        };
    }

    private static ConnectionFactory outside(
            String url, @Nullable String user, @Nullable String password, SSLContext tls) {
        if (url.startsWith("amqp")) {
            JmsConnectionFactory amqp = new JmsConnectionFactory(user, password, url);
            amqp.setSslContext(tls);
            if (amqp.getSendTimeout() == JmsConnectionInfo.INFINITE) {
                // a broker whose disk is full lets senders wait for ever, and the closing of their connection with them
                amqp.setSendTimeout(LONGEST_SEND.toMillis());
            }
            return amqp;
        }
        if (!isTrustedByUs(url)) {
            return new ActiveMQConnectionFactory(url, user, password);
        }
        SSLContext.setDefault(tls); // the only one that this client can be given
        return new ActiveMQConnectionFactory(url + "&useDefaultSslContext=true", user, password);
    }

    /** Whether an outside broker is connected to by TLS, and by whom we trust. */
    public static boolean isTrustedByUs(String url) {
        return url.startsWith("amqps:") || (url.contains("sslEnabled=true") && !url.contains("trustStorePath="));
    }

    /** Connections of the service itself; none without a broker. */
    public Optional<ConnectionFactory> connections() {
        return connections;
    }

    @Override
    public void configure(CamelContext context) {
        senders.ifPresent(cached -> {
            JmsComponent jms = JmsComponent.jmsComponent(cached);
            // A consumer keeps its session itself: from the cache it would get one that still receives for another.
            connections.ifPresent(jms.getConfiguration()::setListenerConnectionFactory);
            BrokerFaults kept = new BrokerFaults(data, url, Clock.systemUTC());
            faults = Optional.of(kept);
            jms.setMessageListenerContainerFactory(endpoint -> new WatchedListener(endpoint, kept));
            OutgoingMessages outgoing = new OutgoingMessages(cached, kept);
            context.getRegistry().bind("jms", jms);
            context.getRegistry().bind("objectMapper", new JsonMapper());
            context.getRegistry().bind("outgoingMessages", outgoing);
            context.getRegistry().bind("incomingMessages", new IncomingMessages(outgoing));
        });
    }

    @Override
    public void close() {
        senders.ifPresent(CachingConnectionFactory::destroy);
        embedded.ifPresent(EmbeddedBroker::close);
        faults.ifPresent(BrokerFaults::forget);
    }

    private static CachingConnectionFactory caching(ConnectionFactory connections) {
        CachingConnectionFactory caching = new CachingConnectionFactory(connections);
        caching.setCacheConsumers(false);
        caching.setSessionCacheSize(SESSIONS);
        return caching;
    }
}
