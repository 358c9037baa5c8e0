package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deprovisioner.graph.Answers.graph;
import static org.deprovisioner.graph.Answers.http;
import static org.deprovisioner.graph.Answers.page;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deprovisioner.graph.Settlement.Dead;
import org.deprovisioner.graph.Settlement.Done;
import org.deprovisioner.graph.Settlement.Ending;
import org.deprovisioner.graph.Settlement.Failure;
import org.deprovisioner.graph.Settlement.InDoubt;
import org.deprovisioner.graph.Settlement.NewToken;
import org.deprovisioner.graph.Settlement.Paused;
import org.deprovisioner.graph.Settlement.Retry;
import org.deprovisioner.graph.Settlement.Throttled;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table "How an answer to the action is settled", row by row, and what an answer to a read says. */
class AnswerRulesTest {

    private static final Instant THEN = Answers.AT.minusSeconds(60);
    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";

    private static final Sought DEVICE = Sought.device(Optional.empty());

    private final AnswerRules settling = new AnswerRules(new SplittableRandom(42));

    static Stream<Arguments> rows() {
        AttemptHistory first = Attempts.first().attempt();
        AttemptHistory resolved = Attempts.first().resolved().attempt();
        AttemptHistory last = Attempts.first().charged(9).attempt();
        AttemptHistory old = Attempts.first().age(Duration.ofHours(24)).attempt();
        AttemptHistory newToken = Attempts.first().newToken().attempt();
        AttemptHistory forbidden = Attempts.first().forbiddenBefore(THEN, Optional.empty());
        AttemptHistory aloneForbidden = Attempts.first().forbiddenBefore(THEN, Optional.of(THEN.plusSeconds(1)));
        AttemptHistory forbiddenSince = Attempts.first().forbiddenBefore(THEN, Optional.of(THEN.minusSeconds(1)));
        Map<String, String> requestId = Map.of("request-id", "r-1");
        return Stream.of(
                arguments("204 is done", http(204, "", Map.of()), first, "Done DEPROVISIONED"),
                arguments("200 of Graph is done", http(200, "", requestId), first, "Done DEPROVISIONED"),
                arguments("202 of Graph is done", http(202, "{\"a\":1}", requestId), first, "Done DEPROVISIONED"),
                arguments(
                        "200 of a stranger", http(200, "<html>", Map.of()), first, "InDoubt, Paused not-graph RESUME"),
                arguments("400 is dead", graph(400, "BadRequest"), first, "Dead REJECTED_BY_GRAPH BadRequest"),
                arguments("404, not resolved", graph(404, "NotFound"), first, "Dead REJECTED_BY_GRAPH NotFound"),
                arguments("404 of a resolved device", graph(404, "NotFound"), resolved, "ReadOnceMore"),
                arguments("405 is dead", graph(405, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("406 is dead", graph(406, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("410 is dead", graph(410, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("412 without approval", graph(412, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("413 is dead", graph(413, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("415 is dead", graph(415, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("422 is dead", graph(422, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("418 is dead", graph(418, "x"), first, "Dead REJECTED_BY_GRAPH x"),
                arguments("400 of a proxy", page(400), first, "Paused not-graph PROBE"),
                arguments("404 of a proxy", page(404), resolved, "Paused not-graph PROBE"),
                arguments("403 of a proxy", page(403), first, "Paused not-graph PROBE"),
                arguments("407 of a proxy", page(407), first, "Paused not-graph PROBE"),
                arguments("409 of a proxy", page(409), first, "Paused not-graph PROBE"),
                arguments("423 of a proxy", page(423), first, "Paused not-graph PROBE"),
                arguments("412, approval", graph(412, "ApprovalRequired"), first, "Paused approval RESUME"),
                arguments("403, approval", graph(403, "ApprovalRequired"), first, "Paused approval RESUME"),
                arguments(
                        "400, approval",
                        graph(400, "BadRequest", "Header x-msft-approval-justification is missing"),
                        first,
                        "Paused approval RESUME"),
                arguments(
                        "409, approval",
                        graph(409, "Conflict", "An active Approval Request already exists"),
                        first,
                        "Paused approval RESUME"),
                arguments(
                        "403, approval filed",
                        http(403, "", Map.of("x-msft-approval-code", ID)),
                        first,
                        "Paused approval RESUME"),
                arguments("409 is retried", graph(409, "Conflict"), first, "Retry charged"),
                arguments("409 at the end", graph(409, "Conflict"), last, "Dead RETRIES_EXHAUSTED Conflict"),
                arguments("423 is retried", graph(423, "Locked"), first, "Retry charged"),
                arguments("423 too old", graph(423, "Locked"), old, "Dead RETRIES_EXHAUSTED Locked"),
                arguments("401 the first time", graph(401, "x"), first, "NewToken"),
                arguments("401 of a proxy", page(401), first, "NewToken"),
                arguments("401 to a new token", graph(401, "x"), newToken, "Paused unauthorized RESUME"),
                arguments("403 is tried again", graph(403, "Forbidden"), first, "Retry charged"),
                arguments("403 again, no success", graph(403, "Forbidden"), forbidden, "Retry charged"),
                arguments("403 again, old success", graph(403, "Forbidden"), forbiddenSince, "Retry charged"),
                arguments(
                        "403 again, others pass",
                        graph(403, "Forbidden"),
                        aloneForbidden,
                        "Dead REJECTED_BY_GRAPH Forbidden"),
                arguments("403 at the end", graph(403, "Forbidden"), last, "Dead RETRIES_EXHAUSTED Forbidden"),
                arguments(
                        "unknown host",
                        new GraphAnswer.Unreachable(GraphAnswer.Fault.UNKNOWN_HOST, "x"),
                        last,
                        "Paused unknown-host PROBE"),
                arguments(
                        "TLS fails", new GraphAnswer.Unreachable(GraphAnswer.Fault.TLS, "x"), last, "Paused tls PROBE"),
                arguments("301", page(301), first, "Paused redirected RESUME"),
                arguments("302", http(302, "", requestId), first, "Paused redirected RESUME"),
                arguments("307", page(307), first, "Paused redirected RESUME"),
                arguments("429", graph(429, "TooManyRequests"), last, "Throttled"),
                arguments("429 of a gateway", page(429), old, "Throttled"),
                arguments("refused", new GraphAnswer.NotSent("refused"), first, "Retry charged"),
                arguments("refused at the end", new GraphAnswer.NotSent("refused"), last, "Dead RETRIES_EXHAUSTED "),
                arguments("refused, too old", new GraphAnswer.NotSent("refused"), old, "Dead RETRIES_EXHAUSTED "),
                arguments("503 of Graph", graph(503, "Busy"), first, "Retry charged"),
                arguments("503 of Graph at the end", graph(503, "Busy"), last, "Dead RETRIES_EXHAUSTED Busy"),
                arguments("503 of a gateway", page(503), first, "InDoubt"),
                arguments("lost", new GraphAnswer.Lost("reset"), last, "InDoubt"),
                arguments("408", graph(408, "x"), first, "InDoubt"),
                arguments("500", graph(500, "x"), last, "InDoubt"),
                arguments("502", page(502), first, "InDoubt"),
                arguments("504", graph(504, "x"), first, "InDoubt"),
                arguments("another 5xx", page(520), first, "InDoubt"),
                arguments("no known status", page(999), first, "InDoubt"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("rows")
    void everyRowOfTheTableHolds(String row, GraphAnswer answer, AttemptHistory attempt, String expected) {
        assertThat(inWords(settling.settle(answer, attempt))).as(row).isEqualTo(expected);
    }

    private static String inWords(Settlement settlement) {
        if (settlement instanceof Done done) {
            return "Done " + done.success();
        }
        if (settlement instanceof Dead dead) {
            return "Dead " + dead.failure() + " " + dead.code();
        }
        if (settlement instanceof Retry retry) {
            return "Retry " + (retry.charged() ? "charged" : "uncharged");
        }
        if (settlement instanceof Paused paused) {
            return "Paused " + paused.cause() + " " + paused.ending();
        }
        if (settlement instanceof InDoubt doubt) {
            return "InDoubt" + doubt.pause().map(pause -> ", " + inWords(pause)).orElse("");
        }
        return settlement.getClass().getSimpleName();
    }

    @Test
    void aDeadLetterSaysWhatGraphSaidAndWhatToDoAndWhichCallItWas() {
        Settlement settlement = settling.settle(
                graph(404, "ResourceNotFound", "No such device"),
                Attempts.first().attempt());

        assertThat(settlement).isInstanceOfSatisfying(Dead.class, dead -> {
            assertThat(dead.message()).isEqualTo("No such device");
            assertThat(dead.remedy()).contains("check managedDeviceId", "request-id r-1", "client-request-id c-1");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 402, 405, 406, 409, 410, 411, 413, 415, 422, 423})
    void everyDeadLetterHasARemedy(int status) {
        assertThat(settling.settle(
                        graph(status, "SomethingNew"),
                        Attempts.first().charged(9).attempt()))
                .isInstanceOfSatisfying(
                        Dead.class, dead -> assertThat(dead.remedy()).contains("request-id r-1"));
    }

    @Test
    void aMissingPermissionIsNamedInEveryFormThatGraphsPageHasNamed() {
        AttemptHistory newToken = Attempts.first().newToken().attempt();
        assertThat(settling.settle(graph(401, "x"), newToken))
                .isInstanceOfSatisfying(
                        Paused.class,
                        pause -> assertThat(pause.remedy())
                                .contains(
                                        "DeviceManagementManagedDevices.PrivilegedOperations.All",
                                        "DeviceManagementManagedDevices.ReadWrite.All",
                                        "DeviceManagementConfiguration.ReadWrite.All",
                                        "DeviceManagementServiceConfig.ReadWrite.All",
                                        "resume"));
        assertThat(settling.read(graph(401, "x"), newToken, DEVICE))
                .isInstanceOfSatisfying(
                        Paused.class,
                        pause -> assertThat(pause.remedy()).contains("DeviceManagementManagedDevices.Read.All"));
    }

    @Test
    void aClaimsChallengeIsHandedOn() {
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}";
        String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        String challenge = "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"" + base64 + "\"";

        assertThat(settling.settle(
                        http(401, "", Map.of("WWW-Authenticate", challenge)),
                        Attempts.first().attempt()))
                .isEqualTo(new NewToken(Optional.of(claims)));
        assertThat(settling.settle(
                        http(401, "", Map.of("WWW-Authenticate", "Bearer claims=\"bm90IGpzb24=\"")),
                        Attempts.first().attempt()))
                .isEqualTo(new NewToken(Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"0,500,1000", "1,1000,2000", "4,8000,16000", "30,150000,300000"})
    void delaysDoubleAndVaryAndAreBounded(int chargedBefore, long least, long most) {
        AttemptHistory attempt = Attempts.first().charged(chargedBefore).probe().attempt();
        List<Duration> delays = IntStream.range(0, 100)
                .mapToObj(time -> ((Retry) settling.settle(new GraphAnswer.NotSent("refused"), attempt)).delay())
                .toList();

        assertThat(delays)
                .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ofMillis(least), Duration.ofMillis(most)));
        assertThat(delays.stream().distinct().count()).isGreaterThan(50);
    }

    @Test
    void aServerThatSaysWhenIsHonoured() {
        GraphAnswer busy = http(503, "{\"error\":{\"code\":\"Busy\"}}", Map.of("Retry-After", "120"));
        GraphAnswer throttled = http(429, "", Map.of("Retry-After", "0.249"));

        assertThat(settling.settle(busy, Attempts.first().attempt()))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.delay()).isEqualTo(Duration.ofMinutes(2)));
        assertThat(settling.settle(throttled, Attempts.first().attempt()))
                .isEqualTo(new Throttled(Duration.ofMillis(249)));
    }

    @Test
    void aLaneThatIsThrottledWithoutATimeIsClosedLongerEachTime() {
        assertThat(laneClosed(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(laneClosed(3)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
        assertThat(laneClosed(60)).isBetween(Duration.ofMillis(7500), Duration.ofSeconds(15));
    }

    @Test
    void inAShortWindowItIsClosedForAShorterTimeAtFirstAndForAsLongInTheEnd() {
        assertThat(laneClosed(0, Duration.ofSeconds(2))).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(laneClosed(60, Duration.ofSeconds(2))).isBetween(Duration.ofMillis(7500), Duration.ofSeconds(15));
        assertThat(laneClosed(0, Duration.ofMinutes(10))).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    private Duration laneClosed(int throttledBefore) {
        return laneClosed(throttledBefore, Duration.ofSeconds(20));
    }

    private Duration laneClosed(int throttledBefore, Duration window) {
        Settlement settlement = settling.settle(page(429), Attempts.first().throttled(throttledBefore, window));
        return ((Throttled) settlement).laneClosed();
    }

    @Test
    void aProbeIsNeverChargedAndExhaustsNothing() {
        AttemptHistory probe =
                Attempts.first().charged(99).age(Duration.ofDays(9)).probe().attempt();

        assertThat(inWords(settling.settle(new GraphAnswer.NotSent("refused"), probe)))
                .isEqualTo("Retry uncharged");
        assertThat(inWords(settling.settle(graph(503, "Busy"), probe))).isEqualTo("Retry uncharged");
    }

    @Test
    void aReasonThatMentionsApprovalIsNoRequestForApproval() {
        assertThat(inWords(settling.settle(
                        graph(400, "BadRequest", "deprovisionReason 'approval by Jane' is not known"),
                        Attempts.first().attempt())))
                .isEqualTo("Dead REJECTED_BY_GRAPH BadRequest");
    }

    static Stream<Arguments> reads() {
        AttemptHistory first = Attempts.first().attempt();
        AttemptHistory last = Attempts.first().charged(9).attempt();
        return Stream.of(
                arguments(
                        "the device",
                        http(200, "{\"id\":\"" + ID.toUpperCase(Locale.ROOT) + "\"}", Map.of()),
                        first,
                        "Found"),
                arguments("no device", http(200, "{\"value\":[]}", Map.of()), first, "Listed"),
                arguments("a portal", http(200, "<html>", Map.of()), first, "Paused not-graph PROBE"),
                arguments("nobody's id", http(200, "{\"id\":\"../x\"}", Map.of()), first, "Paused not-graph PROBE"),
                arguments("204", http(204, "", Map.of()), first, "Paused not-graph PROBE"),
                arguments("404 of Graph", graph(404, "ResourceNotFound"), last, "Gone"),
                arguments("404 of a proxy", page(404), first, "Paused not-graph PROBE"),
                arguments("400", graph(400, "BadRequest"), first, "Dead REJECTED_BY_GRAPH BadRequest"),
                arguments("401", graph(401, "x"), first, "NewToken"),
                arguments("403", graph(403, "Forbidden"), first, "Retry charged"),
                arguments("302", page(302), first, "Paused redirected RESUME"),
                arguments("429", page(429), last, "Throttled"),
                arguments("500", page(500), first, "Retry charged"),
                arguments("500 at the end", page(500), last, "Dead RETRIES_EXHAUSTED "),
                arguments("408", page(408), first, "Retry charged"),
                arguments("503", graph(503, "Busy"), first, "Retry charged"),
                arguments("lost", new GraphAnswer.Lost("reset"), first, "Retry charged"),
                arguments("lost at the end", new GraphAnswer.Lost("reset"), last, "Dead RETRIES_EXHAUSTED "),
                arguments("refused", new GraphAnswer.NotSent("refused"), first, "Retry charged"),
                arguments(
                        "TLS fails",
                        new GraphAnswer.Unreachable(GraphAnswer.Fault.TLS, "x"),
                        last,
                        "Paused tls PROBE"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("reads")
    void everyAnswerToAReadSaysSomething(String row, GraphAnswer answer, AttemptHistory attempt, String expected) {
        ReadResult reading = settling.read(answer, attempt, row.equals("no device") ? Sought.matches() : DEVICE);

        assertThat(
                        reading instanceof Settlement common
                                ? inWords(common)
                                : reading.getClass().getSimpleName())
                .as(row)
                .isEqualTo(expected);
    }

    static Stream<Arguments> strangeAnswers() {
        Sought device = Sought.device(Optional.of(ID));
        String id = "{'id':'" + ID + "'";
        String other = "{'id':'" + ID.replace('1', '2') + "'";
        return Stream.of(
                arguments("another device", device, other + "}", Map.of()),
                arguments("a list", device, "{'value':[" + id + "}]}", Map.of()),
                arguments("an empty list", device, "{'value':[]}", Map.of()),
                arguments("a list that is one", device, "{'value':[],'id':'" + ID + "'}", Map.of()),
                arguments("an empty object of Graph", device, "{}", Map.of("request-id", "r")),
                arguments("nothing of Graph", device, "", Map.of("request-id", "r")),
                arguments("a text of Graph", device, "'" + ID + "'", Map.of("request-id", "r")),
                arguments("an error with a success", device, "{'error':{'code':'BadRequest'}}", Map.of()),
                arguments("no id", device, "{'id':null,'deviceName':'x'}", Map.of("request-id", "r")),
                arguments("two systems", device, id + ",'operatingSystem':'a','operatingSystem':'b'}", Map.of()),
                arguments("a number of a system", device, id + ",'operatingSystem':5}", Map.of()),
                arguments("actions of another form", device, id + ",'deviceActionResults':{}}", Map.of()),
                arguments("a device for a list", Sought.matches(), id + "}", Map.of()),
                arguments("a list with a stranger", Sought.matches(), "{'value':[" + id + "},{}]}", Map.of()),
                arguments("two lists", Sought.matches(), "{'value':[],'value':[]}", Map.of()),
                arguments("no list", Sought.someDevices(), id + "}", Map.of()),
                arguments("another approval", Sought.approval(ID), other + ",'status':'completed'}", Map.of()),
                arguments("two answers", Sought.approval(ID), id + ",'status':'approved','status':'x'}", Map.of()),
                arguments("a list of approvals", Sought.approval(ID), "{'value':[]}", Map.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangeAnswers")
    void anAnswerToSomethingElseThanWasAskedIsAskedForAgainAndPausesNothingAlone(
            String name, Sought sought, String body, Map<String, String> headers) {
        GraphAnswer answer = http(200, body.replace('\'', '"'), headers);

        assertThat(settling.read(answer, Attempts.first().attempt(), sought))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.reason()).startsWith("Graph was asked for "));
        assertThat(settling.read(answer, Attempts.first().charged(9).attempt(), sought))
                .isInstanceOfSatisfying(
                        Dead.class, dead -> assertThat(dead.failure()).isEqualTo(Failure.RETRIES_EXHAUSTED));
    }

    @Test
    void someDevicesMayHaveAStrangerAmongThem() {
        assertThat(settling.read(
                        http(200, "{\"value\":[{}]}", Map.of()),
                        Attempts.first().attempt(),
                        Sought.someDevices()))
                .isInstanceOf(ReadResult.Listed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404})
    void aReadIsTooLargeOrBreaksOffAndNeitherIsAProxy(int status) {
        AttemptHistory first = Attempts.first().attempt();
        assertThat(inWords((Settlement)
                        settling.read(part(status, "{\"value\":[", GraphAnswer.Extent.TOO_LARGE), first, DEVICE)))
                .isEqualTo("Dead TOO_LARGE ");
        assertThat(inWords((Settlement)
                        settling.read(part(status, "{\"value\":[", GraphAnswer.Extent.BROKEN_OFF), first, DEVICE)))
                .isEqualTo("Retry charged");
        assertThat(inWords((Settlement)
                        settling.read(part(status, "<html>", GraphAnswer.Extent.TOO_LARGE), first, DEVICE)))
                .isEqualTo("Paused not-graph PROBE");
    }

    private static GraphAnswer part(int status, String body, GraphAnswer.Extent extent) {
        return new GraphAnswer.Http(status, new Headers(Map.of()), body, extent, Answers.AT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 102, 103, 600})
    void aStatusThatIsNoneIsReadAgainAndLeavesAnActionInDoubt(int status) {
        AttemptHistory first = Attempts.first().attempt();
        assertThat(inWords((Settlement) settling.read(page(status), first, DEVICE)))
                .isEqualTo("Retry charged");
        assertThat(settling.settle(page(status), first)).isInstanceOf(InDoubt.class);
    }

    @Test
    void theDeviceThatARefersToIsHandedOnWithItsIdInLowerCase() {
        ReadResult reading = settling.read(
                http(200, "{\"id\":\"" + ID.toUpperCase(Locale.ROOT) + "\"}", Map.of()),
                Attempts.first().attempt(),
                DEVICE);

        assertThat(reading)
                .isEqualTo(new ReadResult.Found(new Device(ID, "", "", "", "", "", Optional.empty(), List.of())));
    }

    @Test
    void aPauseThatNeedsAPersonSaysSo() {
        assertThat(settling.settle(
                        graph(403, "ApprovalRequired"), Attempts.first().attempt()))
                .isInstanceOfSatisfying(Paused.class, pause -> {
                    assertThat(pause.ending()).isEqualTo(Ending.RESUME);
                    assertThat(pause.remedy())
                            .contains("deprovision.approval.justification", "deprovision.mode=single", "resume");
                });
    }
}
