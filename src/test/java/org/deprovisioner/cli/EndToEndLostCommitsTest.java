package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that knows less than its audit log: an old backup was put back, or its files were taken apart. */
class EndToEndLostCommitsTest {

    private static final int ROWS = 6;

    @TempDir
    private Path folder;

    private Stage stage;
    private List<ManagedDevice> devices = List.of();

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder);
        devices = stage.next(ROWS);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Forked run(String log) throws IOException {
        return Forked.service(Stage.home(), stage.settings(), folder.resolve(log));
    }

    private Ledger open() {
        return Ledger.open("jdbc:sqlite:" + stage.data.resolve("ledger.db"), Clock.systemUTC());
    }

    private Map<String, Long> outcomes(Ledger ledger) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> ledger.batches().progress("leavers"),
                        now -> now.filter(batch -> batch.in(State.DONE, State.DEAD) == ROWS)
                                .isPresent())
                .map(Progress::outcomes)
                .orElseThrow();
    }

    private static void approve(Ledger ledger) {
        assertThat(ledger.approvals()
                        .approve(
                                new BatchApproval("leavers", ROWS, "ada", ""),
                                submitters -> Optional.empty(),
                                Duration.ZERO))
                .isInstanceOf(Verdict.Released.class);
    }

    private Pause lostCommits(Ledger ledger) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> ledger.pauses().all().stream()
                                .filter(pause -> pause.cause().equals("lost-commits"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private long newestInLog() throws IOException {
        long[] newest = {0};
        new AuditTrail(stage.data)
                .find(
                        AuditQuery.ALL,
                        line -> newest[0] = line.told().path("entry").asLong());
        return newest[0];
    }

    private void takeAway(String... ends) throws IOException {
        for (String end : ends) {
            Files.deleteIfExists(stage.data.resolve("ledger.db" + end));
        }
    }

    @Test
    void anOldBackupStartsPausedAndAfterResumeEachDeviceIsLookedAtAnewSoNoneIsSentTwice() throws Exception {
        stage.set("deprovision.guard.approval", "always");
        stage.submit("leavers", devices);
        stage.start();
        stage.until("leavers", now -> now.in(State.HELD) == ROWS);
        Path backup = folder.resolve("backup.db");
        stage.ledger().backup(backup);
        long inBackup = stage.ledger().audit().newestGiven();
        assertThat(stage.approve("leavers", ROWS)).isTrue();
        assertThat(stage.settled("leavers", ROWS)).isEqualTo(Map.of("deprovisioned", (long) ROWS));
        stage.stop();
        stage.ledger().close();
        takeAway("", "-wal", "-shm");
        Files.copy(backup, stage.data.resolve("ledger.db"));
        long inLog = newestInLog();

        try (Forked service = run("restored.log");
                Ledger ledger = open()) {
            service.awaitSaying("Running.");
            Pause pause = lostCommits(ledger);
            assertThat(pause.scope()).isEqualTo(Pause.ALL);
            assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
            assertThat(pause.message()).contains("up to number " + inBackup + ",", "up to number " + inLog + ".");
            assertThat(service.output()).contains("The ledger is behind its audit log");
            approve(ledger);
            assertThat(ledger.batches().progress("leavers").orElseThrow().in(State.READY))
                    .isEqualTo(ROWS);
            long before = stage.simulator.calls().size();

            ledger.pauses().resume(Pause.ALL, "ada");

            assertThat(outcomes(ledger)).isEqualTo(Map.of("already-deprovisioned", (long) ROWS));
            assertThat(stage.simulator.calls().stream().skip(before))
                    .as("looks at the devices, one by one or together")
                    .isNotEmpty()
                    .noneMatch(call -> call.path().endsWith("/deprovision"));
            assertThat(stage.executed(devices)).isEqualTo(ROWS);
        }

        try (Forked again = run("again.log");
                Ledger ledger = open()) {
            again.awaitSaying("Running.");
            assertThat(ledger.pauses().all())
                    .as("it goes on after the numbers of the log")
                    .isEmpty();
        }
    }

    @Test
    void aCommandThatComesFirstDoesNotHideThatTheLedgerIsBehind() throws Exception {
        Path backup = folder.resolve("backup.db");
        stage.ledger().backup(backup);
        stage.submit("leavers", devices);
        stage.start();
        stage.settled("leavers", ROWS);
        stage.stop();
        stage.ledger().close();
        takeAway("", "-wal", "-shm");
        Files.copy(backup, stage.data.resolve("ledger.db"));

        Installed.Ended paused =
                Installed.in(folder.resolve("home")).with(stage.settings()).run("pause");

        assertThat(paused.code()).isZero();
        try (Ledger ledger = open()) {
            assertThat(newestInLog()).isGreaterThan(ROWS);
            assertThat(ledger.audit().newestGiven()).isEqualTo(newestInLog());
            assertThat(ledger.pauses().all()).hasSize(1).allMatch(pause -> pause.kind() == Pause.EndsBy.RESUME);
        }
        assertThat(Files.readString(newestFile())).contains("The ledger is behind its audit log");
    }

    private Path newestFile() throws IOException {
        try (var files = Files.list(stage.data.resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    @Test
    void aKilledServiceWhoseLogOfWritesWasTakenAwayIsPausedAtTheNextStart() throws Exception {
        assumeThat(Forked.canFreeze()).isTrue();
        stage.submit("leavers", devices);
        stage.ledger().close();
        try (Forked service = run("killed.log")) {
            try (Ledger beside = open()) {
                outcomes(beside);
                await().until(() -> beside.audit().due().isEmpty() && newestInLog() >= ROWS);
            }
            service.freeze();
            takeAway("-wal", "-shm");
        }
        long inLog = newestInLog();
        try (Forked again = run("again.log");
                Ledger ledger = open()) {
            again.awaitSaying("Running.");
            assertThat(lostCommits(ledger).message()).contains("up to number " + inLog + ".");
            assertThat(ledger.batches().progress("leavers")).isEmpty();
        }
    }
}
