package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many devices in one call: each is settled alone, and no promise is weaker than with one call a device. */
class EndToEndModesTest {

    private static final Fault.Match BULK = Fault.Match.ALL.method("POST").path("/executeAction$");

    @TempDir
    private Path folder;

    private Stage stage(String mode) throws Exception {
        return Stage.in(folder)
                .set("deprovision.mode", mode)
                .set("deprovision.bulk.size", "40")
                .set("deprovision.concurrency", "4");
    }

    private static List<Call> wholes(Stage stage, String path) {
        return stage.simulator.calls().stream()
                .filter(call -> call.path().endsWith(path) && call.via() == null)
                .toList();
    }

    private static Fault.Match one(ManagedDevice device) {
        return Fault.Match.ALL.method("POST").device(device.id());
    }

    @Test
    void inBulkDevicesOfOneFormAndReasonGoTogetherAndTheOthersAlone() throws Exception {
        try (Stage stage = stage("bulk").start()) {
            List<ManagedDevice> devices = stage.next(130);
            List<ManagedDevice> comanaged = stage.next(3);
            ManagedDevice scripted = stage.next();
            StringBuilder rows = new StringBuilder(
                    "managedDeviceId,deprovisionReason,address,deviceHealthScriptId,deviceHealthScriptDeviceStateId\n");
            devices.forEach(device -> rows.append(device.id()).append(",lost,,,\n"));
            comanaged.forEach(device -> rows.append(device.id()).append(",lost,comanagedDevices,,\n"));
            rows.append(",lost,,").append(scripted.id() + "," + scripted.id()).append('\n');
            stage.submit("many", rows.toString());
            assertThat(stage.settled("many", 134)).isEqualTo(Map.of("deprovisioned", 134L));
            assertThat(wholes(stage, "/managedDevices/executeAction")).hasSizeBetween(4, 8);
            assertThat(wholes(stage, "/comanagedDevices/executeAction")).hasSize(1);
            assertThat(wholes(stage, "/managedDevice/deprovision")).hasSize(1);
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
            assertThat(stage.results("many"))
                    .extracting(Result::clientRequestId)
                    .doesNotContain("");
        }
    }

    @Test
    void ofABulkCallEachDeviceIsSettledByTheListThatNamesItAndOneInNoListIsInDoubt() throws Exception {
        try (Stage stage = stage("bulk")) {
            List<ManagedDevice> devices = stage.next(5);
            stage.simulator.fault(one(devices.get(0)), Effect.error(500, "Failed"));
            stage.simulator.fault(one(devices.get(1)), Effect.error(404, "ResourceNotFound"));
            stage.simulator.fault(one(devices.get(2)), Effect.error(400, "NotSupported"));
            stage.simulator.fault(one(devices.get(3)), Effect.RESET.afterExecuting());
            stage.submit("lists", devices);
            stage.start();
            assertThat(stage.settled("lists", 5))
                    .isEqualTo(Map.of("rejected-by-graph", 3L, "deprovisioned", 1L, "confirmed-by-read-back", 1L));
            assertThat(devices.subList(0, 3))
                    .allSatisfy(
                            device -> assertThat(stage.outcome("lists", device)).isEqualTo(Outcome.REJECTED_BY_GRAPH));
            assertThat(stage.outcome("lists", devices.get(4))).isEqualTo(Outcome.DEPROVISIONED);
            assertThat(stage.executions(devices.get(3))).isOne();
        }
    }

    @Test
    void aLostAnswerToABulkCallLeavesAllOfItInDoubtAndNothingIsSentTwice() throws Exception {
        try (Stage stage = stage("bulk")) {
            List<ManagedDevice> devices = stage.next(80);
            stage.simulator.fault(BULK.times(1), Effect.RESET.afterExecuting());
            stage.submit("lost", devices);
            stage.start();
            assertThat(stage.settled("lost", 80))
                    .isEqualTo(Map.of("deprovisioned", 40L, "confirmed-by-read-back", 40L));
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        }
    }

    @Test
    void whereTheTenantRefusesBulkCallsEachDeviceIsSentAlone() throws Exception {
        try (Stage stage = stage("bulk")) {
            List<ManagedDevice> devices = stage.next(90);
            stage.simulator.fault(BULK, Effect.error(403, "Forbidden"));
            stage.submit("alone", devices);
            stage.start();
            assertThat(stage.settled("alone", 90)).isEqualTo(Map.of("deprovisioned", 90L));
            assertThat(wholes(stage, "/executeAction")).hasSizeBetween(1, 3);
            assertThat(wholes(stage, "/deprovision")).hasSize(90);
            assertThat(stage.results("alone"))
                    .allSatisfy(row -> assertThat(row.attempts()).isOne());
        }
    }

