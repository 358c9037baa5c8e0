package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there are many, devices are looked at together, and each look is settled alone. */
class EndToEndLooksTest {

    private static final Fault.Match TOGETHER = Fault.Match.ALL.method("POST").path("/\\$batch$");

    @TempDir
    private Path folder;

    private static Stream<Call> looks(Stage stage) {
        return stage.simulator.calls().stream().filter(call -> call.method().equals("GET"));
    }

    private static long wholes(Stage stage) {
        return stage.simulator.calls().stream()
                .filter(call -> call.path().endsWith("/$batch"))
                .count();
    }

    private static Fault.Match lookAt(ManagedDevice device) {
        return Fault.Match.ALL.method("GET").device(device.id());
    }

    @Test
    void eachOfManyLooksIsSettledByItsOwnAnswerWhateverTheirOrder() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.concurrency", "4")) {
            List<ManagedDevice> devices = stage.next(60);
            stage.simulator.fault(
                    lookAt(devices.get(0)).times(1),
                    Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "0.5")));
            stage.simulator.fault(lookAt(devices.get(1)).times(1), Effect.RESET);
            stage.simulator.fault(lookAt(devices.get(2)).times(1), Effect.error(503, "ServiceUnavailable"));
            String rows = devices.stream().map(Stage::row).collect(Collectors.joining("\n"));
            stage.submit("many", Stage.HEADER + "\n" + rows + "\n" + UUID.randomUUID() + "," + Stage.REASON + "\n");
            stage.start();
            assertThat(stage.settled("many", 61)).isEqualTo(Map.of("deprovisioned", 60L, "not-found", 1L));
            assertThat(stage.executed(devices)).isEqualTo(60);
            assertThat(looks(stage).filter(call -> "$batch".equals(call.via())).count())
                    .isGreaterThanOrEqualTo(60);
            assertThat(wholes(stage)).isLessThan(12);
            assertThat(stage.ledger().pauses().slowLanes())
                    .as("reads that were refused slow reads down, and no actions")
                    .extracting(Pauses.SlowLane::write)
                    .containsExactly(false);
        }
    }

    @Test
    void manyRowsWithoutAnIdAreSearchedForTogether() throws Exception {
        try (Stage stage = Stage.in(folder)) {
            List<ManagedDevice> devices = stage.next(30);
            stage.submit(
                    "serials",
                    devices.stream()
                            .map(device -> device.serialNumber() + "," + Stage.REASON)
                            .collect(Collectors.joining("\n", "serialNumber,deprovisionReason\n", "\n")));
            stage.start();
            assertThat(stage.settled("serials", 30)).isEqualTo(Map.of("deprovisioned", 30L));
            assertThat(stage.executed(devices)).isEqualTo(30);
            assertThat(looks(stage)).allSatisfy(call -> assertThat(call.via()).isEqualTo("$batch"));
        }
    }

    @Test
    void aFewDevicesAreLookedAtOneByOne() throws Exception {
        try (Stage stage = Stage.in(folder).start()) {
            stage.submit("few", stage.next(3));
            assertThat(stage.settled("few", 3)).isEqualTo(Map.of("deprovisioned", 3L));
            assertThat(wholes(stage)).isZero();
        }
    }

    @Test
    void whereTheTenantTakesNoLooksTogetherEachDeviceIsLookedAtAlone() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.concurrency", "2")) {
            List<ManagedDevice> devices = stage.next(50);
            stage.simulator.fault(TOGETHER, Effect.error(403, "Forbidden"));
            stage.submit("alone", devices);
            stage.start();
            assertThat(stage.settled("alone", 50)).isEqualTo(Map.of("deprovisioned", 50L));
            assertThat(wholes(stage)).isBetween(1L, 4L);
            assertThat(looks(stage)).hasSize(50);
        }
    }
}
