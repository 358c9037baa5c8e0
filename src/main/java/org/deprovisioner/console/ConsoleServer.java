package org.deprovisioner.console;

import java.io.IOException;
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

/** The HTTP server of the console: what it takes from the network, and how much of it at once. */
final class ConsoleServer implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int MOST_CONNECTIONS = 2_000;
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final Server server;
    private final ServerConnector connector;

    /**
     * Takes the port; nobody is answered yet.
     *
     * @throws IOException when the port is taken
     */
    ConsoleServer(Settings.Console console, String listen) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("console-io");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(16 << 10);
        connector = new ServerConnector(server, 1, 1, connections(console.tls(), http));
        int colon = listen.lastIndexOf(':');
        connector.setHost(listen.substring(0, colon).replace("[", "").replace("]", ""));
        connector.setPort(Integer.parseInt(listen.substring(colon + 1)));
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        connector.open();
    }

    private static ConnectionFactory[] connections(Optional<Settings.Tls> files, HttpConfiguration http)
            throws IOException {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        if (files.isEmpty()) {
            return new ConnectionFactory[] {plain};
        }
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false); // the Host allow-list is ours, and people use addresses, too
        http.addCustomizer(secure);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(ServerCertificate.read(files.get()).keyStore());
        tls.setKeyStorePassword("");
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        return new ConnectionFactory[] {new SslConnectionFactory(tls, plain.getProtocol()), plain};
    }

    int port() {
        return connector.getLocalPort();
    }

    void start(Handler handler) {
        server.setHandler(handler);
        LifeCycle.start(server);
    }

    @Override
    public void close() {
        connector.close();
        LifeCycle.stop(server);
    }
}
