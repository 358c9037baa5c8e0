package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.broker.HandedOver;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same device by another door or under another name is executed once; the others end and name of what. */
class EndToEndDuplicatesTest {

    @TempDir
    private static Path folder;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).start();
    }

    @AfterEach
    void nothingIsInTheWay() {
        stage.simulator.clearFaults();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    private static void assertSentOnce(ManagedDevice device) {
        assertThat(stage.actions(device)).hasSize(1);
        assertThat(stage.executions(device)).isOne();
    }

    /** As the message that a client sends, once it has come through the broker. */
    private static void message(String id, String batch, ManagedDevice device, String requestId) throws Exception {
        new IntakeConfiguration(stage.configuration().settings(), stage.ledger(), Clock.systemUTC())
                .messageIntake()
                .takeIn(new HandedOver(
                        "ID:" + id,
                        """
                                {"managedDeviceId": "%s", "deprovisionReason": "%s", "batch": "%s", "requestId": "%s"}
                                """.formatted(device.id(), Stage.REASON, batch, requestId),
                        "desk",
                        Optional.empty(),
                        Optional.empty()));
    }

    private static String withRequestId(ManagedDevice device, String requestId) {
        return Stage.HEADER + ",requestId\n" + Stage.row(device) + "," + requestId + "\n";
    }

    @Test
    void theSameFileUnderAnotherNameWhileTheFirstIsInProgressWaitsForIt() throws Exception {
        List<ManagedDevice> devices = stage.next(20);
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofSeconds(1)));
        stage.submit("as-it-was", devices);
        stage.until("as-it-was", now -> now.in(State.SENDING) > 0);
        stage.submit("renamed", devices);
        assertThat(stage.settled("as-it-was", 20)).isEqualTo(Map.of("deprovisioned", 20L));
        assertThat(stage.settled("renamed", 20)).isEqualTo(Map.of("duplicate", 20L));
        assertThat(stage.results("renamed"))
                .allSatisfy(row -> assertThat(row.error()).contains("as-it-was line " + row.line()));
        devices.forEach(EndToEndDuplicatesTest::assertSentOnce);
    }

    @Test
    void otherCapitalsAndBracesNameTheSameDevice() throws Exception {
        ManagedDevice device = stage.next();
        stage.submit(
                "spelled",
                Stage.HEADER + "\n" + Stage.row(device) + "\n" + device.id().toUpperCase(Locale.ROOT) + ","
                        + Stage.REASON + "\n{" + device.id() + "}," + Stage.REASON + "\n");
        assertThat(stage.settled("spelled", 3)).isEqualTo(Map.of("deprovisioned", 1L, "duplicate", 2L));
        assertSentOnce(device);
    }

    @Test
    void anotherFormOrColumnNamesTheSameDevice() throws Exception {
        ManagedDevice device = stage.next();
        String state = device.id() + ":" + device.id();
        stage.submit("by-id", device);
        stage.submit(
                "by-script",
                "deprovisionReason,deviceHealthScriptId,deviceHealthScriptDeviceStateId\n" + Stage.REASON + ","
                        + device.id() + "," + state + "\n");
        stage.submit(
                "by-serial", "serialNumber,deprovisionReason\n" + device.serialNumber() + "," + Stage.REASON + "\n");
        stage.submit("comanaged", Stage.HEADER + ",address\n" + Stage.row(device) + ",comanagedDevices\n");
        long done = 0;
        for (String batch : List.of("by-id", "by-script", "by-serial", "comanaged")) {
            done += stage.settled(batch, 1).getOrDefault("deprovisioned", 0L);
            assertThat(stage.results(batch).get(0).outcome().orElseThrow().word())
                    .isIn("deprovisioned", "duplicate");
        }
        assertThat(done).isOne();
        assertSentOnce(device);
    }

    @Test
    void aRestoredInboxAndArchiveExecuteNothing() throws Exception {
        ManagedDevice device = stage.next();
        stage.submit("restored", device);
        assertThat(stage.settled("restored", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        Path archived = stage.data.resolve("archive").resolve("restored.csv");
        Path part = stage.data.resolve("restored.part");
        Stage.written(archived, device.id());
        Files.copy(archived, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, stage.data.resolve("inbox").resolve("restored.csv"));
        assertThat(stage.settled("restored-2", 1)).isEqualTo(Map.of("duplicate", 1L));
        assertSentOnce(device);
    }

    @Test
    void aRequestIdStandsForOneDeviceWhetherItCameByFileOrByMessage() throws Exception {
        ManagedDevice device = stage.next();
        ManagedDevice other = stage.next();
        stage.submit("key-by-file", withRequestId(device, "leaver-1"));
        assertThat(stage.settled("key-by-file", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        message("1", "key-by-message", device, "leaver-1");
        assertThat(stage.settled("key-by-message", 1)).isEqualTo(Map.of("duplicate", 1L));
        message("2", "key-of-another", other, "leaver-1");
        assertThat(stage.settled("key-of-another", 1)).isEqualTo(Map.of("invalid", 1L));
        Result invalid = stage.results("key-of-another").get(0);
        assertThat(invalid.error()).contains(device.id(), other.id(), "key-by-file line 2");
        assertSentOnce(device);
        assertThat(stage.executions(other)).isZero();
    }

    @Test
    void theRequestIdOfWhatFailedIsFreeForAnotherDevice() throws Exception {
        ManagedDevice refused = stage.next();
        ManagedDevice right = stage.next();
        stage.simulator.fault(Fault.Match.DEPROVISION.device(refused.id()), Effect.error(400, "BadRequest"));
        message("3", "key-that-failed", refused, "leaver-2");
        assertThat(stage.settled("key-that-failed", 1)).isEqualTo(Map.of("rejected-by-graph", 1L));
        stage.submit("key-again", withRequestId(right, "leaver-2"));
        assertThat(stage.settled("key-again", 1)).isEqualTo(Map.of("deprovisioned", 1L));
    }

    @Test
    void whoWaitsBehindOneThatFailsGoesOnByItself() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1),
                Effect.error(400, "BadRequest").late(Duration.ofSeconds(1)));
        stage.submit("fails", device);
        stage.until("fails", now -> now.in(State.SENDING) == 1);
        stage.submit("waits", device);
        assertThat(stage.settled("waits", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.settled("fails", 1)).isEqualTo(Map.of("rejected-by-graph", 1L));
    }

    @Test
    void aDeviceThatCameBackAfterTheDuplicateWindowIsExecutedAnewAndByForceAtOnce(@TempDir Path own) throws Exception {
        try (Stage anew =
                Stage.in(own).set("deprovision.duplicate-window", "0s").start()) {
            ManagedDevice device = anew.next();
            anew.submit("first", device);
            assertThat(anew.settled("first", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            anew.submit("still-there", device);
            assertThat(anew.settled("still-there", 1)).isEqualTo(Map.of("duplicate", 1L));
            anew.submit("forced", Stage.HEADER + ",force,requestId\n" + Stage.row(device) + ",true,once\n");
            assertThat(anew.settled("forced", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            anew.simulator.population().add(enrolledAnew(device));
            anew.submit("came-back", device);
            assertThat(anew.settled("came-back", 1)).isEqualTo(Map.of("deprovisioned", 1L));
            assertThat(anew.actions(device)).hasSize(3);
        }
    }

    private static ManagedDevice enrolledAnew(ManagedDevice device) {
        return new ManagedDevice(
                device.id(),
                device.deviceName(),
                device.serialNumber(),
                device.operatingSystem(),
                device.osVersion(),
                device.model(),
                device.userPrincipalName(),
                device.azureADDeviceId(),
                device.managedDeviceOwnerType(),
                device.managementState(),
                Clock.systemUTC().instant(),
                device.lastSyncDateTime(),
                List.of());
    }
}
