package org.deprovisioner.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens from a real token endpoint over real TLS. */
class TokensTest {

    private static final String SECRET = "s3cr3t~value";
    private static final String TENANT_ID = "11111111-2222-4333-8444-555555555555";
    private static final URI GRAPH = URI.create("https://graph.microsoft.com/beta");
    private static final Certificates CERTIFICATES = new Certificates();

    private final AdjustableClock clock = new AdjustableClock();
    private final AtomicInteger issued = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path folder;

    private RawServer entra;

    @BeforeEach
    void start() throws IOException {
        entra = RawServer.tls(CERTIFICATES.server("127.0.0.1"), this::issue);
        open.add(entra);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    @Test
    void aTokenIsAskedForAsEntrasPageSays() throws IOException {
        BearerToken token = tokens().current("default");

        assertThat(token.value()).isEqualTo("token-1");
        assertThat(token.expires())
                .isBetween(clock.instant().plusSeconds(3500), clock.instant().plusSeconds(3700));
        String request = URLDecoder.decode(entra.requests.get(0), StandardCharsets.UTF_8);
        assertThat(request)
                .startsWith("POST /" + TENANT_ID + "/oauth2/v2.0/token HTTP/1.1\r\n")
                .contains("grant_type=client_credentials", "client_id=app-1", "client_secret=" + SECRET)
                .contains("scope=https://graph.microsoft.com/.default")
                .contains("\"xms_cc\":{\"values\":[\"cp1\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"access_token\":\"a\",\"access_token\":\"b\",\"expires_in\":3599,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\",\"expires_in\":1,\"expires_in\":3599,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\",\"expires_in\":3599,\"token_type\":\"Bearer\"}{}",
                "{\"access_token\":\"a"
            })
    void anAnswerThatContradictsItselfOrIsDamagedIsNoTokenAndIsAskedForAgain(String answer) {
        entra.answers(RawServer.always(RawServer.json(200, answer)));

        assertThatThrownBy(() -> tokens().current("default"))
                .isInstanceOfSatisfying(
                        TokenException.class,
                        refusal -> assertThat(refusal.isUnreachable()).isTrue())
                .hasMessageContaining("contradicts itself");
    }

    @Test
    void aByteOrderMarkBeforeTheAnswerIsNoPartOfIt() throws IOException {
        entra.answers(RawServer.always(
                RawServer.json(200, "\uFEFF{\"access_token\":\"a\",\"expires_in\":3599,\"token_type\":\"Bearer\"}")));

        assertThat(tokens().current("default").value()).isEqualTo("a");
    }

    @Test
    @Timeout(60)
    void anAnswerThatDripsIsGivenUp() throws Exception {
        entra.answers(RawServer.drip("", "HTTP/1.1 102 Processing\r\n\r\n"));

        assertThatThrownBy(() -> tokens().current("default"))
                .isInstanceOfSatisfying(
                        TokenException.class,
                        refusal -> assertThat(refusal.isUnreachable()).isTrue())
                .hasMessageContaining("no answer within 5000 ms");
    }

    @Test
    void manyThreadsMakeOneCall() throws Exception {
        Tokens tokens = tokens();

        assertThat(together(20, () -> tokens.current("default").value())).containsOnly("token-1");
        assertThat(entra.requests).hasSize(1);
    }

    @Test
    void aTokenIsRenewedAheadOfItsEnd() throws IOException {
        Tokens tokens = tokens();
        tokens.current("default");

        clock.advance(Duration.ofMinutes(47));
        assertThat(tokens.current("default").value()).isEqualTo("token-1");
        clock.advance(Duration.ofMinutes(8));
        assertThat(tokens.current("default").value()).isEqualTo("token-2");
    }

    @Test
    void whileOneThreadRenewsTheOthersGoOnWithTheOldToken() throws Exception {
        Tokens tokens = tokens();
        tokens.current("default");
        clock.advance(Duration.ofMinutes(55));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        entra.answers((request, connection) -> {
            asked.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            issue(request, connection);
        });
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<BearerToken> renewing = thread.submit(() -> tokens.current("default"));
        asked.await();

        assertThat(tokens.current("default").value()).isEqualTo("token-1");
        answer.countDown();
        assertThat(renewing.get().value()).isEqualTo("token-2");
        assertThat(tokens.current("default").value()).isEqualTo("token-2");
        thread.shutdown();
    }

    @Test
    void aRenewalThatFailsLeavesTheOldTokenUntilItsEnd() throws IOException {
        Tokens tokens = tokens();
        tokens.current("default");
        entra.answers(RawServer.always(RawServer.json(500, "{}")));

        clock.advance(Duration.ofMinutes(55));
        assertThat(tokens.current("default").value()).isEqualTo("token-1");
        assertThat(tokens.current("default").value()).isEqualTo("token-1");
        assertThat(entra.requests).hasSize(2);
        clock.advance(Duration.ofMinutes(10));
        assertThat(failure(tokens)).isNotNull();
    }

    @Test
    void aRefusedTokenIsReplacedOnceHoweverManyCallsItWasRefused() throws Exception {
        Tokens tokens = tokens();
        BearerToken refused = tokens.current("default");

        List<String> values = together(20, () -> {
            tokens.invalidate("default", refused, Optional.empty());
            return tokens.current("default").value();
        });
        assertThat(values).containsOnly("token-2");
        assertThat(entra.requests).hasSize(2);
    }

    @Test
    void aClaimsChallengeIsPassedOnToEntra() throws IOException {
        Tokens tokens = tokens();
        tokens.invalidate(
                "default",
                tokens.current("default"),
                Optional.of("{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}"));
        tokens.current("default");

        assertThat(URLDecoder.decode(entra.requests.get(1), StandardCharsets.UTF_8))
                .contains("\"nbf\":", "\"essential\":true", "\"1604106651\"", "cp1");
    }

    @Test
    void aFailureIsSharedAndAskedForAgainOnlyAfterItsBackoff() throws Exception {
        entra.answers(refusal("AADSTS7000222", "expired"));
        Tokens tokens = tokens();

        assertThat(together(20, () -> failure(tokens).code())).containsOnly("AADSTS7000222");
        assertThat(entra.requests).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        failure(tokens);
        failure(tokens);
        assertThat(entra.requests).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        failure(tokens);
        assertThat(entra.requests).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        entra.answers(this::issue);
        assertThat(tokens.current("default").value()).isEqualTo("token-1");
    }

    @Test
    void thoseWhoWaitedForAnAnswerThatNeverCameShareThatFailure() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TokenSource source = new TokenSource(
                claims -> {
                    calls.incrementAndGet();
                    clock.advance(Duration.ofSeconds(15));
                    throw new TokenException("default", "", "no answer", "", true);
                },
                clock,
                new SplittableRandom(42));
        assertThat(together(
                        64,
                        () -> catchThrowableOfType(TokenException.class, source::current)
                                .getMessage()))
                .containsOnly("no answer");
        assertThat(calls).hasValue(1);
    }

