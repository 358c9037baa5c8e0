package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service ends in the middle of its work, gently or not, and is started again. */
class EndToEndRestartTest {

    @TempDir
    private Path folder;

    private Stage stage;
    private List<ManagedDevice> devices = List.of();

    @BeforeEach
    void slowly() throws Exception {
        stage = Stage.in(folder).set("deprovision.concurrency", "8");
        answerAfter(Duration.ofMillis(100));
        devices = stage.next(200);
        stage.submit("interrupted", devices);
    }

    private void answerAfter(Duration delay) {
        stage.simulator.clearFaults();
        stage.simulator.fault(
                Fault.Match.ALL.method("POST").path("/(deprovision|executeAction|\\$batch)$"), Effect.delay(delay));
    }

    @Test
    void afterAGentleEndEveryDeviceIsDoneExactlyOnce() throws Exception {
        try (Stage open = stage) {
            open.start();
            open.until("interrupted", now -> now.in(State.DONE) >= 40);
            open.stop();
            assertThat(open.ledger()
                            .batches()
                            .progress("interrupted")
                            .orElseThrow()
                            .in(State.SENDING))
                    .isZero();
            assertThat(open.executed(devices)).isBetween(40L, 199L);
            open.start();
            assertThat(open.settled("interrupted", 200)).isEqualTo(Map.of("deprovisioned", 200L));
            assertThat(devices)
                    .allSatisfy(device -> assertThat(open.executions(device)).isOne());
        }
    }

    @Test
    void aTenantThatHadToWaitIsCalledNoEarlierByTheNextProcess() throws Exception {
        try (Stage open = stage) {
            Instant until = Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.MILLIS);
            open.ledger().pauses().closeLane("default", until);
            open.start();
            assumeThat(Instant.now()).as("started before that").isBefore(until);
            open.settled("interrupted", 200);
            assertThat(open.simulator.calls().stream()
                            .filter(call -> call.path().startsWith("/beta/")))
                    .isNotEmpty()
                    .allSatisfy(call -> assertThat(call.at()).isAfterOrEqualTo(until));
        }
    }

    @ParameterizedTest
    @CsvSource({"single, 1, 8", "batch, 20, 2", "bulk, 10, 4"})
    void afterAKillEveryDeviceIsDoneExactlyOnceAndWhatWasUnderWayIsReadBack(String mode, int together, int concurrency)
            throws Exception {
        answerAfter(Duration.ofMillis(500));
        try (Stage open = stage.set("deprovision.mode", mode)
                .set("deprovision.bulk.size", String.valueOf(together))
                .set("deprovision.concurrency", String.valueOf(concurrency))) {
            try (Forked killed = Forked.service(Stage.home(), stage.settings(), folder.resolve("run.log"))) {
                await().until(() -> killed.isAlive() && open.executed(devices) >= 40);
            }
            assertThat(open.executed(devices)).isLessThan(200);
            answerAfter(Duration.ZERO);
            assertThat(open.filesWith(open.simulator.clientSecret(), "eyJ")).isEmpty();
            open.start();
            Map<String, Long> outcomes = open.settled("interrupted", 200);
            assertThat(outcomes.getOrDefault("unknown", 0L) + outcomes.getOrDefault("confirmed-by-read-back", 0L))
                    .isBetween(1L, (long) concurrency * together);
            assertThat(outcomes.keySet()).isSubsetOf("deprovisioned", "confirmed-by-read-back", "unknown");
            assertThat(devices).allSatisfy(device -> {
                assertThat(open.executions(device)).isLessThanOrEqualTo(1);
                assertThat(open.executions(device) == 1 || open.outcome("interrupted", device) == Outcome.UNKNOWN)
                        .isTrue();
            });
            open.stop();
            AuditTrail audit = new AuditTrail(open.data);
            assertThat(audit.verify(Optional.empty()).broken()).isEmpty();
            List<String> ended = new ArrayList<>();
            audit.find(AuditQuery.ALL, line -> {
                if (line.told().path("what").asText().equals("ended")) {
                    ended.add(line.text());
                }
            });
            assertThat(ended).hasSize(200);
        }
    }
}
