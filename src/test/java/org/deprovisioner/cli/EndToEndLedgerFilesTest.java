package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a running service whose files are taken away from under it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there an open file cannot be moved or deleted")
class EndToEndLedgerFilesTest {

    private static final int ROWS = 40;

    @TempDir
    private Path folder;

    private Stage stage;
    private List<ManagedDevice> devices = List.of();

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder).set("deprovision.concurrency", "4");
        devices = stage.next(ROWS);
        stage.submit("leavers", devices);
        stage.ledger().close(); // the service alone has it open
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(500)));
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Forked run(String log) throws IOException {
        return Forked.service(Stage.home(), stage.settings(), folder.resolve(log));
    }

    private static Ledger open(Path data) {
        return Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), Clock.systemUTC());
    }

    private void awaitCalls(int most) {
        await().atMost(Duration.ofMinutes(1)).until(() -> stage.actions().count(), calls -> calls >= most);
    }

    private Progress progress(Path data) {
        try (Ledger ledger = open(data)) {
            return ledger.batches().progress("leavers").orElseThrow();
        }
    }

    @Test
    void aDataFolderThatIsMovedAwayEndsTheServiceWithItsCallsSettledAndNothingMadeAnew() throws Exception {
        stage.set("deprovision.broker.url", "embedded");
        Path moved = folder.resolve("moved");
        try (Forked service = run("moved.log")) {
            awaitCalls(4);
            Files.move(stage.data, moved);
            assertThat(service.awaitEnd()).isEqualTo(Exit.UNREACHABLE.code());
            assertThat(service.output()).contains(stage.data + " was moved away, replaced or deleted");
        }
        assertThat(stage.data).doesNotExist();
        Progress there = progress(moved);
        assertThat(there.rows()).isEqualTo(ROWS);
        assertThat(there.in(State.SENDING, State.IN_DOUBT)).isZero();
        assertThat(there.in(State.DONE)).isEqualTo(stage.executed(devices)).isPositive();

        Files.move(moved, stage.data);
        stage.simulator.clearFaults();
        try (Forked again = run("again.log");
                Ledger ledger = open(stage.data)) {
            again.awaitSaying("Running.");
            awaitDone(ledger);
            assertThat(stage.executed(devices)).isEqualTo(ROWS);
        }
    }

    private static void awaitDone(Ledger ledger) {
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> ledger.batches().progress("leavers").orElseThrow().outcomes(),
                        Map.of("deprovisioned", (long) ROWS)::equals);
    }

    @Test
    void aLogOfWritesThatIsTakenAwayInMidRunEndsTheServiceAndNothingIsLost() throws Exception {
        try (Forked service = run("taken.log")) {
            awaitCalls(4);
            Files.delete(stage.data.resolve("ledger.db-wal"));
            Files.delete(stage.data.resolve("ledger.db-shm"));
            assertThat(service.awaitEnd()).isEqualTo(Exit.UNREACHABLE.code());
            assertThat(service.output()).contains("ledger.db-wal was moved away, replaced or deleted");
        }
        assertThat(progress(stage.data).in(State.DONE))
                .isEqualTo(stage.executed(devices))
                .isPositive();
        stage.simulator.clearFaults();
        try (Forked again = run("again.log");
                Ledger ledger = open(stage.data)) {
            again.awaitSaying("Running.");
            awaitDone(ledger);
            assertThat(ledger.pauses().all()).isEmpty();
            assertThat(stage.executed(devices)).isEqualTo(ROWS);
        }
    }

    @Test
    void aSecondServiceIsRefusedByTheLedgerWhenTheLockFileWasRemoved() throws Exception {
        try (Forked first = run("first.log")) {
            first.awaitSaying("Running.");
            awaitCalls(4);
            Files.delete(stage.data.resolve("service.lock"));
            try (Forked second = run("second.log")) {
                assertThat(second.awaitEnd()).isEqualTo(Exit.UNREACHABLE.code());
                assertThat(second.output())
                        .contains("Another service works on " + stage.data.resolve("ledger.db"), "End it first.");
            }
            assertThat(Installed.in(folder.resolve("home"))
                            .with(stage.settings())
                            .run("status")
                            .code())
                    .as("commands work beside it")
                    .isIn(Exit.DONE.code(), Exit.FAILED.code());
            assertThat(first.isAlive()).isTrue();
        }
        stage.simulator.clearFaults();
        try (Forked after = run("after.log")) {
            after.awaitSaying("Running.");
        }
    }
}