    @Test
    void resumeBeginsWithANewTokenAtOnce() throws IOException {
        entra.answers(refusal("AADSTS7000215", "wrong"));
        Tokens tokens = tokens();
        failure(tokens);
        entra.answers(this::issue);

        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-1");
        tokens.forget("default");
        assertThat(tokens.current("default").value()).isEqualTo("token-2");
    }

    @ParameterizedTest
    @CsvSource({
        "AADSTS7000215,AZURE_CLIENT_SECRET",
        "AADSTS7000222,expired",
        "AADSTS700016,AZURE_CLIENT_ID",
        "AADSTS90002,AZURE_TENANT_ID",
        "AADSTS65001,consent",
        "AADSTS700027,certificate",
        "AADSTS50196,loop",
        "AADSTS500113,clock",
        "AADSTS500133,clock",
        "AADSTS700024,clock",
        "AADSTS12345,sign-in log"
    })
    void aRefusalSaysEntrasCodeAndWhatToDo(String code, String remedy) throws IOException {
        entra.answers(refusal(code, "Something is wrong with " + SECRET));

        TokenException failure = failure(tokens());
        assertThat(failure.tenant()).isEqualTo("default");
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.remedy()).contains(remedy);
        assertThat(failure.getMessage()).contains(code, "Something is wrong").doesNotContain("Trace ID");
        assertThat(allOf(failure)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_client,AZURE_CLIENT_ID",
        "invalid_client,its value",
        "unauthorized_client,deprovision.auth",
        "invalid_scope,deprovision.graph.base-url"
    })
    void aRefusalWithoutEntrasCodeIsNotTakenForACaptivePortal(String error, String remedy) throws IOException {
        for (String words : List.of("", ",\"error_description\":\"Client authentication failed\"")) {
            entra.answers(RawServer.always(RawServer.json(401, "{\"error\":\"" + error + "\"" + words + "}")));

            TokenException failure = failure(tokens());
            assertThat(failure.getMessage()).contains(words.isEmpty() ? error : "Client authentication failed");
            assertThat(failure.remedy()).contains(remedy).doesNotContain("captive portal");
        }
    }

    @Test
    void aCaptivePortalIsNotTakenForEntra() throws IOException {
        entra.answers(
                RawServer.always("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>"));

        TokenException failure = failure(tokens());
        assertThat(failure.getMessage()).contains("what answered, with 200 and no JSON, is not Entra");
        assertThat(failure.remedy()).contains("captive portal");
    }

    @ParameterizedTest
    @CsvSource({"302", "307", "308"})
    void theSecretDoesNotFollowARedirect(int status) throws IOException {
        RawServer elsewhere = RawServer.tls(CERTIFICATES.server("127.0.0.1"), this::issue);
        open.add(elsewhere);
        entra.answers(RawServer.always(
                "HTTP/1.1 " + status + " Moved\r\nLocation: " + elsewhere.uri("/x") + "\r\nContent-Length: 0\r\n\r\n"));

        TokenException failure = failure(tokens());
        assertThat(failure.getMessage()).contains(status + ", a redirect");
        assertThat(failure.remedy()).contains("captive portal");
        assertThat(elsewhere.requests).isEmpty();
    }

    static Stream<Arguments> untrusted() {
        return Stream.of(
                Arguments.of(new Certificates().server("127.0.0.1"), "Signature does not match"),
                Arguments.of(Certificates.selfSigned("127.0.0.1"), "unable to find valid certification path"),
                Arguments.of(CERTIFICATES.server("login.example"), "No subject alternative names matching"),
                Arguments.of(CERTIFICATES.server("127.0.0.1", Duration.ofHours(-1)), "NotAfter"));
    }

    @ParameterizedTest
    @MethodSource("untrusted")
    void anEndpointThatIsNotTrustedGetsNoSecret(SSLContext server, String reason) throws IOException {
        RawServer untrusted = RawServer.tls(server, this::issue);
        open.add(untrusted);

        TokenException failure = failure(tokens(untrusted.uri("/" + TENANT_ID)));
        assertThat(failure.getMessage()).contains("no trusted connection", reason);
        assertThat(failure.remedy()).contains("deprovision.tls.ca-file");
        assertThat(failure.isUnreachable()).isTrue();
        assertThat(untrusted.requests).isEmpty();
    }

    @Test
    void anEndpointThatCannotBeReachedSaysSo() throws IOException {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = URI.create("https://127.0.0.1:" + free.getLocalPort() + "/" + TENANT_ID);
        }
        assertThat(failure(tokens(nobody)).getMessage()).contains("Connection refused");
        assertThat(failure(tokens(URI.create("https://login.invalid/" + TENANT_ID)))
                        .getMessage())
                .contains("the host is not known");
        assertThat(failure(tokens(URI.create("nonsense"))).tenant()).isEqualTo("default");
    }

    @Test
    void anEndpointThatFailsIsCalledOnce() throws IOException {
        entra.answers(RawServer.always(RawServer.json(503, "{\"client_secret\":\"" + SECRET + "\"}")));

        TokenException failure = failure(tokens());
        assertThat(failure.getMessage()).contains("it answered 503");
        assertThat(failure.remedy()).contains("passes by itself");
        assertThat(entra.requests).hasSize(1);
    }

    @Test
    void nothingShowsATokenOrTheSecret() throws IOException {
        Tokens tokens = tokens();

        assertThat(tokens.current("default").toString() + tenant(GRAPH)).doesNotContain("token-1", SECRET);
    }

    private void issue(String request, Socket connection) throws IOException {
        String token = "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"token-%d\"}";
        RawServer.write(connection, RawServer.json(200, token.formatted(issued.incrementAndGet())));
    }

    private static RawServer.Script refusal(String code, String words) {
        String body = "{\"error\":\"invalid_client\",\"error_description\":\"%s: %s. Trace ID: t-1 Correlation ID: c-1"
                + " Timestamp: 2026-11-24 10:00:00Z\",\"error_codes\":[1]}";
        return RawServer.always(RawServer.json(401, body.formatted(code, words)));
    }

    private Tokens tokens() throws IOException {
        return tokens(entra.uri("/" + TENANT_ID));
    }

    private Tokens tokens(URI authority) throws IOException {
        GraphHttp http = new GraphHttp(
                new Settings.Graph(
                        GRAPH, Duration.ofSeconds(5), Optional.of(CERTIFICATES.caFile(folder)), Optional.empty()),
                1);
        CloseableHttpClient client = http.client();
        Tokens tokens = new Tokens(
                Map.of("default", tenant(authority)), GRAPH, folder, client, clock, new SplittableRandom(42));
        open.addAll(List.of(tokens, client, http));
        return tokens;
    }

    private static Settings.Tenant tenant(URI authority) {
        Settings.Credential secret =
                new Settings.Credential.ClientSecret(new SecretReference(new Secret(SECRET), Optional.empty()));
        Settings.Quota quota = new Settings.Quota(200, Duration.ofSeconds(20), 1800);
        return new Settings.Tenant("default", TENANT_ID, "app-1", secret, authority, quota);
    }

    private static TokenException failure(Tokens tokens) {
        return catchThrowableOfType(TokenException.class, () -> tokens.current("default"));
    }

    private static String allOf(Throwable failure) {
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all));
        return all.toString();
    }

    private static List<String> together(int threads, Callable<String> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<String>> results = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            results.add(pool.submit(() -> {
                start.await();
                return work.call();
            }));
        }
        start.countDown();
        List<String> values = new ArrayList<>();
        for (Future<String> result : results) {
            values.add(result.get());
        }
        pool.shutdown();
        await().until(pool::isTerminated);
        return values;
    }

    /** A clock that a test sets forward. */
    private static final class AdjustableClock extends Clock {

        private volatile Instant now = Instant.now();

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
