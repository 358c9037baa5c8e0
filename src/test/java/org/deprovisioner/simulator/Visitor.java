package org.deprovisioner.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Somebody who calls the simulator over the network, trusting nothing but its CA file. */
record Visitor(Simulator simulator, HttpClient client, String token) {

    static final String REASON = "{\"deprovisionReason\":\"retiring_device\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static Visitor of(Simulator simulator) throws Exception {
        Visitor nobody = new Visitor(
                simulator,
                HttpClient.newBuilder().sslContext(trusting(simulator.caFile())).build(),
                "");
        return nobody.signedInFor("https://graph.microsoft.com");
    }

    Visitor signedInFor(String audience) throws Exception {
        HttpResponse<String> answer = signIn(simulator.clientId(), simulator.clientSecret(), audience + "/.default");
        return new Visitor(simulator, client, json(answer).path("access_token").asText());
    }

    HttpResponse<String> signIn(String clientId, String secret, String scope) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(simulator.authority() + "/oauth2/v2.0/token"))
                .POST(BodyPublishers.ofString("grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s"
                        .formatted(clientId, secret, scope))));
    }

    HttpResponse<String> deprovision(ManagedDevice device) throws Exception {
        return post("/deviceManagement/managedDevices/" + device.id() + "/deprovision", REASON);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(to(path).GET());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> desk(String method, String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(simulator.graphBaseUrl().resolve("/admin" + path))
                .method(method, BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.graphBaseUrl() + path))
                .header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer) {
        return WireJson.read(answer.body(), JsonNode.class);
    }

    static String code(HttpResponse<String> answer) {
        return json(answer).path("error").path("code").asText();
    }

    static Map<String, String> codeAndStatus(HttpResponse<String> answer) {
        return Map.of(String.valueOf(answer.statusCode()), code(answer));
    }

    static SSLContext trusting(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