    @Test
    void aProtectedOrPausedDeviceLeavesItsGroupBeforeTheCall() throws Exception {
        try (Stage stage = stage("bulk")) {
            List<ManagedDevice> devices = stage.next(10);
            stage.simulator.fault(
                    BULK.times(1), Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "2")));
            stage.submit("guarded", devices);
            stage.start();
            await().until(() -> !wholes(stage, "/executeAction").isEmpty());
            Files.writeString(
                    stage.protectedDevices(),
                    "id,serialNumber\n" + devices.get(3).id() + ",\n");
            assertThat(stage.settled("guarded", 10)).isEqualTo(Map.of("deprovisioned", 9L, "refused-by-guard", 1L));
            assertThat(stage.executions(devices.get(3))).isZero();
        }
    }

    @Test
    void inABatchEachCallIsSettledByItsOwnAnswer() throws Exception {
        try (Stage stage = stage("batch")) {
            List<ManagedDevice> devices = new ArrayList<>(stage.next(50));
            stage.simulator.fault(
                    one(devices.get(0)).times(1),
                    Effect.error(429, "TooManyRequests").headers(Map.of("Retry-After", "0.5")));
            stage.simulator.fault(one(devices.get(1)), Effect.RESET.afterExecuting());
            stage.simulator.fault(one(devices.get(2)), Effect.error(400, "BadRequest"));
            stage.simulator.fault(one(devices.get(3)).times(1), Effect.error(503, "ServiceUnavailable"));
            stage.submit("parts", devices);
            stage.start();
            assertThat(stage.settled("parts", 50))
                    .isEqualTo(Map.of("deprovisioned", 48L, "rejected-by-graph", 1L, "confirmed-by-read-back", 1L));
            assertThat(stage.outcome("parts", devices.get(2))).isEqualTo(Outcome.REJECTED_BY_GRAPH);
            assertThat(stage.executed(devices)).isEqualTo(49);
            List<Call> throttled = stage.actions(devices.get(0));
            assertThat(throttled).extracting(Call::status).containsExactly(429, 204);
            assertThat(Duration.between(throttled.get(0).at(), throttled.get(1).at()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(490));
            assertThat(stage.actions())
                    .allSatisfy(call -> assertThat(call.via()).isEqualTo("$batch"));
            assertThat(stage.actions().map(Call::clientRequestId)).doesNotHaveDuplicates();
            assertThat(wholes(stage, "/$batch").size()).isLessThan(18);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch", "bulk"})
    void aDeviceIsReachedByItsUserInEachModeAndReadBackByItsId(String mode) throws Exception {
        try (Stage stage = stage(mode)) {
            ManagedDevice device = stage.next();
            ManagedDevice cutOff = stage.next();
            ManagedDevice ofAnother = stage.next();
            stage.simulator.fault(one(cutOff), Effect.RESET.afterExecuting());
            stage.submit("users", """
                    address,userId,managedDeviceId,deprovisionReason
                    users,%s,%s,lost
                    users,%s,%s,lost
                    users,nobody@school.example,%s,lost
                    """.formatted(
                    device.userPrincipalName(), device.id(), cutOff.userPrincipalName(), cutOff.id(), ofAnother.id()));
            stage.start();
            assertThat(stage.settled("users", 3))
                    .isEqualTo(Map.of("deprovisioned", 1L, "confirmed-by-read-back", 1L, "not-found", 1L));
            assertThat(stage.actions(device))
                    .singleElement()
                    .extracting(Call::path)
                    .isEqualTo("/beta/users/" + device.userPrincipalName() + "/managedDevices/" + device.id()
                            + "/deprovision");
            assertThat(stage.simulator.calls())
                    .filteredOn(
                            call -> call.method().equals("GET") && cutOff.id().equals(call.deviceId()))
                    .extracting(Call::path)
                    .contains("/beta/deviceManagement/managedDevices/" + cutOff.id());
        }
    }

    @Test
    void aGroupSeenTooLongAgoIsLookedAtOneByOneBeforeItGoes() throws Exception {
        try (Stage stage = stage("batch").set("deprovision.resolve.max-age", "0s")) {
            List<ManagedDevice> devices = stage.next(20);
            stage.submit("stale", devices);
            stage.start();
            assertThat(stage.settled("stale", 20)).isEqualTo(Map.of("deprovisioned", 20L));
            assertThat(devices)
                    .allSatisfy(device -> assertThat(stage.simulator.calls().stream()
                                    .filter(call -> call.method().equals("GET")
                                            && device.id().equals(call.deviceId())))
                            .hasSize(2));
        }
    }
}
