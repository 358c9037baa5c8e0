package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program itself, in a process of its own, is told to stop. */
class DrainTest {

    private static final int CONCURRENCY = 4;
    private static final int ROWS = 40;
    /** A process starts slowly on a machine that has much to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private Stage stage;
    private List<ManagedDevice> devices = List.of();

    @BeforeEach
    void handOver() throws Exception {
        stage = Stage.in(folder).set("deprovision.concurrency", String.valueOf(CONCURRENCY));
        devices = stage.next(ROWS);
        stage.submit("drained", devices);
    }

    /** What Ctrl-C sends; a shell lets what it started in the background ignore it, and all that this starts in turn. */
    private static String interrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                        && Files.readAllLines(status).stream().anyMatch(line -> line.matches("SigIgn:.*[2367abefABEF]"))
                ? "TERM"
                : "INT";
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void callsUnderWayEndAreSettledAndTheExitCodeIsZero(String signal) throws Exception {
        assumeThat(signal).isIn("TERM", interrupt());
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(500)));
        Process service = run("run.log");
        try {
            await().atMost(PATIENCE).until(() -> stage.executed(devices) >= CONCURRENCY);
            signal(service, signal);
            assertThat(service.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)).isTrue();
        } finally {
            service.destroyForcibly();
        }
        assertThat(service.exitValue()).isZero();
        assertThat(in(State.SENDING, State.IN_DOUBT)).isZero();
        assertThat(stage.executed(devices)).isEqualTo(in(State.DONE)).isLessThan(ROWS);
    }

    @Test
    void callsThatHangEndInDoubtAfterTheTimeoutAndTheProcessEndsInTime() throws Exception {
        stage.set("deprovision.timeout", "2s");
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.HANG);
        Process service = run("run.log");
        try {
            await().atMost(PATIENCE).until(() -> underWay() >= CONCURRENCY);
            signal(service, "TERM");
            assertThat(service.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)).isTrue();
        } finally {
            service.destroyForcibly();
        }
        assertThat(service.exitValue()).isZero();
        assertThat(in(State.SENDING)).isZero();
        assertThat(in(State.IN_DOUBT, State.DEAD)).isPositive();
    }

    @Test
    void aSecondSignalEndsTheProcessAtOnceAndNothingIsSentTwice() throws Exception {
        stage.set("deprovision.timeout", "5m");
        stage.simulator.fault(Fault.Match.DEPROVISION.times(CONCURRENCY), Effect.HANG);
        Process service = run("run.log");
        try {
            await().atMost(PATIENCE).until(() -> underWay() >= CONCURRENCY);
            signal(service, "TERM");
            awaitLine("Stopping");
            signal(service, interrupt());
            assertThat(service.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)).isTrue();
        } finally {
            service.destroyForcibly();
        }
        assertThat(service.exitValue()).isEqualTo(Exit.INTERRUPTED.code());
        stage.start();
        stage.until("drained", now -> now.in(State.DONE) >= ROWS - CONCURRENCY);
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device)).hasSizeLessThanOrEqualTo(1));
    }

    @Test
    void aFileThatIsHalfTakenInIsNotWaitedForAndGoesOnAtTheNextStart() throws Exception {
        int rows = 60_000;
        stage.submit("large", largeFile(rows));
        Process service = run("run.log");
        try {
            await().atMost(PATIENCE).until(() -> taken("large") > 0);
            signal(service, "TERM");
            assertThat(service.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)).isTrue();
        } finally {
            service.destroyForcibly();
        }
        assertThat(service.exitValue()).isZero();
        assertThat(taken("large")).isBetween(1L, rows - 1L);
        assertThat(Files.readString(folder.resolve("run.log")))
                .contains("What is left of the file is taken in after its next start");
        stage.start();
        await().atMost(PATIENCE).until(() -> Files.exists(stage.data.resolve("archive/large.csv")));
        assertThat(stage.results("large"))
                .extracting(Batches.Result::line)
                .hasSize(rows)
                .doesNotHaveDuplicates();
    }

    /** Rows that need no Graph. */
    private static String largeFile(int rows) {
        StringBuilder content = new StringBuilder(Stage.HEADER);
        for (int row = 0; row < rows; row++) {
            content.append("\nno-device-").append(row).append(',').append(Stage.REASON);
        }
        return content.append('\n').toString();
    }

    private long taken(String batch) {
        return stage.ledger().batches().progress(batch).map(Progress::rows).orElse(0L);
    }

    @Test
    void aSecondServiceOnTheSameLedgerIsRefusedInOneLine() throws Exception {
        Process service = run("run.log");
        try {
            awaitLine("Running.");
            Process second = run("second.log");
            assertThat(second.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)).isTrue();
            assertThat(second.exitValue()).isEqualTo(Exit.UNREACHABLE.code());
            assertThat(Files.readAllLines(folder.resolve("second.log")))
                    .singleElement()
                    .asString()
                    .contains("(process " + service.pid() + ") already works on");
        } finally {
            service.destroyForcibly();
        }
    }

    private void awaitLine(String text) {
        await().atMost(PATIENCE)
                .until(() -> Files.readString(folder.resolve("run.log")).contains(text));
    }

    private long underWay() {
        return stage.ledger()
                .batches()
                .progress("drained")
                .map(now -> now.in(State.SENDING))
                .orElse(0L);
    }

    private long in(State... states) {
        return stage.ledger().batches().progress("drained").orElseThrow().in(states);
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    private Process run(String log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Ddeprovision.home=" + Stage.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Deprovisioner.class.getName(),
                "run");
        Map<String, String> environment = builder.environment();
        stage.settings()
                .forEach((key, value) ->
                        environment.put(key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT), value));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }
}
