package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at Graph or on the way to it, and what becomes of the requests. */
class EndToEndFaultsTest {

    @TempDir
    private static Path folder;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).start();
    }

    @AfterEach
    void nothingIsInTheWay() {
        stage.simulator.clearFaults();
        stage.resume();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aThrottledCallIsMadeAgainAfterAsLongAsGraphSaid() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1),
                Effect.error(429, "TooManyRequests")
                        .headers(Map.of(
                                "Retry-After", "0.5",
                                "x-ms-throttle-limit-percentage", "1.1",
                                "x-ms-throttle-scope", "Tenant_Application/Write",
                                "x-ms-throttle-information", "WriteLimitExceeded")));
        stage.submit("throttled", device);
        assertThat(stage.settled("throttled", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        List<Call> calls = stage.actions(device);
        assertThat(calls).extracting(Call::status).containsExactly(429, 204);
        assertThat(Duration.between(calls.get(0).at(), calls.get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(490));
        assertThat(calls).extracting(Call::clientRequestId).doesNotHaveDuplicates();
        assertThat(stage.ledger().pauses().slowLanes())
                .singleElement()
                .satisfies(
                        lane -> assertThat(lane.by()).isEqualTo("429 (WriteLimitExceeded, Tenant_Application/Write)"));
    }

    @Test
    void whatGraphSaysOfItsLimitSlowsTheTenantDownBeforeACallIsRefused() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1),
                Effect.NONE.headers(Map.of("x-ms-throttle-limit-percentage", "1.25")));
        stage.submit("warned", device);
        assertThat(stage.settled("warned", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        await().untilAsserted(() -> assertThat(stage.ledger().pauses().slowLanes())
                .singleElement()
                .satisfies(lane -> {
                    assertThat(lane.by()).isEqualTo("x-ms-throttle-limit-percentage");
                    assertThat(lane.share()).isLessThanOrEqualTo(0.8);
                }));
    }

    @Test
    void whatGraphSaysIsUnavailableIsTriedAgain() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1), Effect.error(503, "ServiceUnavailable"));
        stage.submit("unavailable", device);
        assertThat(stage.settled("unavailable", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.actions(device)).extracting(Call::status).containsExactly(503, 204);
    }

    @Test
    void whatAGatewayLosesAfterItWasExecutedIsConfirmedByReadingItBackAndNeverSentAgain() throws Exception {
        ManagedDevice bad = stage.next();
        ManagedDevice reset = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(bad.id()),
                Effect.page(502, "<h1>Bad gateway</h1>").afterExecuting());
        stage.simulator.fault(Fault.Match.DEPROVISION.device(reset.id()), Effect.RESET.afterExecuting());
        stage.submit("lost", bad, reset);
        assertThat(stage.settled("lost", 2)).isEqualTo(Map.of("confirmed-by-read-back", 2L));
        stage.simulator.clearFaults();
        stage.submit("lost", bad, reset);
        assertThat(stage.settled("lost-2", 2)).isEqualTo(Map.of("duplicate", 2L));
        assertThat(List.of(bad, reset)).allSatisfy(device -> {
            assertThat(stage.actions(device)).hasSize(1);
            assertThat(stage.executions(device)).isOne();
        });
    }

    @Test
    void aDeviceThatWentAfterItWasResolvedIsAlreadyGone() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()),
                Effect.error(503, "ServiceUnavailable").headers(Map.of("Retry-After", "1")));
        stage.submit("gone", device);
        await().until(() -> !stage.actions(device).isEmpty());
        stage.simulator.population().remove(device.id());
        stage.simulator.clearFaults();
        assertThat(stage.settled("gone", 1)).isEqualTo(Map.of("already-gone", 1L));
        assertThat(stage.executions(device)).isZero();
    }

    @Test
    void deadLettersThatAreReplayedOnceTheirCauseIsGoneAreSentOneFirst() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        devices.forEach(device ->
                stage.simulator.fault(Fault.Match.DEPROVISION.device(device.id()), Effect.error(400, "BadRequest")));
        stage.submit("replayed", devices);
        assertThat(stage.settled("replayed", 3)).isEqualTo(Map.of("rejected-by-graph", 3L));
        stage.simulator.clearFaults();
        stage.ledger().replays().replay(new Choice(Optional.of("replayed"), Set.of()), false, "ada");
        assertThat(stage.settled("replayed", 3)).isEqualTo(Map.of("deprovisioned", 3L));
        List<String> done = stage.actions()
                .filter(call -> call.status() == 204)
                .map(call -> String.valueOf(call.deviceId()))
                .filter(devices.stream().map(ManagedDevice::id).toList()::contains)
                .toList();
        assertThat(done).hasSize(3).startsWith(devices.get(0).id());
        assertThat(Stage.written(stage.data.resolve("results").resolve("replayed.csv"), "deprovisioned"))
                .doesNotContain("rejected-by-graph");
    }

    @Test
    void aDeviceThatGraphRefusesIsADeadLetterWithGraphsWords() throws Exception {
        ManagedDevice refused = stage.next();
        ManagedDevice good = stage.next();
        stage.simulator.fault(Fault.Match.DEPROVISION.device(refused.id()), Effect.error(400, "BadRequest"));
        stage.submit("refused", refused, good);
        assertThat(stage.settled("refused", 2)).isEqualTo(Map.of("deprovisioned", 1L, "rejected-by-graph", 1L));
        Result result = stage.results("refused").get(0);
        assertThat(result.httpStatus()).isEqualTo(400);
        assertThat(result.graphCode()).isEqualTo("BadRequest");
        assertThat(result.graphRequestId()).isNotEmpty();
        assertThat(result.remedy()).isNotEmpty();
        assertThat(stage.actions(refused)).hasSize(1);
    }

    @Test
    void whereDevicesAreNotReadBeforehandADeviceThatGraphDoesNotFindIsADeadLetterAtOnce(@TempDir Path own)
            throws Exception {
        try (Stage unseen = Stage.in(own).set("deprovision.resolve", "false")) {
            ManagedDevice good = unseen.next();
            unseen.submit("unseen", Stage.HEADER + "\n" + UUID.randomUUID() + ",lost\n" + Stage.row(good) + "\n");
            unseen.start();
            assertThat(unseen.settled("unseen", 2)).isEqualTo(Map.of("rejected-by-graph", 1L, "deprovisioned", 1L));
            Result refused = unseen.results("unseen").get(0);
            assertThat(refused.httpStatus()).isEqualTo(404);
            assertThat(refused.graphCode()).isEqualTo("ResourceNotFound");
            assertThat(unseen.actions()).hasSize(2);
            assertThat(unseen.simulator.calls()).extracting(Call::method).doesNotContain("GET");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void aProxysPagePausesAndDispatchGoesOnByItself(int status) throws Exception {
        List<ManagedDevice> devices = stage.next(20);
        String batch = "proxy-" + status;
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.page(status, "<html>Blocked by the proxy</html>"));
        stage.submit(batch, devices);
        Pause pause = stage.paused("not-graph");
        assertThat(pause.kind()).isEqualTo(Pause.EndsBy.PROBE);
        stage.until(batch, now -> now.in(State.SENDING) == 0 && now.in(State.READY) == 20);
        stage.simulator.clearFaults();
        assertThat(stage.settled(batch, 20)).isEqualTo(Map.of("deprovisioned", 20L));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        assertThat(stage.ledger().pauses().all()).isEmpty();
    }

    @Test
    void aRedirectIsNotFollowedAndPausesUntilResume() throws Exception {
        List<ManagedDevice> devices = stage.next(20);
        stage.simulator.fault(
                Fault.Match.DEPROVISION, Effect.redirect(URI.create(stage.simulator.graphBaseUrl() + "/elsewhere")));
        stage.submit("redirected", devices);
        assertThat(stage.paused("redirected").kind()).isEqualTo(Pause.EndsBy.RESUME);
        stage.until("redirected", now -> now.in(State.SENDING) == 0 && now.in(State.READY) == 20);
        stage.simulator.clearFaults();
        long tokens = tokensAskedFor();
        stage.resume();
        assertThat(stage.settled("redirected", 20)).isEqualTo(Map.of("deprovisioned", 20L));
        assertThat(tokensAskedFor()).isEqualTo(tokens + 1);
        assertThat(stage.simulator.calls()).extracting(Call::path).noneMatch(path -> path.contains("elsewhere"));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
    }

    private static long tokensAskedFor() {
        return stage.simulator.calls().stream()
                .filter(call -> call.path().endsWith("/token"))
                .count();
    }

    @Test
    void whereHalfOfAllCallsHangTheOthersGoOnAndWhatHungIsReadBack(@TempDir Path own) throws Exception {
        try (Stage hanging = Stage.in(own).set("deprovision.timeout", "500ms").set("deprovision.concurrency", "4")) {
            hanging.simulator.fault(Fault.Match.DEPROVISION.rate(0.5, 1), Effect.HANG.afterExecuting());
            hanging.start();
            List<ManagedDevice> devices = hanging.next(30);
            hanging.submit("hanging", devices);
            assertThat(hanging.settled("hanging", 30)).containsOnlyKeys("deprovisioned", "confirmed-by-read-back");
            assertThat(devices)
                    .allSatisfy(device -> assertThat(hanging.executions(device)).isOne());
        }
    }

    @Test
    void withoutATokenTheTenantPausesAndGoesOnWhenSignInIsBack(@TempDir Path own) throws Exception {
        try (Stage signedOut = Stage.in(own)) {
            signedOut.simulator.fault(Fault.Match.TOKEN, Effect.page(503, "<h1>Down for maintenance</h1>"));
            signedOut.start();
            List<ManagedDevice> devices = signedOut.next(5);
            signedOut.submit("signed-out", devices);
            assertThat(signedOut.paused("token").kind()).isEqualTo(Pause.EndsBy.PROBE);
            assertThat(signedOut.until("signed-out", now -> now.rows() == 5).in(OutcomeClass.FAILED))
                    .isZero();
            signedOut.simulator.clearFaults();
            assertThat(signedOut.settled("signed-out", 5)).isEqualTo(Map.of("deprovisioned", 5L));
            assertThat(signedOut.executed(devices)).isEqualTo(5);
        }
    }
}
