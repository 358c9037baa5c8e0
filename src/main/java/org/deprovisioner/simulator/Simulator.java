package org.deprovisioner.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Entra ID and Microsoft Graph on a loopback port of this computer, over TLS, from start to close.
 *
 * <p>Besides what Graph has, {@code /admin} on the same port takes no token: {@code GET}, {@code POST} and {@code DELETE
 * /admin/faults} ({@link Fault}), {@code GET /admin/calls} (JSON Lines of {@link Call}), {@code POST /admin/devices}
 * ({@link ManagedDevice}), {@code GET} and {@code DELETE /admin/devices/{id}}, {@code POST /admin/showing} and
 * {@code /admin/devices/{id}/showing} ({@link SimulatorOptions.Showing}), {@code GET} and
 * {@code POST /admin/approvals} ({@link Approvals.Order}, {@link ApprovalRequest}). Safe for many threads.
 */
public final class Simulator implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long IDLE_MILLIS = 600_000;

    private final SimulatorOptions options;
    private final URI origin;
    private final CallLog log;
    private final Traffic traffic;
    private final ActionTimings showings;
    private final Approvals approvals = new Approvals();
    private final Server server;

    private Simulator(SimulatorOptions options, Server server, int port, CallLog log) {
        this.options = options;
        this.server = server;
        this.origin = URI.create("https://localhost:" + port);
        this.log = log;
        this.traffic = new Traffic(log);
        EntraId entra = new EntraId(origin, options.app());
        this.showings = new ActionTimings(options.showing());
        Graph graph = new Graph(graphBaseUrl().toString(), options, entra, traffic, showings, approvals);
        server.setHandler(new SimulatorHandler(
                entra, graph, new AdminApi(traffic, showings, options.population(), approvals), traffic, log));
    }

    /**
     * Starts one; it answers when this returns.
     *
     * @throws IOException when the port is taken or the folder cannot be written
     */
    public static Simulator start(SimulatorOptions options) throws IOException {
        Certificates certificates = Certificates.create();
        Server server = new Server();
        ServerConnector connector = connector(server, certificates);
        connector.setPort(options.port());
        connector.open();
        Files.createDirectories(options.folder());
        Files.writeString(options.folder().resolve("ca.pem"), certificates.authority());
        CallLog log = new CallLog(options.folder().resolve("calls.jsonl"));
        Simulator simulator = new Simulator(options, server, connector.getLocalPort(), log);
        LifeCycle.start(server);
        return simulator;
    }

    /** What signs the app in: {@code https://localhost:<port>/<tenant>}. */
    public URI authority() {
        return origin.resolve("/" + tenantId());
    }

    /** What Graph's paths follow: {@code https://localhost:<port>/beta}. */
    public URI graphBaseUrl() {
        return origin.resolve("/beta");
    }

    /** The certificate of the authority to trust, as PEM. */
    public Path caFile() {
        return options.folder().resolve("ca.pem");
    }

    /** The calls received, one JSON line each, at most a fifth of a second behind. */
    public Path callsFile() {
        return options.folder().resolve("calls.jsonl");
    }

    /** The only tenant, a GUID. */
    public String tenantId() {
        return options.app().tenantId();
    }

    /** The only app, a GUID. */
    public String clientId() {
        return options.app().clientId();
    }

    /** What the app signs in with. */
    public String clientSecret() {
        return options.app().clientSecret();
    }

    /** The devices of the tenant, to look at and to change. */
    public Population population() {
        return options.population();
    }

    /** The calls received until now, and those of earlier runs in the same folder. */
    public List<Call> calls() {
        return log.calls();
    }

    /** Orders a fault, behind those that were ordered before. */
    public void fault(Fault.Match match, Fault.Effect effect) {
        traffic.set(new Fault(match, effect));
    }

    /** From now on the actions of every device show like this, unless it has a showing of its own. */
    public void show(SimulatorOptions.Showing showing) {
        showings.set(showing);
    }

    /** From now on the actions of one device show like this. */
    public void show(String deviceId, SimulatorOptions.Showing showing) {
        showings.set(deviceId.toLowerCase(Locale.ROOT), showing);
    }

    /** From now on every action needs a second administrator (Multi Admin Approval). */
    public void requireApproval() {
        approvals.order(new Approvals.Order(true, null, null, null));
    }

    /** The same, and the code of a filed request stands in the message alone. */
    public void requireApprovalWithCodeInMessage() {
        approvals.order(new Approvals.Order(true, true, null, null));
    }

    /** Every approval request there was, the oldest first. */
    public List<ApprovalRequest> approvals() {
        return approvals.all();
    }

    /** A person decides on every open approval request: {@code approved}, {@code rejected}, {@code expired} … */
    public void decide(String status) {
        approvals.order(new Approvals.Order(null, null, null, status));
    }

    /** Takes all faults back. */
    public void clearFaults() {
        traffic.clear();
    }

    /** Cuts all connections and completes the log. */
    @Override
    public void close() {
        LifeCycle.stop(server);
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerConnector connector(Server server, Certificates certificates) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificates.keyStore());
        tls.setKeyStorePassword("");
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector =
                new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
        connector.setHost(LOOPBACK);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        return connector;
    }
}
