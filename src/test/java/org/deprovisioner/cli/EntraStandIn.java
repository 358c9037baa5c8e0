package org.deprovisioner.cli;

import java.io.IOException;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;

/** A token endpoint of its own, which grants what the simulator's would while it is well. */
final class EntraStandIn implements AutoCloseable {

    /** When each token was asked for. */
    final List<Instant> asked = new CopyOnWriteArrayList<>();

    private final Stage stage;
    private final RawServer server;

    /** One beside the simulator of a stage, which is told to trust it. */
    EntraStandIn(Stage stage) throws IOException {
        this.stage = stage;
        Certificates certificates = new Certificates();
        this.server = RawServer.tls(certificates.server("127.0.0.1"), written(this::asTheSimulator));
        Path authorities = stage.data.resolveSibling("authorities.pem");
        if (Files.notExists(authorities)) {
            Files.copy(stage.simulator.caFile(), authorities);
        }
        Path own = Files.createTempDirectory(stage.data.resolveSibling("simulator"), "entra");
        Files.writeString(authorities, Files.readString(certificates.caFile(own)), StandardOpenOption.APPEND);
        stage.set("deprovision.tls.ca-file", authorities.toString());
    }

    int port() {
        return server.uri("/").getPort();
    }

    String authority() {
        return authorityOf(stage.simulator.tenantId());
    }

    /** @param tenant the simulator's tenant, by its id or a domain */
    String authorityOf(String tenant) {
        return server.uri("/" + tenant).toString();
    }

    /** What it was asked, decoded. */
    List<String> requests() {
        return server.requests.stream()
                .map(request -> URLDecoder.decode(request, StandardCharsets.UTF_8))
                .toList();
    }

    void falls(RawServer.Script ill) {
        server.answers(written(ill));
    }

    void recovers() {
        falls(this::asTheSimulator);
    }

    private RawServer.Script written(RawServer.Script script) {
        return (request, connection) -> {
            asked.add(Instant.now());
            script.answer(request, connection);
        };
    }

    private void asTheSimulator(String request, Socket connection) throws IOException {
        RawServer.write(connection, stage.signIn(request.split("\r\n\r\n", 2)[1]));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
