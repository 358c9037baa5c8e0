package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.service.Presence;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who waits for a batch. */
class BatchFollowerTest {

    @TempDir
    private Path folder;

    private static String watch(Stage stage, String batch) throws Exception {
        StringWriter seen = new StringWriter();
        new BatchFollower(
                        stage.configuration().settings(),
                        stage.ledger(),
                        new PrintWriter(seen, true),
                        Presence.ofThisProcess(),
                        new Deadline(Optional.empty()),
                        Duration.ofMillis(300))
                .untilAtRest(List.of(batch));
        return seen.toString();
    }

    @Test
    void theLinesTellTheCountsTheFailuresTheRateAndTheTimeLeft() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.concurrency", "2")) {
            List<ManagedDevice> devices = stage.next(40);
            stage.simulator.fault(Fault.Match.DEPROVISION.device(devices.get(0).id()), Effect.error(400, "BadRequest"));
            stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(100)));
            stage.submit("slow", devices);
            stage.start();
            stage.until("slow", progress -> progress.rows() == 40);
            assertThat(watch(stage, "slow").lines())
                    .anyMatch(
                            line -> line.matches(
                                    "1 failed, 0 unknown, \\d+ of 40 settled, \\d+ done, 0 skipped, at least 1s left, \\d+[.]\\d a second"))
                    .last()
                    .asString()
                    .startsWith("1 failed, 0 unknown, 40 of 40 settled, 39 done, 0 skipped");
        }
    }

    @Test
    void underAPauseNoTimeIsPromised() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            stage.ledger()
                    .pauses()
                    .pause(
                            "*",
                            org.deprovisioner.ledger.Pause.EndsBy.RESUME,
                            "user",
                            "Paused by Ada.",
                            "Resume.",
                            "ada");
            stage.submit("paused", stage.next(3));
            stage.start();
            stage.until("paused", progress -> progress.rows() == 3);
            assertThat(watch(stage, "paused"))
                    .contains("0 of 3 settled", "paused: Paused by Ada.")
                    .doesNotContain("left");
        }
    }
}
