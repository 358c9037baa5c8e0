package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.SimulatorOptions.End;
import org.deprovisioner.simulator.SimulatorOptions.Showing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that are cut off after they may have been executed: the device is read back, and never sent again by itself. */
class EndToEndDoubtTest {

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

    private static void cutOff(Stage at, ManagedDevice device) {
        at.simulator.fault(Fault.Match.DEPROVISION.device(device.id()), Effect.RESET.afterExecuting());
    }

    /** A device whose call is executed and cut off, and whose action shows like this. */
    private static ManagedDevice doubtful(Showing showing) {
        ManagedDevice device = stage.next();
        stage.simulator.show(device.id(), showing);
        cutOff(stage, device);
        return device;
    }

    private static Result only(String batch) {
        List<Result> rows = stage.results(batch);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    private static Stream<Call> looks(Stage at, ManagedDevice device) {
        return at.simulator.calls().stream()
                .filter(call -> call.method().equals("GET") && device.id().equals(call.deviceId()));
    }

    private static void assertSentOnce(Stage at, ManagedDevice device) {
        assertThat(at.actions(device)).hasSize(1);
        assertThat(at.executions(device)).isOne();
    }

    private static void assertAllSentOnce(Stage at, List<ManagedDevice> devices) {
        assertThat(at.actions())
                .extracting(Call::deviceId)
                .containsExactlyInAnyOrderElementsOf(
                        devices.stream().map(ManagedDevice::id).toList());
        assertThat(devices)
                .allSatisfy(device -> assertThat(at.executions(device)).isOne());
    }

    @Test
    void anActionThatShowsLateIsConfirmed() throws Exception {
        ManagedDevice device = doubtful(new Showing(Duration.ofMillis(350), Duration.ofHours(1), End.DONE));
        stage.submit("late", device);
        assertThat(stage.settled("late", 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        assertThat(only("late").error()).contains("Graph shows a deprovision action in state 'pending'");
        assertThat(looks(stage, device)).hasSize(3);
        assertSentOnce(stage, device);
    }

    @Test
    void anActionThatNeverShowsIsUnknownAndADroppedBackRowConfirmsBothOnceItDoes() throws Exception {
        ManagedDevice device = doubtful(Showing.NEVER);
        stage.submit("never", device);
        assertThat(stage.settled("never", 1)).isEqualTo(Map.of("unknown", 1L));
        assertThat(only("never").error()).contains("2 looks");
        Path results = stage.data.resolve("results").resolve("never.csv");
        Stage.written(results, "unknown");

        stage.simulator.clearFaults();
        stage.submit("never-dropped-back", device);
        assertThat(stage.settled("never-dropped-back", 1)).isEqualTo(Map.of("unknown", 1L));

        stage.simulator.show(device.id(), Showing.AT_ONCE);
        stage.submit("never-dropped-again", device);
        for (String batch : List.of("never-dropped-again", "never-dropped-back", "never")) {
            assertThat(stage.settled(batch, 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        }
        Stage.written(results, "confirmed-by-read-back");
        assertSentOnce(stage, device);
    }

    static Stream<Arguments> shown() {
        return Stream.of(
                Arguments.arguments("at once", Showing.AT_ONCE, Outcome.CONFIRMED_BY_READ_BACK),
                Arguments.arguments(
                        "late",
                        new Showing(Duration.ofMillis(350), Duration.ofHours(1), End.DONE),
                        Outcome.CONFIRMED_BY_READ_BACK),
                Arguments.arguments("never", Showing.NEVER, Outcome.UNKNOWN));
    }

    @ParameterizedTest(name = "an action that shows {0}")
    @MethodSource("shown")
    void aHundredOfFourHundredCallsAreCutOffAndEachIsSettledByWhatItsDeviceShowsAndNoneIsSentAgain(
            String when, Showing showing, Outcome outcome, @TempDir Path own) throws Exception {
        try (Stage many = Stage.in(own)) {
            List<ManagedDevice> devices = many.next(400);
            Set<String> doubtful = new HashSet<>();
            for (int i = 0; i < devices.size(); i += 4) {
                cutOff(many, devices.get(i));
                many.simulator.show(devices.get(i).id(), showing);
                doubtful.add(devices.get(i).id());
            }
            many.submit("many", devices);
            many.start();
            assertThat(many.settled("many", 400)).isEqualTo(Map.of("deprovisioned", 300L, outcome.word(), 100L));
            assertThat(many.results("many"))
                    .filteredOn(row -> row.outcome().orElseThrow() == outcome)
                    .extracting(row -> row.cells().get(0))
                    .containsExactlyInAnyOrderElementsOf(doubtful);
            assertAllSentOnce(many, devices);
        }
    }

    @Test
    void anUnknownOneIsSentOnceMoreOnlyByForce() throws Exception {
        ManagedDevice device = doubtful(Showing.NEVER);
        stage.submit("forced", device);
        assertThat(stage.settled("forced", 1)).isEqualTo(Map.of("unknown", 1L));
        stage.simulator.clearFaults();
        stage.submit("forced-again", Stage.HEADER + ",force,requestId\n" + Stage.row(device) + ",true,by-ada\n");
        assertThat(stage.settled("forced-again", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.actions(device)).hasSize(2);
    }

    @Test
    void anActionThatFailedIsADeadLetterAndTheRowThatWaitedGoesOnByItself() throws Exception {
        ManagedDevice device = doubtful(Showing.ending(End.FAILED, Duration.ZERO));
        stage.submit("failed", device, device);
        stage.until("failed", now -> now.in(State.IN_DOUBT) == 1 && now.in(State.WAITING) == 1);
        stage.simulator.clearFaults();
        assertThat(stage.settled("failed", 2)).isEqualTo(Map.of("rejected-by-graph", 1L, "deprovisioned", 1L));
        assertThat(stage.results("failed"))
                .extracting(Result::error)
                .anyMatch(error -> error.contains("state 'failed'"));
    }

    @Test
    void aDeviceThatIsGoneIsConfirmedByTwoLooksWhileAnotherOneCanBeRead() throws Exception {
        ManagedDevice device = doubtful(Showing.ending(End.GONE, Duration.ZERO));
        stage.submit("gone", device);
        assertThat(stage.settled("gone", 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        assertThat(only("gone").error()).contains("is gone", "another device could be read");
        assertThat(looks(stage, device)).extracting(Call::status).containsExactly(200, 404, 404);
        assertSentOnce(stage, device);
    }

    @Test
    void aDeviceThatIsGoneWhenNoOtherCanBeReadEitherIsUnknown(@TempDir Path own) throws Exception {
        try (Stage blind = Stage.in(own)) {
            ManagedDevice device = blind.next();
            cutOff(blind, device);
            blind.submit("blind", device);
            blind.set("deprovision.in-doubt.read-back", "500ms,500ms").start();
            await().until(() -> !blind.actions(device).isEmpty());
            blind.simulator.fault(
                    Fault.Match.ALL.method("GET").path("/managedDevices/"), Effect.error(404, "ResourceNotFound"));
            assertThat(blind.settled("blind", 1)).isEqualTo(Map.of("unknown", 1L));
            assertThat(blind.results("blind").get(0).error()).contains("nor another one");
        }
    }

    @Test
    void whatAProxyMadeUpIsNeverTakenForGoneAndDisturbsNobodyElse(@TempDir Path own) throws Exception {
        try (Stage proxied = Stage.in(own)) {
            ManagedDevice device = proxied.next();
            cutOff(proxied, device);
            proxied.submit("proxied", device);
            proxied.set("deprovision.in-doubt.read-back", "300ms,300ms")
                    .set("deprovision.retry.max-age", "2s")
                    .start();
            await().until(() -> !proxied.actions(device).isEmpty());
            proxied.simulator.fault(
                    Fault.Match.ALL.method("GET").device(device.id()), Effect.page(404, "<h1>Not found</h1>"));
            List<ManagedDevice> others = proxied.next(20);
            proxied.submit("others", others);
            assertThat(proxied.settled("proxied", 1)).isEqualTo(Map.of("unknown", 1L));
            assertThat(proxied.results("proxied").get(0).error()).contains("max-age", "not Graph that answered");
            assertThat(proxied.settled("others", 20)).isEqualTo(Map.of("deprovisioned", 20L));
            assertThat(proxied.ledger().pauses().all()).isEmpty();
            assertSentOnce(proxied, device);
        }
    }

    @Test
    void ofManyInDoubtNoneIsTakenForDoneByA404ThatOnlyAProxyMadeUp(@TempDir Path own) throws Exception {
        try (Stage proxied = Stage.in(own).set("deprovision.in-doubt.read-back", "20s,200ms")) {
            List<ManagedDevice> devices = proxied.next(80);
            for (int i = 0; i < devices.size(); i += 4) {
                cutOff(proxied, devices.get(i));
                proxied.simulator.show(devices.get(i).id(), i % 8 == 0 ? Showing.AT_ONCE : Showing.NEVER);
            }
            proxied.submit("proxied", devices);
            proxied.start();
            proxied.until("proxied", now -> now.in(State.DONE) == 60);
            proxied.simulator.fault(Fault.Match.ALL.method("GET"), Effect.page(404, "<h1>Not found</h1>"));
            await().atMost(Duration.ofMinutes(1)).until(() -> madeUp(proxied) >= 20);
            assertThat(proxied.until("proxied", now -> true).in(State.IN_DOUBT)).isEqualTo(20);
            proxied.simulator.clearFaults();
            assertThat(proxied.settled("proxied", 80))
                    .isEqualTo(Map.of("deprovisioned", 60L, "confirmed-by-read-back", 10L, "unknown", 10L));
            assertAllSentOnce(proxied, devices);
        }
    }

    private static long madeUp(Stage stage) {
        return stage.simulator.calls().stream()
                .filter(call -> call.method().equals("GET") && call.status() == 404)
                .count();
    }

    @Test
    void looksThatGraphDoesNotAnswerUseNoneUp() throws Exception {
        ManagedDevice device = doubtful(Showing.AT_ONCE);
        stage.submit("unanswered", device);
        stage.until("unanswered", now -> now.in(State.IN_DOUBT) == 1);
        stage.simulator.fault(
                Fault.Match.ALL.method("GET").device(device.id()).times(3), Effect.page(502, "<h1>Bad gateway</h1>"));
        assertThat(stage.settled("unanswered", 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        assertSentOnce(stage, device);
    }

    @Test
    void theLongerFormsAreReadBackByTheIdThatResolvingFound() throws Exception {
        ManagedDevice device = doubtful(Showing.AT_ONCE);
        stage.submit(
                "scripted",
                "deprovisionReason,deviceHealthScriptId,deviceHealthScriptDeviceStateId\n" + "lost," + device.id() + ","
                        + device.id() + ":" + device.id() + "\n");
        assertThat(stage.settled("scripted", 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        assertThat(looks(stage, device).map(Call::path))
                .last()
                .asString()
                .endsWith("/deviceManagement/managedDevices/" + device.id());
        assertSentOnce(stage, device);
    }

    @Test
    void whereDevicesAreNotReadBeforehandReadingBackStillConfirms(@TempDir Path own) throws Exception {
        try (Stage unseen = Stage.in(own).set("deprovision.resolve", "false")) {
            ManagedDevice shows = unseen.next();
            ManagedDevice gone = unseen.next();
            unseen.simulator.show(gone.id(), Showing.ending(End.GONE, Duration.ZERO));
            cutOff(unseen, shows);
            cutOff(unseen, gone);
            unseen.submit("unseen", shows, gone);
            unseen.start();
            assertThat(unseen.settled("unseen", 2)).isEqualTo(Map.of("confirmed-by-read-back", 1L, "unknown", 1L));
            assertThat(unseen.outcome("unseen", gone)).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void whoAcceptsADoubleGetsWhatNeverShowedSentAgain(@TempDir Path own) throws Exception {
        try (Stage doubling = Stage.in(own).set("deprovision.in-doubt", "resend")) {
            ManagedDevice device = doubling.next();
            doubling.simulator.fault(Fault.Match.DEPROVISION.device(device.id()).times(1), Effect.RESET);
            doubling.submit("doubling", device);
            doubling.start();
            assertThat(doubling.settled("doubling", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            assertThat(doubling.actions(device)).hasSize(2);
            assertThat(doubling.executions(device)).isOne();
        }
    }

    @Test
    void whatGraphTookIsVerifiedUntilItIsDoneOrFailedOrTheLastLook(@TempDir Path own) throws Exception {
        try (Stage verifying = Stage.in(own).set("deprovision.verify", "true")) {
            List<ManagedDevice> devices = verifying.next(3);
            verifying.simulator.show(devices.get(0).id(), Showing.ending(End.DONE, Duration.ofMillis(300)));
            verifying.simulator.show(devices.get(1).id(), Showing.ending(End.FAILED, Duration.ofMillis(300)));
            verifying.submit("verified", devices);
            verifying.start();
            assertThat(verifying.settled("verified", 3))
                    .isEqualTo(Map.of("confirmed-by-read-back", 1L, "rejected-by-graph", 1L, "deprovisioned", 1L));
            assertThat(verifying.outcome("verified", devices.get(2))).isEqualTo(Outcome.DEPROVISIONED);
            assertThat(verifying.results("verified").get(2).error()).contains("Not verified", "pending");
            assertThat(verifying.results("verified").get(2).httpStatus()).isEqualTo(204);
            devices.forEach(device -> assertSentOnce(verifying, device));
        }
    }
}
