package org.deprovisioner.cli;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.settings.Settings;

/** A token endpoint of its own, which grants what the simulator's would while it is well. */
final class EntraStandIn implements AutoCloseable {

    /** When each token was asked for. */
    final List<Instant> asked = new CopyOnWriteArrayList<>();

    private final Stage stage;
    private final GraphHttp http;
    private final RawServer server;

    /** One beside the simulator of a stage, which is told to trust it. */
    EntraStandIn(Stage stage) throws IOException {
        this.stage = stage;
        this.http = new GraphHttp(
                new Settings.Graph(
                        stage.simulator.graphBaseUrl(),
                        Duration.ofSeconds(30),
                        Optional.of(stage.simulator.caFile()),
                        Optional.empty()),
                4);
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

    String authority() {
        return server.uri("/" + stage.simulator.tenantId()).toString();
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
        HttpPost post = new HttpPost(URI.create(stage.simulator.authority() + "/oauth2/v2.0/token"));
        post.setEntity(new StringEntity(request.split("\r\n\r\n", 2)[1], ContentType.APPLICATION_FORM_URLENCODED));
        try (CloseableHttpClient client = http.client()) {
            String answer = client.execute(
                    post, said -> RawServer.json(said.getCode(), EntityUtils.toString(said.getEntity())));
            RawServer.write(connection, answer);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        http.close();
    }
}
