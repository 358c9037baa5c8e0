package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever presses the brake sees it work: before the next call, over a restart, and with a clean list of what was done. */
class EndToEndBrakeTest {

    private static final int CONCURRENCY = 4;
    private static final int ROWS = 200;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @BeforeEach
    void prepare() throws Exception {
        stage = Stage.in(folder).set("deprovision.concurrency", String.valueOf(CONCURRENCY));
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Path stop() {
        return stage.data.resolve("STOP");
    }

    private void pause() {
        stage.ledger().pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "user", "Paused by Ada.", "Resume.", "ada");
    }

    private long inState(String batch, State... states) {
        return stage.ledger().batches().progress(batch).orElseThrow().in(states);
    }

    private List<ManagedDevice> inTheMiddle(String batch) throws Exception {
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(30)));
        List<ManagedDevice> devices = stage.next(ROWS);
        stage.submit(batch, devices);
        stage.start();
        stage.until(batch, progress -> progress.in(State.DONE) >= 20);
        return devices;
    }

    /** What was pressed in the middle leaves the calls that were under way, and each row as done or as not sent. */
    private void assertThatItStands(String batch, List<ManagedDevice> devices, long executedBefore, String why)
            throws Exception {
        stage.until(batch, progress -> progress.in(State.SENDING) == 0);
        long executed = stage.executed(devices);
        assertThat(executed).isBetween(20L, executedBefore + CONCURRENCY);
        List<String> results = Stage.written(stage.data.resolve("results").resolve(batch + ".csv"), why)
                .lines()
                .toList();
        assertThat(results).filteredOn(line -> line.contains(",deprovisioned,")).hasSize((int) executed);
        assertThat(results).filteredOn(line -> line.contains(why)).hasSize(ROWS - (int) executed);
        assertThat(stage.executed(devices)).as("nothing more was sent").isEqualTo(executed);
    }

    private void assertThatEachIsDoneOnce(String batch, List<ManagedDevice> devices) {
        assertThat(stage.settled(batch, ROWS)).isEqualTo(Map.of("deprovisioned", (long) ROWS));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
    }

    @Test
    void aPauseInTheMiddleHoldsOverARestartAndResumeGoesOn() throws Exception {
        List<ManagedDevice> devices = inTheMiddle("paused");
        pause();
        assertThatItStands("paused", devices, stage.executed(devices), "Paused by Ada.");
        stage.stop();
        long before = stage.executed(devices);
        stage.start();
        stage.submit("later", stage.next(2));
        stage.until("later", progress -> progress.rows() == 2);
        assertThat(Stage.written(stage.data.resolve("results").resolve("later.csv"), "Paused by Ada."))
                .doesNotContain("deprovisioned");
        assertThat(stage.executed(devices)).isEqualTo(before);
        stage.resume();
        assertThatEachIsDoneOnce("paused", devices);
    }

    @Test
    void aStopFileInTheMiddleHoldsOverARestartAndItsRemovalGoesOn() throws Exception {
        List<ManagedDevice> devices = inTheMiddle("stopped");
        Files.createFile(stop());
        assertThatItStands("stopped", devices, stage.executed(devices), "STOP stops every call");
        stage.stop();
        long before = stage.executed(devices);
        stage.start();
        stage.submit("later", stage.next(2));
        stage.until("later", progress -> progress.in(State.RECEIVED) == 2);
        assertThat(Stage.written(stage.data.resolve("results").resolve("later.csv"), "STOP stops every call"))
                .contains("Remove it to go on.");
        assertThat(stage.executed(devices)).isEqualTo(before);
        Files.delete(stop());
        assertThatEachIsDoneOnce("stopped", devices);
    }

    @Test
    void whenMoreThanHalfOfTheLatestActionsFailItPausesAndSaysSo() throws Exception {
        List<ManagedDevice> devices = stage.next(ROWS);
        IntStream.range(0, ROWS)
                .filter(i -> i % 3 > 0)
                .forEach(i -> stage.simulator.fault(
                        Fault.Match.DEPROVISION.device(devices.get(i).id()), Effect.error(400, "Code" + i)));
        stage.submit("failing", devices);
        stage.start();
        Pause pause = stage.paused("failure-rate");
        assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
        assertThat(pause.message()).containsPattern("\\d\\d of the last \\d\\d actions failed");
        assertThat(pause.remedy()).contains("resume", "cancel");
        stage.until("failing", progress -> progress.in(State.SENDING) == 0);
        assertThat(inState("failing", State.DEAD)).isBetween(26L, 50L + CONCURRENCY);
        assertThat(inState("failing", State.READY)).isPositive();
        stage.resume();
        assertThat(stage.settled("failing", ROWS)).containsEntry("rejected-by-graph", 133L);
    }

    @Test
    void aReplaySendsOneFirstAndTheRestWhenItEndedWell() throws Exception {
        List<ManagedDevice> devices = stage.next(6);
        for (int i = 0; i < devices.size(); i++) {
            stage.simulator.fault(
                    Fault.Match.DEPROVISION.device(devices.get(i).id()).times(1), Effect.error(400, "Code" + i));
        }
        stage.submit("refused", devices);
        stage.start();
        assertThat(stage.settled("refused", 6)).isEqualTo(Map.of("rejected-by-graph", 6L));
        int before = (int) stage.actions().count();
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(300)));

        assertThat(stage.ledger().replays().replay(new Choice(Optional.of("refused"), Set.of()), false, "ada"))
                .isEqualTo(6);
        assertThat(stage.settled("refused", 6)).isEqualTo(Map.of("deprovisioned", 6L));
        List<Call> calls = stage.actions().skip(before).toList();
        assertThat(calls).hasSize(6);
        assertThat(calls.subList(1, 6))
                .allSatisfy(call -> assertThat(Duration.between(calls.get(0).at(), call.at()))
                        .isGreaterThanOrEqualTo(Duration.ofMillis(300)));
    }

    @Test
    void aReplayWhoseFirstFailsAgainSendsNoOtherOne() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        devices.forEach(device -> stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()), Effect.error(400, "Code" + device.serialNumber())));
        stage.submit("hopeless", devices);
        stage.start();
        stage.settled("hopeless", 3);
        stage.ledger().replays().replay(new Choice(Optional.of("hopeless"), Set.of()), false, "ada");
        await().until(() -> inState("hopeless", State.HELD) == 2 && inState("hopeless", State.DEAD) == 1);
        assertThat(Stage.written(stage.data.resolve("results").resolve("hopeless.csv"), "The first of its replay"))
                .contains("deprovision approve hopeless");
        assertThat(stage.actions()).hasSize(4);
    }
}
