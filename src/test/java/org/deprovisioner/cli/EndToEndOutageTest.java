package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Graph, what stands before it, or sign-in is down for long, in the middle of a batch: the time between probes is left out. */
class EndToEndOutageTest {

    private static final int IN_FLIGHT = 8;
    private static final int ROWS = 120;

    /** A pause begins with the fifth device in a row, and until then as many more calls are under way. */
    private static final int DOUBTFUL_BEFORE_THE_PAUSE = 4 + IN_FLIGHT;

    /** So many probes take more than twenty minutes by the clock. */
    private static final int PROBES = 50;

    @TempDir
    private Path folder;

    /** A stage that has sent some of a batch, and not all of it. */
    private Stage underWay(List<ManagedDevice> devices, Stage stage) throws Exception {
        stage.set("deprovision.concurrency", "" + IN_FLIGHT)
                .set("deprovision.retry.max-attempts", "3")
                .set("deprovision.quota.requests", "20");
        stage.submit("batch", devices);
        stage.start();
        await().until(() -> stage.executed(devices) >= 20);
        return stage;
    }

    private static void probeUntil(Stage stage, BooleanSupplier enough) {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            stage.probeNow();
            return enough.getAsBoolean();
        });
    }

    private static int probes(Stage stage) {
        return stage.ledger().pauses().all().stream().mapToInt(Pause::probes).sum();
    }

    private static Map<String, Long> goesOn(Stage stage) {
        stage.simulator.clearFaults();
        probeUntil(stage, () -> stage.ledger().pauses().all().isEmpty());
        return stage.settled("batch", ROWS);
    }

    private static Progress progress(Stage stage) {
        return stage.ledger().batches().progress("batch").orElseThrow();
    }

    @Test
    void whileHalfOfTheCallsHangTheOthersGoOnAndThoseThatHungAreReadBack() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            List<ManagedDevice> devices = stage.next(6 * IN_FLIGHT);
            List<ManagedDevice> hanging = devices.subList(0, IN_FLIGHT);
            hanging.forEach(device -> stage.simulator.fault(
                    Fault.Match.DEPROVISION.device(device.id()).times(1), Effect.HANG.afterExecuting()));
            stage.set("deprovision.concurrency", "" + 2 * IN_FLIGHT).set("deprovision.timeout", "5s");
            stage.submit("batch", devices);
            stage.start();
            await().until(() -> stage.executed(devices) == devices.size());
            probeUntil(stage, () -> progress(stage).in(State.DONE, State.DEAD) == devices.size());
            assertThat(progress(stage).outcomes())
                    .isEqualTo(Map.of("deprovisioned", 5L * IN_FLIGHT, "confirmed-by-read-back", (long) IN_FLIGHT));
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        }
    }

    static Stream<Arguments> gateways() {
        return Stream.of(
                Arguments.arguments("to everything", Fault.Match.ALL, 30, 0),
                Arguments.arguments("to actions alone", Fault.Match.DEPROVISION, DOUBTFUL_BEFORE_THE_PAUSE, 4));
    }

    /** Where reads pass, each probe may put one more call in doubt; where they do not, none does. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("gateways")
    void whatAGatewayAnswers504PutsTheCallsUnderWayInDoubtAndAHandfulOfProbes(
            String what, Fault.Match match, int answers, int probed) throws Exception {
        try (Stage stage = Stage.in(folder)) {
            List<ManagedDevice> devices = stage.next(ROWS);
            underWay(devices, stage);
            stage.simulator.fault(
                    Fault.Match.DEPROVISION.rate(0.5, 3),
                    Effect.page(504, "<h1>Late</h1>").afterExecuting());
            stage.simulator.fault(match, Effect.page(504, "<h1>Late</h1>"));
            probeUntil(
                    stage,
                    () -> probes(stage) >= probed
                            && stage.simulator.calls().stream()
                                            .filter(call -> call.status() == 504)
                                            .count()
                                    >= answers);
            int most = DOUBTFUL_BEFORE_THE_PAUSE + (probed == 0 ? 0 : probes(stage));
            Map<String, Long> outcomes = goesOn(stage);
            assertThat(outcomes).containsOnlyKeys("deprovisioned", "confirmed-by-read-back", "unknown");
            assertThat(ROWS - outcomes.get("deprovisioned")).isBetween(5L, (long) most);
            assertThat(stage.actions())
                    .extracting(Call::deviceId)
                    .containsExactlyInAnyOrderElementsOf(
                            devices.stream().map(ManagedDevice::id).toList());
        }
    }

    @Test
    void withGraphAndSignInDownForLongNothingIsADeadLetterAndAllGoesOnWhenTheyAreBack() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            List<ManagedDevice> devices = stage.next(ROWS);
            underWay(devices, stage);
            stage.simulator.fault(Fault.Match.DEPROVISION, Effect.RESET.afterExecuting());
            stage.simulator.fault(Fault.Match.ALL, Effect.RESET);
            probeUntil(stage, () -> probes(stage) >= PROBES);
            stage.stop();
            stage.start();
            probeUntil(
                    stage,
                    () -> stage.ledger().pauses().all().stream()
                            .anyMatch(pause -> pause.cause().equals("token")));
            probeUntil(stage, () -> probes(stage) >= 2 * PROBES);
            assertThat(progress(stage).in(State.DEAD)).isZero();
            assertThat(goesOn(stage)).containsOnlyKeys("deprovisioned", "confirmed-by-read-back");
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        }
    }
}
