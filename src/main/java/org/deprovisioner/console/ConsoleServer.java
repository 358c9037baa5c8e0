package org.deprovisioner.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.ServerCertificate;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the console: what it takes from the network, and how much of it at once. */
final class ConsoleServer implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int MOST_CONNECTIONS = 2_000;
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    private final Optional<Settings.Tls> files;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();
    private FileTime read = FileTime.fromMillis(0);
    private final Server server;
    private final ServerConnector connector;

    /**
     * Takes the port; nobody is answered yet.
     *
     * @throws IOException when the port is taken
     */
    ConsoleServer(Settings.Console console, String listen) throws IOException {
        files = console.tls();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("console-io");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(16 << 10);
        connector = new ServerConnector(server, 1, 1, connections(http));
        int colon = listen.lastIndexOf(':');
        connector.setHost(listen.substring(0, colon).replace("[", "").replace("]", ""));
        connector.setPort(Integer.parseInt(listen.substring(colon + 1)));
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        connector.open();
    }

    private ConnectionFactory[] connections(HttpConfiguration http) throws IOException {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (files.isEmpty()) {
            return new ConnectionFactory[] {plain};
        }
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false); // which names are ours, Hosts knows
        http.addCustomizer(secure);
        tls.setKeyStore(ServerCertificate.read(files.get()).keyStore());
        tls.setKeyStorePassword("");
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        read = changed(files.get());
        return new ConnectionFactory[] {new SslConnectionFactory(tls, plain.getProtocol()), plain};
    }

    /**
     * Shows another certificate from now on, where another lies in the files; to be called now and then.
     *
     * @throws UncheckedIOException when it cannot be used; the one of before is shown on
     */
    void renewCertificate() {
        if (files.isEmpty()) {
            return;
        }
        try {
            FileTime now = changed(files.get());
            if (!now.equals(read)) {
                KeyStore store = ServerCertificate.read(files.get()).keyStore();
                tls.reload(factory -> tls.setKeyStore(store));
                read = now;
                LOG.info(
                        "The console shows the certificate that lies in {} now.",
                        files.get().certificate());
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(String.valueOf(unusable.getMessage()), unusable);
        } catch (Exception unusable) {
            throw new IllegalStateException(unusable);
        }
    }

    /** When the younger of both files was changed. */
    private static FileTime changed(Settings.Tls files) throws IOException {
        FileTime certificate = Files.getLastModifiedTime(files.certificate());
        FileTime key = Files.getLastModifiedTime(files.key());
        return certificate.compareTo(key) > 0 ? certificate : key;
    }

    int port() {
        return connector.getLocalPort();
    }

    void start(Handler handler) {
        server.setHandler(handler);
        server.setErrorHandler(new UnreadableRequests());
        LifeCycle.start(server);
    }

    @Override
    public void close() {
        connector.close();
        LifeCycle.stop(server);
    }
}
