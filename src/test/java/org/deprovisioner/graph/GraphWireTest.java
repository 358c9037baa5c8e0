package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.deprovisioner.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a YAML route with camel-http and our client really says to a server, and what it makes of what comes back. */
class GraphWireTest {

    private static final String PATH =
            "/deviceManagement/managedDevices/0a1b2c3d-0000-4000-8000-000000000001/deprovision";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Certificates CERTIFICATES = new Certificates();

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // such a clock may overflow
    private Duration timeout = Duration.ofSeconds(2);
    private Duration slept = Duration.ZERO;
    private Duration whileConnecting = Duration.ZERO;

    @TempDir
    Path folder;

    private String base = "";

    @AfterEach
    void stop() throws IOException {
        camel.close();
    }

    @Test
    void anActionOnTheWireIsWhatGraphsPageSaysAndNothingMore() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\nrequest-id: r-1\r\n\r\n"))) {
            GraphAnswer answer = call(server.uri("/beta"), PATH, action("{\"deprovisionReason\":\"Gerät zurück\"}"));

            assertThat(answer).isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                assertThat(http.status()).isEqualTo(204);
                assertThat(http.headers().requestId()).contains("r-1");
                assertThat(http.body()).isEmpty();
                assertThat(http.at()).isEqualTo(NOW);
            });
            String[] headAndBody = server.requests.get(0).split("\r\n\r\n", 2);
            assertThat(headAndBody[0].lines())
                    .containsExactlyInAnyOrder(
                            "POST /beta" + PATH + " HTTP/1.1",
                            "Host: 127.0.0.1:" + server.uri("").getPort(),
                            "Authorization: Bearer token-1",
                            "Accept: application/json",
                            "Content-Type: application/json",
                            "client-request-id: c-1",
                            "User-Agent: Deprovisioner/0.1.0",
                            "Content-Length: 38");
            assertThat(headAndBody[1]).isEqualTo("{\"deprovisionReason\":\"Gerät zurück\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/deviceManagement/x/users/jane%2Fdoe@contoso.com/y",
                "/deviceManagement/x/a:b/y",
                "/deviceManagement/x/100%25%20sure%3F%23/y",
                "/deviceManagement/x/%7B%7Bnot-a-placeholder%7D%7D/y",
                "/deviceManagement/x/%C3%A4%2B+/y"
            })
    void aPathIsNeitherDecodedNorEncodedAgain(String path) throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            call(server.uri("/beta"), path, action("{}"));

            assertThat(server.requests.get(0)).startsWith("POST /beta" + path + " HTTP/1.1\r\n");
        }
    }

    @Test
    void aReadCarriesItsQueryAsItWasEncoded() throws Exception {
        String query = "$filter=serialNumber%20eq%20'O''Neil%26%2B%23%25'&$select=id,deviceName";
        String device = "{\"id\":\"0A1B2C3D-0000-4000-8000-000000000001\",\"operatingSystem\":\"ChromeOS\"}";
        try (RawServer server = tls(RawServer.always(RawServer.json(200, device)))) {
            Map<String, Object> headers = new HashMap<>(action(""));
            headers.put("CamelHttpMethod", "GET");
            headers.put("CamelHttpQuery", query);
            headers.remove("Content-Type");
            GraphAnswer answer = call(server.uri("/beta"), "/deviceManagement/managedDevices", headers);

            assertThat(server.requests.get(0))
                    .startsWith("GET /beta/deviceManagement/managedDevices?" + query + " HTTP/1.1\r\n")
                    .doesNotContain("Content-");
            assertThat(answer)
                    .isInstanceOfSatisfying(
                            GraphAnswer.Http.class,
                            http -> assertThat(http.body()).isEqualTo(device));
        }
    }

    @Test
    void noHeaderOfAStrangerLeavesAndNoneOfTheServersIsTakenForCamels() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\nCamelHttpUri: http://x\r\n\r\n"))) {
            Map<String, Object> headers = new HashMap<>(action("{}"));
            headers.put("Cookie", "a=b");
            headers.put("X-Forwarded-For", "10.0.0.1");
            headers.put("ticket", "INC-1");
            start(server.uri("/beta"));
            Exchange done = exchange(PATH, headers);

            assertThat(server.requests.get(0)).doesNotContain("a=b", "10.0.0.1", "INC-1");
            assertThat(done.getMessage().getHeader("CamelHttpUri")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void aRedirectIsNotFollowed(int status) throws Exception {
        try (RawServer elsewhere = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"));
                RawServer server = tls(RawServer.always("HTTP/1.1 " + status + " Moved\r\nLocation: "
                        + elsewhere.uri("/x") + "\r\nContent-Length: 0\r\n\r\n"))) {
            GraphAnswer answer = call(server.uri("/beta"), PATH, action("{}"));

            assertThat(answer)
                    .isInstanceOfSatisfying(
                            GraphAnswer.Http.class,
                            http -> assertThat(http.status()).isEqualTo(status));
            assertThat(elsewhere.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407, 429, 503})
    void whatGraphRefusesIsNotRepeatedByTheClient(int status) throws Exception {
        try (RawServer server = tls(RawServer.always(RawServer.json(
                status, "{\"error\":{\"code\":\"x\"}}", "Retry-After: 1", "WWW-Authenticate: Basic realm=\"x\"")))) {
            GraphAnswer answer = call(server.uri("/beta"), PATH, action("{}"));

            assertThat(answer).isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                assertThat(http.status()).isEqualTo(status);
                assertThat(http.headers().get("retry-after")).contains("1");
                assertThat(http.error()).isPresent();
            });
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void cookiesAreNotKept() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/\r\n\r\n"))) {
            start(server.uri("/beta"));
            send(PATH, action("{}"));
            send(PATH, action("{}"));

            assertThat(server.requests).hasSize(2).noneMatch(request -> request.contains("ookie"));
        }
    }

    @Test
    void anIdleConnectionThatTheServerClosedPutsNothingInDoubt() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            start(server.uri("/beta"));
            for (int call = 1; call <= 10; call++) {
                assertThat(send(PATH, action("{}"))).as("call %s", call).isInstanceOf(GraphAnswer.Http.class);
                server.nextServed().close();
                long closed = System.nanoTime();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> System.nanoTime() - closed
                                > Duration.ofMillis(60).toNanos());
            }
            assertThat(server.connections).hasValue(10);
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        try (RawServer server = tls(RawServer.always(RawServer.json(404, "{\"error\":{\"code\":\"x\"}}")))) {
            start(server.uri("/beta"));
            send(PATH, action("{}"));
            send(PATH, action("{}"));

            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void aRequestOnWhichTheConnectionBreaksIsLost() throws Exception {
        try (RawServer server = tls((request, connection) -> connection.close())) {
            assertThat(call(server.uri("/beta"), PATH, action("{}"))).isInstanceOf(GraphAnswer.Lost.class);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void aRequestThatIsNotAnsweredInTimeIsLost() throws Exception {
        try (RawServer server = tls((request, connection) -> {})) {
            assertThat(call(server.uri("/beta"), PATH, action("{}"))).isInstanceOf(GraphAnswer.Lost.class);
        }
    }

    /** Each piece comes long before a socket would be given up, and none is the last. */
    static Stream<RawServer.Script> drips() {
        return Stream.of(
                RawServer.drip("", "HTTP/1.1 102 Processing\r\n\r\n"),
                RawServer.drip("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                RawServer.drip("HTTP/1.1 204 No Content\r\n", "X-Later: yes\r\n"),
                RawServer.drip("HTTP/1.1 204 No Content\r\nX-Long: ", "a"),
                RawServer.drip("HTTP/1.1 ", "2"));
    }

    @ParameterizedTest
    @MethodSource("drips")
    @Timeout(60)
    void anActionWhoseAnswerDripsIsLostAtTheDeadline(RawServer.Script drip) throws Exception {
        timeout = Duration.ofSeconds(1);
        try (RawServer server = tls(drip)) {
            assertThat(call(server.uri("/beta"), PATH, action("{}")))
                    .isInstanceOfSatisfying(
                            GraphAnswer.Lost.class,
                            lost -> assertThat(lost.reason()).isEqualTo("no answer within 1000 ms"));
            assertThat(server.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9000", "Transfer-Encoding: chunked"})
    @Timeout(60)
    void aBodyThatDripsIsBrokenOffAtTheDeadlineAndItsStatusStands(String length) throws Exception {
        timeout = Duration.ofSeconds(1);
        String piece = length.startsWith("T") ? "1\r\na\r\n" : "a";
        try (RawServer server =
                tls(RawServer.drip("HTTP/1.1 200 OK\r\nrequest-id: r-1\r\n" + length + "\r\n\r\n", piece))) {
            assertThat(call(server.uri("/beta"), PATH, action("{}")))
                    .isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                        assertThat(http.status()).isEqualTo(200);
                        assertThat(http.headers().requestId()).contains("r-1");
                        assertThat(http.extent()).isEqualTo(GraphAnswer.Extent.BROKEN_OFF);
                    });
        }
    }

    @Test
    @Timeout(60)
    void aTlsHandshakeThatDripsIsNotSent() throws Exception {
        timeout = Duration.ofSeconds(1);
        String handshakeOfSixteenThousandBytes = "\u0016\u0003\u0003@\u0000\u0002\u0000?\u00fc";
        try (ServerSocket listener = new ServerSocket(0)) {
            accept(listener, connection -> RawServer.drip(connection, handshakeOfSixteenThousandBytes, "a"));

            assertThat(call(at(listener), PATH, action("{}")))
                    .isInstanceOfSatisfying(
                            GraphAnswer.NotSent.class,
                            unsent -> assertThat(unsent.reason()).isEqualTo("no connection within 1000 ms"));
        }
    }

    @Test
    void whatIsNotHttpIsLost() throws Exception {
        try (RawServer server = tls(RawServer.always("SSH-2.0-x\r\n\r\n"))) {
            assertThat(call(server.uri("/beta"), PATH, action("{}"))).isInstanceOf(GraphAnswer.Lost.class);
        }
    }

    @Test
    void anEndlessBodyIsCutAtOneMebibyte() throws Exception {
        timeout = Duration.ofSeconds(30);
        try (RawServer server = tls((request, connection) -> {
            RawServer.write(connection, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
            while (true) {
                RawServer.write(connection, "x".repeat(65_536));
            }
        })) {
            assertThat(call(server.uri("/beta"), PATH, action("{}")))
                    .isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                        assertThat(http.status()).isEqualTo(502);
                        assertThat(http.body()).hasSize(1 << 20);
                        assertThat(http.extent()).isEqualTo(GraphAnswer.Extent.TOO_LARGE);
                    });
        }
    }

    @Test
    void aBodyThatBreaksOffTakesNothingFromTheStatus() throws Exception {
        try (RawServer server = tls((request, connection) -> {
            RawServer.write(connection, "HTTP/1.1 200 OK\r\nrequest-id: r-1\r\nContent-Length: 99\r\n\r\n{\"a\"");
            connection.close();
        })) {
            assertThat(call(server.uri("/beta"), PATH, action("{}")))
                    .isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                        assertThat(http.status()).isEqualTo(200);
                        assertThat(http.headers().requestId()).contains("r-1");
                    });
        }
    }

    @Test
    void howMuchOfAnAnswerCameIsSaidByUsAloneAndAByteOrderMarkIsNoPartOfIt() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\ndeprovisioner-extent: TOO_LARGE\r\nContent-Length: 5\r\n\r\n\uFEFF{}";
        try (RawServer server = tls(RawServer.always(answer))) {
            assertThat(call(server.uri("/beta"), PATH, action("{}")))
                    .isInstanceOfSatisfying(GraphAnswer.Http.class, http -> {
                        assertThat(http.extent()).isEqualTo(GraphAnswer.Extent.WHOLE);
                        assertThat(http.body()).isEqualTo("{}");
                    });
        }
    }

    @Test
    void anErrorWhileAnAnswerIsReadStopsTheRoute() throws Exception {
        start(URI.create("https://127.0.0.1:1"));
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError("nobody foresaw this");
            }
        });
        camel.createProducerTemplate().send("bean:graphEdge?method=readAnswer", exchange);
        assertThat(exchange.getException()).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(exchange.isFailed()).isTrue();
    }

    @Test
    void aRefusedConnectionIsNotSent() throws Exception {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = URI.create("https://127.0.0.1:" + free.getLocalPort() + "/beta");
        }
        assertThat(call(nobody, PATH, action("{}"))).isInstanceOf(GraphAnswer.NotSent.class);
    }

    @Test
    void aConnectionThatBreaksBeforeTlsStandsIsNotSent() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            accept(listener, connection -> connection.setSoLinger(true, 0));

            assertThat(call(at(listener), PATH, action("{}"))).isInstanceOf(GraphAnswer.NotSent.class);
        }
    }

    @Test
    void silenceInsteadOfTlsIsNotSent() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            assertThat(call(at(listener), PATH, action("{}"))).isInstanceOf(GraphAnswer.NotSent.class);
        }
    }

    @Test
    void aHostNobodyKnowsIsUnreachable() throws Exception {
        assertThat(call(URI.create("https://graph.invalid/beta"), PATH, action("{}")))
                .isInstanceOfSatisfying(
                        GraphAnswer.Unreachable.class,
                        unreachable -> assertThat(unreachable.fault()).isEqualTo(GraphAnswer.Fault.UNKNOWN_HOST));
    }

    @Test
    void aServerWithoutTlsIsUnreachable() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            accept(listener, connection -> RawServer.write(connection, "HTTP/1.1 400 Bad Request\r\n\r\n"));

            assertThat(call(at(listener), PATH, action("{}")))
                    .isInstanceOfSatisfying(
                            GraphAnswer.Unreachable.class,
                            unreachable -> assertThat(unreachable.fault()).isEqualTo(GraphAnswer.Fault.TLS));
        }
    }

    static Stream<RawServer> untrusted() throws IOException {
        RawServer.Script script = RawServer.always("HTTP/1.1 204 No Content\r\n\r\n");
        return Stream.of(
                RawServer.tls(new Certificates().server("127.0.0.1"), script),
                RawServer.tls(CERTIFICATES.server("graph.example"), script),
                RawServer.tls(CERTIFICATES.server("127.0.0.1", Duration.ofHours(-1)), script),
                RawServer.tls(Certificates.selfSigned("127.0.0.1"), script));
    }

    @ParameterizedTest
    @MethodSource("untrusted")
    void aServerThatIsNotTrustedGetsNothing(RawServer untrusted) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + untrusted.uri("").getPort() + "/beta");
        try (untrusted) {
            assertThat(call(uri, PATH, action("{}")))
                    .isInstanceOfSatisfying(
                            GraphAnswer.Unreachable.class,
                            unreachable -> assertThat(unreachable.fault()).isEqualTo(GraphAnswer.Fault.TLS));
            assertThat(untrusted.requests).noneMatch(request -> request.contains("Bearer"));
        }
    }

    @Test
    void overLoopbackWithoutTlsNoUpgradeIsAskedFor() throws Exception {
        try (RawServer server = RawServer.plain(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            call(server.uri("/beta"), PATH, action("{}"));

            assertThat(server.requests.get(0)).doesNotContain("Upgrade", "Connection");
        }
    }

    private void timePasses(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Map<String, Object> leavingWithinFiveSeconds() {
        Map<String, Object> headers = new HashMap<>(action("{}"));
        LeavesBy leavesBy = LeavesBy.in(Duration.ofSeconds(5), nanos::get, Clock.fixed(NOW, ZoneOffset.UTC));
        headers.put(LeavesBy.HEADER, leavesBy.header());
        return headers;
    }

    @Test
    void aCallThatLeavesInTimeSaysNothingOfIt() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            whileConnecting = Duration.ofSeconds(5);
            slept = Duration.ofSeconds(5);
            assertThat(call(server.uri("/beta"), PATH, leavingWithinFiveSeconds()))
                    .isInstanceOf(GraphAnswer.Http.class);
            assertThat(server.requests.get(0))
                    .doesNotContainIgnoringCase("leaves")
                    .doesNotContain("deprovisioner-");
        }
    }

    @Test
    void aCallThatWouldLeaveTooLateDoesNotLeaveHoweverLateThatShows() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            whileConnecting = Duration.ofMillis(5_001);
            assertThat(call(server.uri("/beta"), PATH, leavingWithinFiveSeconds()))
                    .isEqualTo(new GraphAnswer.TooLate());
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void soItIsAfterTheMachineSleptWhichOnlyTheWallClockShows() throws Exception {
        try (RawServer server = tls(RawServer.always("HTTP/1.1 204 No Content\r\n\r\n"))) {
            slept = Duration.ofMillis(5_001);
            assertThat(call(server.uri("/beta"), PATH, leavingWithinFiveSeconds()))
                    .isEqualTo(new GraphAnswer.TooLate());
            assertThat(server.requests).isEmpty();
        }
    }

    /** What a server does to the first connection, before it closes it. */
    private interface Reception {
        void receive(Socket connection) throws IOException;
    }

    private static void accept(ServerSocket listener, Reception reception) {
        Thread thread = new Thread(() -> {
            try (Socket connection = listener.accept()) {
                connection.getInputStream().read();
                reception.receive(connection);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static URI at(ServerSocket listener) {
        return URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/beta");
    }

    private static Map<String, Object> action(String body) {
        return Map.of(
                "body", body,
                "CamelHttpMethod", "POST",
                "Authorization", "Bearer token-1",
                "Accept", "application/json",
                "Content-Type", "application/json",
                "client-request-id", "c-1");
    }

    private RawServer tls(RawServer.Script script) throws IOException {
        return RawServer.tls(CERTIFICATES.server("127.0.0.1"), script);
    }

    private GraphAnswer call(URI baseUrl, String path, Map<String, Object> headers) throws Exception {
        start(baseUrl);
        return send(path, headers);
    }

    private void start(URI baseUrl) throws Exception {
        base = baseUrl.toString();
        Settings.Graph settings =
                new Settings.Graph(baseUrl, timeout, Optional.of(CERTIFICATES.caFile(folder)), Optional.empty());
        GraphHttp http = new GraphHttp(
                settings,
                4,
                chain -> timePasses(whileConnecting),
                Clock.offset(Clock.fixed(NOW, ZoneOffset.UTC), slept),
                nanos::get);
        camel.getRegistry().bind("graphEdge", new GraphEdge(http, false, Clock.fixed(NOW, ZoneOffset.UTC)));
        camel.getRegistry().bind("graphConnections", http.connections());
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveResource(
                        camel, "classpath:org/deprovisioner/graph/call-graph.camel.yaml"));
        camel.start();
    }

    private GraphAnswer send(String path, Map<String, Object> headers) {
        Exchange done = exchange(path, headers);
        return done.getException() == null
                ? done.getMessage().getBody(GraphAnswer.class)
                : GraphAnswer.of(done.getException());
    }

    private Exchange exchange(String path, Map<String, Object> headers) {
        return camel.createFluentProducerTemplate()
                .to("direct:call-graph")
                .withProcessor(exchange -> {
                    headers.forEach(exchange.getMessage()::setHeader);
                    exchange.getMessage().setHeader("CamelHttpUri", base + path);
                    exchange.getMessage().setBody(exchange.getMessage().removeHeader("body"));
                })
                .send();
    }
}
