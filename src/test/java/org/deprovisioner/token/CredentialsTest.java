package org.deprovisioner.token;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpHost;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each way to sign in, against a token endpoint that verifies what it is shown. */
class CredentialsTest {

    private static final String TENANT_ID = PersonsAnswers.TENANT_ID;
    private static final String APP = "66666666-2222-4333-8444-555555555555";
    private static final URI GRAPH = URI.create("https://graph.microsoft.com/beta");
    private static final String PASSWORD = "correct horse";
    private static final Certificates CERTIFICATES = new Certificates();
    private static final Identity FIRST = Identity.made("CN=first");
    private static final Identity SECOND = Identity.made("CN=second");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Set<String> assertionsSeen = new HashSet<>();
    private final List<String> polls = new ArrayList<>();

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RawServer entra;
    private X509Certificate registered = FIRST.certificate();

    @BeforeEach
    void start() throws IOException {
        entra = RawServer.tls(CERTIFICATES.server("127.0.0.1"), this::answer);
        open.add(entra);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
        threads.shutdownNow();
    }

    @Test
    void aPemFileSignsInWithAnAssertionThatEntraCanVerify() throws Exception {
        Tokens tokens = tokens(certificate(FIRST.pem(folder.resolve("app.pem"), ""), "", false));

        assertThat(tokens.current("default").value()).isEqualTo("token-for-" + APP);
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-for-" + APP);
        assertThat(assertionsSeen).as("each assertion has a jti of its own").hasSize(2);
        assertThat(assertionHeader(0).has("x5c")).isFalse();
    }

    @Test
    void aPemFileMayHaveAPasswordAndEntraMayBeSentTheChain() throws Exception {
        Tokens tokens = tokens(certificate(FIRST.pem(folder.resolve("app.pem"), PASSWORD), PASSWORD, true));

        assertThat(tokens.current("default").value()).isEqualTo("token-for-" + APP);
        assertThat(assertionHeader(0).get("x5c").get(0).asText())
                .isEqualTo(
                        Base64.getEncoder().encodeToString(FIRST.certificate().getEncoded()));
    }

    @Test
    void aPfxFileDoesToo() throws Exception {
        Tokens tokens = tokens(certificate(FIRST.pfx(folder.resolve("app.pfx"), PASSWORD), PASSWORD, false));

        assertThat(tokens.current("default").value()).isEqualTo("token-for-" + APP);
    }

    @Test
    void aCertificateRenewedOnDiskIsUsedWithoutARestart() throws Exception {
        Path file = FIRST.pem(folder.resolve("app.pem"), "");
        Tokens tokens = tokens(certificate(file, "", false));
        tokens.current("default");

        registered = SECOND.certificate();
        SECOND.pem(file, "");
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-for-" + APP);
    }

    @Test
    void aCertificateThatEndsWithinThirtyDaysIsSaid() throws Exception {
        Settings.Tenant tenant = tenant(APP, certificate(FIRST.pem(folder.resolve("app.pem"), ""), "", false));
        Instant now = Instant.now();
        assertThat(CertificateEnds.warning(tenant, now).orElseThrow())
                .startsWith("The certificate of tenant default ends on ");
        assertThat(CertificateEnds.warning(tenant, now.plus(Duration.ofDays(2))).orElseThrow())
                .contains("ended on");
        assertThat(CertificateEnds.warning(tenant, now.minus(Duration.ofDays(40))))
                .isEmpty();
        assertThat(CertificateEnds.of(tenant(APP, new Credential.ManagedIdentity())))
                .isEmpty();
    }

