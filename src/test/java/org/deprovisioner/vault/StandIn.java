package org.deprovisioner.vault;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;

/** A small vault over TLS, with the part of the real one's API that secrets of the kind KV version 2 are read by. */
public final class StandIn implements AutoCloseable {

    public static final String TOKEN = "hvs.planted-vault-token";

    private final Certificates certificates = new Certificates();
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final RawServer server;
    private volatile boolean sealed;

    public StandIn() throws IOException {
        server = RawServer.tls(certificates.server("127.0.0.1"), this::answer);
    }

    /** Puts a secret, as a JSON object, where {@code /v1/<path>} reads it. */
    public StandIn put(String path, String fields) {
        secrets.put("/v1/" + path, fields);
        return this;
    }

    public void seal(boolean shut) {
        sealed = shut;
    }

    /** Answers everything so. */
    public void answers(String answer) {
        server.answers(RawServer.always(answer));
    }

    /** Takes every request and answers none. */
    public void hangs() {
        server.answers((request, connection) -> {});
    }

    /** Takes every request and never ends its answer to it. */
    public void drips() {
        server.answers(RawServer.drip("", "HTTP/1.1 102 Processing\r\n\r\n"));
    }

    public List<String> requests() {
        return server.requests;
    }

    public Path caFile(Path folder) throws IOException {
        return certificates.caFile(folder);
    }

    /** The settings that lead here, in Camel's names. */
    public Map<String, String> settings() {
        return Map.of(
                "camel.vault.hashicorp.host",
                "127.0.0.1",
                "camel.vault.hashicorp.port",
                String.valueOf(server.uri("/").getPort()),
                "camel.vault.hashicorp.token",
                TOKEN);
    }

    private void answer(String request, Socket connection) throws IOException {
        String path = request.split(" ", 3)[1];
        RawServer.write(connection, sealed ? error(503, "Vault is sealed") : unsealed(request, path));
    }

    private String unsealed(String request, String path) {
        if (path.startsWith("/v1/sys/health")) {
            return RawServer.json(200, "{\"sealed\":false}");
        } else if (!request.contains("X-Vault-Token: " + TOKEN + "\r\n")) {
            return error(403, "permission denied");
        }
        String fields = secrets.get(path);
        return fields == null
                ? RawServer.json(404, "{\"errors\":[]}")
                : RawServer.json(200, "{\"data\":{\"data\":" + fields + ",\"metadata\":{\"version\":1}}}");
    }

    private static String error(int status, String words) {
        return RawServer.json(status, "{\"errors\":[\"" + words + "\"]}");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
