package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Graph fails as a whole the lane stops, and single calls find out whether it works again. */
class EndToEndBreakerTest {

    private static final int IN_FLIGHT = 16;

    @TempDir
    private Path folder;

    private static List<Call> probes(Stage stage) {
        return stage.simulator.calls().stream()
                .filter(call -> call.method().equals("GET") && call.deviceId() == null)
                .toList();
    }

    @Test
    void inAStormOneCallAProbeGoesThroughAndNotAsManyAsThereAreWorkers() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.concurrency", "" + IN_FLIGHT)) {
            List<ManagedDevice> devices = stage.next(120);
            stage.simulator.fault(
                    Fault.Match.DEPROVISION.device(devices.get(2).id()).times(1),
                    Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "0.2")));
            stage.simulator.fault(Fault.Match.DEPROVISION, Effect.error(503, "ServiceUnavailable"));
            stage.submit("storm", devices);
            stage.start();
            stage.paused("unavailable");
            await("the first probe")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !probes(stage).isEmpty());
            // those that were under way when the lane stopped, and one for the probe at most
            long beforeTheProbe = stage.actions()
                    .filter(call -> call.at().isBefore(probes(stage).get(0).at()))
                    .count();
            assertThat(beforeTheProbe).isBetween(5L, 5L + IN_FLIGHT);
            await("two more probes")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> probes(stage).size() >= 3);
            List<Call> probes = probes(stage);
            for (int i = 0; i + 1 < probes.size(); i++) {
                Call probe = probes.get(i);
                Call next = probes.get(i + 1);
                assertThat(stage.actions()
                                .filter(call -> call.at().isAfter(probe.at())
                                        && call.at().isBefore(next.at())))
                        .hasSizeLessThanOrEqualTo(1);
            }
            stage.simulator.clearFaults();
            assertThat(stage.settled("storm", 120)).isEqualTo(Map.of("deprovisioned", 120L));
            assertThat(stage.executed(devices)).isEqualTo(120);
        }
    }
}