    @Test
    void aPersonWhoSignsInAnewTakesTheOthersPlace() throws Exception {
        signIn().login(words -> {}, Duration.ofMillis(1));
        String kept = Files.readString(folder.resolve("login/default.json"));
        signIn().login(words -> {}, Duration.ofMillis(1));
        assertThat(JsonMapper.builder().build().readTree(kept).get("Account")).hasSize(1);
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(Files.readString(folder.resolve("login/default.json")))
                        .get("Account"))
                .hasSize(1);
    }

    @Test
    void aCertificateThatEntraDoesNotKnowOrThatCannotBeReadSaysWhatToDo() throws Exception {
        TokenException unknown = failure(tokens(certificate(SECOND.pem(folder.resolve("app.pem"), ""), "", false)));
        assertThat(unknown.code()).isEqualTo("AADSTS700027");
        assertThat(unknown.remedy()).contains("upload it");

        Path locked = FIRST.pfx(folder.resolve("app.pfx"), PASSWORD);
        assertThat(failure(tokens(certificate(locked, "wrong", false))).getMessage())
                .contains("app.pfx cannot be used as a certificate", "password");
        Path keyless = Files.writeString(folder.resolve("half.pem"), Identity.pem(FIRST.certificate()));
        assertThat(failure(tokens(certificate(keyless, "", false))).getMessage())
                .contains("no private key");
        assertThat(failure(tokens(certificate(folder.resolve("gone.pem"), "", false)))
                        .getMessage())
                .contains("a file cannot be read", "gone.pem");
        assertThat(entra.requests).hasSize(1);
    }

    @Test
    void aFederatedTokenIsReadAnewAsItRotates() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "federated-1\n");
        Tokens tokens = tokens(new Credential.WorkloadIdentity(file));
        assertThat(tokens.current("default").value()).isEqualTo("token-by-federated-1");

        Files.writeString(file, "federated-2");
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-by-federated-2");
        assertThat(form(0))
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }

    @Test
    void aTokenThatPowershellWroteIsSentAsItIsAndOneThatIsNoTextIsNot() throws Exception {
        Path file = Files.write(folder.resolve("token"), "\uFEFFfederated-1\r\n".getBytes(UTF_16LE));
        Tokens tokens = tokens(new Credential.WorkloadIdentity(file));
        assertThat(tokens.current("default").value()).isEqualTo("token-by-federated-1");

        Files.write(file, new byte[] {'f', 'e', 'd', (byte) 0xe9});
        tokens.forget("default");
        TokenException failure = failure(tokens);
        assertThat(failure).hasMessageContainingAll(file.toString(), "neither UTF-8 nor UTF-16");
        assertThat(failure.remedy()).contains("Save it as UTF-8");
        assertThat(entra.requests).hasSize(1);
    }

    @Test
    void aSecretRenewedInItsFileIsUsedWithoutARestart() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "old");
        Tokens tokens = tokens(new Credential.ClientSecret(new SecretReference(new Secret("old"), Optional.of(file))));
        assertThat(failure(tokens).code()).isEqualTo("AADSTS7000215");

        Files.writeString(file, "new\n");
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-by-new");
    }

    @Test
    void aManagedIdentityAsksTheMachineItself() throws Exception {
        RawServer machine = RawServer.plain((request, connection) -> RawServer.write(
                connection,
                RawServer.json(
                        200,
                        "{\"access_token\":\"of-the-machine\",\"token_type\":\"Bearer\",\"expires_on\":\"%d\"}"
                                .formatted(Instant.now().plusSeconds(3600).getEpochSecond()))));
        open.add(machine);
        HttpHost there = new HttpHost("http", "127.0.0.1", machine.uri("").getPort());
        CloseableHttpClient client = HttpClients.custom()
                .setRoutePlanner((target, context) -> new HttpRoute(there))
                .build();
        open.add(client);

        Tokens system = tokens(client, tenant("", new Credential.ManagedIdentity()));
        assertThat(system.current("default").value()).isEqualTo("of-the-machine");
        assertThat(machine.requests.get(0))
                .startsWith("GET /metadata/identity/oauth2/token?")
                .contains("resource=https%3A%2F%2Fgraph.microsoft.com", "Host: 169.254.169.254", "Metadata: true")
                .doesNotContain("client_id");
        Tokens user = tokens(client, tenant(APP, new Credential.ManagedIdentity()));
        user.current("default");
        assertThat(machine.requests.get(1)).contains("client_id=" + APP);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPersonSignsInByDeviceCodeOnceAndTheSignInIsRenewedSilently() throws Exception {
        Tokens tokens = tokens(new Credential.DeviceCode());
        assertThat(failure(tokens).remedy()).contains("./deprovision login");

        List<String> said = new ArrayList<>();
        assertThat(signIn().login(said::add, Duration.ofMillis(1))).isEqualTo("jane@example.com");
        assertThat(said).singleElement().asString().contains("ABCD-EFGH");
        assertThat(polls).containsExactly("authorization_pending", "slow_down", "authorization_pending", "granted");

        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-by-refresh-1");
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-by-refresh-2");
        Path kept = folder.resolve("login/default.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        Tokens restarted = tokens(new Credential.DeviceCode());
        assertThat(restarted.current("default").value()).isEqualTo("token-by-refresh-3");
    }

    @Test
    void aSignInThatHasEndedSaysHowToBeginAnew() throws Exception {
        Tokens tokens = tokens(new Credential.DeviceCode());
        signIn().login(words -> {}, Duration.ofMillis(1));
        entra.answers(
                RawServer.always(
                        RawServer.json(
                                400,
                                "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: The refresh token has expired.\"}")));

        tokens.forget("default");
        TokenException failure = failure(tokens);
        assertThat(failure.code()).isEqualTo("AADSTS700082");
        assertThat(failure.remedy()).contains("./deprovision login");
    }

    private void answer(String request, Socket connection) throws IOException {
        String answer;
        try {
            String path = request.split(" ", 3)[1];
            answer = path.endsWith("/devicecode") ? PersonsAnswers.deviceCode() : token(form(request));
        } catch (Exception e) {
            answer = RawServer.json(500, "{\"error\":\"" + e + "\"}");
        }
        RawServer.write(connection, answer);
    }

    private String token(Map<String, String> form) throws Exception {
        return switch (form.get("grant_type")) {
            case "client_credentials" ->
                form.containsKey("client_assertion")
                        ? assertion(form.get("client_assertion"))
                        : form.get("client_secret").equals("new")
                                ? granted("token-by-new")
                                : refused(401, "AADSTS7000215: Invalid client secret provided.");
            case "refresh_token" -> {
                int number = Integer.parseInt(form.get("refresh_token").replaceAll("\\D", "")) + 1;
                yield PersonsAnswers.signedIn("token-by-refresh-" + number, "refresh-" + number);
            }
            default -> poll(form);
        };
    }

    private String assertion(String assertion) throws Exception {
        if (assertion.startsWith("federated-")) {
            return granted("token-by-" + assertion);
        }
        String[] parts = assertion.split("\\.", 3);
        JsonNode header = json(parts[0]);
        JsonNode claims = json(parts[1]);
        // MSAL writes it in the common alphabet of base64, which Entra takes
        byte[] digest = Base64.getDecoder().decode(header.get("x5t#S256").asText());
        if (!MessageDigest.isEqual(digest, MessageDigest.getInstance("SHA-256").digest(registered.getEncoded()))) {
            return refused(401, "AADSTS700027: The certificate is not registered.");
        }
        assertThat(header.get("alg").asText()).isEqualTo("RS256");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(registered.getPublicKey());
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(claims.get("iss").asText()).isEqualTo(APP);
        assertThat(claims.get("sub").asText()).isEqualTo(APP);
        assertThat(claims.get("aud").asText()).endsWith("/" + TENANT_ID + "/oauth2/v2.0/token");
        assertThat(Instant.ofEpochSecond(claims.get("exp").asLong()))
                .isBetween(Instant.now(), Instant.now().plusSeconds(3600));
        assertThat(assertionsSeen.add(claims.get("jti").asText())).isTrue();
        return granted("token-for-" + APP);
    }

    private String poll(Map<String, String> form) {
        assertThat(form).containsEntry("device_code", "device-1");
        String next = List.of("authorization_pending", "slow_down", "authorization_pending", "granted")
                .get(polls.size() % 4);
        polls.add(next);
        return next.equals("granted")
                ? PersonsAnswers.signedIn("token-1", "refresh-0")
                : RawServer.json(400, "{\"error\":\"" + next + "\",\"error_description\":\"AADSTS70016: wait\"}");
    }

    private static String granted(String token) {
        return RawServer.json(
                200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"" + token + "\"}");
    }

    private static String refused(int status, String words) {
        return RawServer.json(status, "{\"error\":\"invalid_client\",\"error_description\":\"" + words + "\"}");
    }

    private Map<String, String> form(int request) {
        return form(entra.requests.get(request));
    }

    private static Map<String, String> form(String request) {
        Map<String, String> form = new HashMap<>();
        for (String pair : request.split("\r\n\r\n", 2)[1].split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
        }
        return form;
    }

    private JsonNode assertionHeader(int request) throws IOException {
        return json(form(request).get("client_assertion").split("\\.", 2)[0]);
    }

    private static JsonNode json(String base64) throws IOException {
        return JsonMapper.builder().build().readTree(Base64.getUrlDecoder().decode(base64));
    }

    private static Credential certificate(Path file, String password, boolean sendChain) {
        return new Credential.ClientCertificate(
                file,
                Optional.of(password)
                        .filter(word -> !word.isEmpty())
                        .map(word -> new SecretReference(new Secret(word), Optional.empty())),
                sendChain);
    }

    private EntraSignIn signIn() throws IOException {
        return new EntraSignIn(
                tenant(APP, new Credential.DeviceCode()), GRAPH, client(), folder.resolve("login"), threads);
    }

    private Tokens tokens(Credential credential) throws IOException {
        return tokens(client(), tenant(APP, credential));
    }

    private CloseableHttpClient client() throws IOException {
        GraphHttp http = new GraphHttp(
                new Settings.Graph(
                        GRAPH, Duration.ofSeconds(5), Optional.of(CERTIFICATES.caFile(folder)), Optional.empty()),
                1);
        CloseableHttpClient client = http.client();
        open.addAll(List.of(client, http));
        return client;
    }

    private Settings.Tenant tenant(String clientId, Credential credential) {
        Settings.Quota quota = new Settings.Quota(200, Duration.ofSeconds(20), 1800);
        return new Settings.Tenant("default", TENANT_ID, clientId, credential, entra.uri("/" + TENANT_ID), quota);
    }

    private Tokens tokens(CloseableHttpClient client, Settings.Tenant tenant) {
        Tokens tokens = new Tokens(
                Map.of("default", tenant), GRAPH, folder, client, Clock.systemUTC(), new SplittableRandom(42));
        open.add(tokens);
        return tokens;
    }

    private static TokenException failure(Tokens tokens) {
        return catchThrowableOfType(TokenException.class, () -> tokens.current("default"));
    }
}
