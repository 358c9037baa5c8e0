package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds a batch back before its first call, and what lets it go. */
class EndToEndGuardsTest {

    @TempDir
    private static Path folder;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).set("deprovision.guard.max-per-batch", "3").start();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    @Test
    void aBatchOverTheLimitIsHeldAsAWholeUntilItIsApprovedWithItsNumber() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        stage.submit("too-many", devices);
        stage.until("too-many", now -> now.in(State.HELD) == 4);
        Path note = stage.data.resolve("held").resolve("too-many.txt");
        assertThat(Stage.written(note, "approve"))
                .contains("deprovision approve too-many\n", "deprovision 4 devices", "3");
        assertThat(stage.executed(devices)).isZero();
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device)).isEmpty());

        assertThat(stage.approve("too-many", 3)).isFalse();
        assertThat(stage.ledger().batches().progress("too-many").orElseThrow().in(State.HELD))
                .isEqualTo(4);
        assertThat(stage.approve("too-many", 4)).isTrue();
        assertThat(stage.settled("too-many", 4)).isEqualTo(Map.of("deprovisioned", 4L));
        await().until(() -> Files.notExists(note));
        assertThat(devices)
                .allSatisfy(device -> assertThat(stage.actions(device)).hasSize(1));
    }

    @Test
    void aFileInTheFolderOfApprovalsReleasesABatchAndIsMovedAwayWithWhatCameOfIt() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        stage.submit("by-file", devices);
        Path note = stage.data.resolve("held").resolve("by-file.txt");
        assertThat(Stage.written(note, "by-file.txt")).contains("holds the number 4");
        Path approvals = stage.data.resolve("approvals");
        Files.writeString(approvals.resolve("by-file.txt"), "5");
        Path outcome = approvals.resolve("done").resolve("by-file.txt.outcome.txt");
        assertThat(Stage.written(outcome, "by-file")).contains("stays held");
        assertThat(stage.executed(devices)).isZero();
        await().until(() -> Files.notExists(approvals.resolve("by-file.txt")));
        Files.writeString(approvals.resolve("by-file.txt"), "4");
        assertThat(stage.settled("by-file", 4)).isEqualTo(Map.of("deprovisioned", 4L));
        assertThat(Stage.written(approvals.resolve("done").resolve("by-file.txt-2.outcome.txt"), "Released"))
                .contains("4 devices");
    }

    @Test
    void aBatchWithinTheLimitIsNotHeld() throws Exception {
        stage.submit("few", stage.next(3));
        assertThat(stage.settled("few", 3)).isEqualTo(Map.of("deprovisioned", 3L));
    }

    @Test
    void aDeviceProtectedAfterItWasTakenInIsRefused() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        stage.submit("protected-late", devices);
        stage.until("protected-late", now -> now.in(State.HELD) == 4);
        ManagedDevice kept = devices.get(1);
        Files.writeString(stage.protectedDevices(), "id,serialNumber\n" + kept.id() + ",\n");
        stage.approve("protected-late", 4);
        assertThat(stage.settled("protected-late", 4)).isEqualTo(Map.of("deprovisioned", 3L, "refused-by-guard", 1L));
        assertThat(stage.outcome("protected-late", kept)).isEqualTo(Outcome.REFUSED_BY_GUARD);
        assertThat(stage.actions(kept)).isEmpty();
    }

    @Test
    void whatARequestMayBeWrittenAsTheProtectedListMayBeToo(@TempDir Path own) throws Exception {
        try (Stage listed = Stage.in(own)) {
            List<ManagedDevice> devices = listed.next(6);
            String[] ids = devices.stream().map(ManagedDevice::id).toArray(String[]::new);
            String serialNumber = devices.get(4).serialNumber();
            Files.write(
                    listed.protectedDevices(),
                    ("\ufeffsep=;\r\nIntune Device ID;Serial number;Remark\r\n{" + ids[0].toUpperCase(Locale.ROOT)
                                    + "};;the head's\r\n" + ids[1].replace("-", "") + ";;\r\n\"'" + ids[2]
                                    + "'\";;\r\n\u00a0" + ids[3].replace('-', '\u2011') + "\u200b;;\r\n;'"
                                    + serialNumber.toLowerCase(Locale.ROOT) + ";\r\n")
                            .getBytes(StandardCharsets.UTF_16LE));
            listed.start();
            listed.submit("forms", devices);
            assertThat(listed.settled("forms", 6)).isEqualTo(Map.of("refused-by-guard", 5L, "deprovisioned", 1L));
            assertThat(listed.executed(devices.subList(0, 5))).isZero();
        }
    }

    @Test
    void noneOfFiveDevicesIsSentWhoseNamesAreListedAsAPersonWouldTypeThem(@TempDir Path own) throws Exception {
        try (Stage listed = Stage.in(own)) {
            List<String> inGraph = List.of("Mu\u0308ller", "Hall\u00a07", "Head\u2019s", "Kiosk\u20111", "STRASSE 4");
            List<ManagedDevice> devices =
                    inGraph.stream().map(name -> called(name, listed.next())).toList();
            devices.forEach(listed.simulator.population()::add);
            Files.writeString(
                    listed.protectedDevices(), "deviceName\nM\u00fcller\nHALL 7\nhead's\nkiosk-1\nstra\u00dfe 4\n");
            listed.start();
            listed.submit("typed", devices);
            assertThat(listed.settled("typed", 5)).isEqualTo(Map.of("refused-by-guard", 5L));
            assertThat(listed.actions()).isEmpty();
        }
    }

    private static ManagedDevice called(String name, ManagedDevice device) {
        return new ManagedDevice(
                device.id(),
                name,
                device.serialNumber(),
                device.operatingSystem(),
                device.osVersion(),
                device.model(),
                device.userPrincipalName(),
                device.azureADDeviceId(),
                device.managedDeviceOwnerType(),
                device.managementState(),
                device.enrolledDateTime(),
                device.lastSyncDateTime(),
                List.of());
    }

    @Test
    void devicesThatStandInTheOldListAndInTheNewAreSafeWhileTheNewOneIsCopied(@TempDir Path own) throws Exception {
        try (Stage copied = Stage.in(own)) {
            List<ManagedDevice> devices = copied.next(3);
            StringBuilder whole = new StringBuilder("id,serialNumber\n");
            devices.forEach(device -> whole.append(device.id()).append(",\n"));
            Files.writeString(copied.protectedDevices(), whole);
            copied.start();
            // the new list begins with others, and its copy stands still in the middle, as if for long
            Files.writeString(copied.protectedDevices(), "id,serialNumber\n,NEW-1\n,NEW-2\n,NE");
            Files.setLastModifiedTime(
                    copied.protectedDevices(), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            copied.submit("meanwhile", devices);
            assertThat(copied.settled("meanwhile", 3)).isEqualTo(Map.of("refused-by-guard", 3L));
            assertThat(copied.actions()).isEmpty();
            assertThat(copied.ledger()
                            .protectedLists()
                            .of(copied.protectedDevices())
                            .orElseThrow()
                            .waiting())
                    .contains("may still be being written");
        }
    }

    @Test
    void cancelInTheMiddleLeavesACleanListOfDoneAndNotDone(@TempDir Path own) throws Exception {
        try (Stage open = Stage.in(own).set("deprovision.concurrency", "4").start()) {
            open.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofMillis(50)));
            List<ManagedDevice> devices = open.next(60);
            open.submit("mistaken", devices);
            open.until("mistaken", now -> now.in(State.DONE) >= 10);
            open.ledger().batches().cancel("mistaken", "ada");
            long underWay = open.executed(devices) + 4;
            Map<String, Long> outcomes = open.settled("mistaken", 60);
            assertThat(outcomes.keySet()).containsExactlyInAnyOrder("cancelled", "deprovisioned");
            assertThat(open.executed(devices))
                    .isEqualTo(outcomes.get("deprovisioned"))
                    .isLessThanOrEqualTo(underWay);
            assertThat(Stage.written(open.data.resolve("results").resolve("mistaken.csv"), "cancelled"))
                    .contains("deprovisioned");
        }
    }

    @Test
    void aShareOfTheFleetIsReadFromGraphPageAfterPageBeforeAUnitIsGuarded(@TempDir Path own) throws Exception {
        try (Stage shared =
                Stage.in(own).set("deprovision.guard.max-fleet-percent", "1").start()) {
            long chromebooks = shared.simulator
                    .population()
                    .devices()
                    .filter(ManagedDevice::isChromeOs)
                    .count();
            int most = (int) chromebooks / 100;
            shared.submit("within", shared.next(most));
            assertThat(shared.settled("within", most)).isEqualTo(Map.of("deprovisioned", (long) most));
            shared.submit("beyond", shared.next(1));
            shared.until("beyond", now -> now.in(State.HELD) == 1);
            assertThat(shared.results("beyond").get(0).error())
                    .contains((most + 1) + " of the " + chromebooks + " devices", "max-fleet-percent");
        }
    }

    @Test
    void outsideTheAllowedHoursNothingIsSentAndTheResultsSayWhen(@TempDir Path own) throws Exception {
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        String hours = "Mon-Sun %02d:00-%02d:00 UTC".formatted((now.getHour() + 4) % 24, (now.getHour() + 6) % 24);
        try (Stage night = Stage.in(own).set("deprovision.guard.hours", hours).start()) {
            List<ManagedDevice> devices = night.next(3);
            night.submit("at-night", devices);
            night.until("at-night", progress -> progress.in(State.READY) == 3);
            assertThat(Stage.written(night.data.resolve("results").resolve("at-night.csv"), "allowed hours"))
                    .contains("It goes on at");
            assertThat(night.actions()).isEmpty();
            night.stop();
            night.set("deprovision.guard.hours", "Mon-Sun 00:00-24:00 UTC").start();
            assertThat(night.settled("at-night", 3)).isEqualTo(Map.of("deprovisioned", 3L));
        }
    }

    @Test
    void aDryRunOfWhatWouldBeHeldSaysSoAndIsInNoRealRunsWay(@TempDir Path own) throws Exception {
        try (Stage dry = Stage.in(own)
                .set("deprovision.dry-run", "true")
                .set("deprovision.guard.max-per-batch", "3")
                .start()) {
            List<ManagedDevice> devices = dry.next(5);
            dry.submit("rehearsed", devices);
            assertThat(dry.settled("rehearsed", 5)).isEqualTo(Map.of("dry-run", 5L));
            assertThat(dry.results("rehearsed").get(0).error()).contains("would be held", "max-per-batch");
            dry.stop();
            dry.set("deprovision.dry-run", "false").start();
            dry.submit("rehearsed", devices);
            dry.until("rehearsed-2", now -> now.in(State.HELD) == 5);
            assertThat(dry.approve("rehearsed-2", 5)).isTrue();
            assertThat(dry.settled("rehearsed-2", 5)).isEqualTo(Map.of("deprovisioned", 5L));
        }
    }

    @Test
    void aDryRunSendsNothingAndIsNoHindranceForTheRealRun(@TempDir Path own) throws Exception {
        try (Stage dry = Stage.in(own).set("deprovision.dry-run", "true").start()) {
            List<ManagedDevice> devices = dry.next(10);
            dry.submit("rehearsed", devices);
            assertThat(dry.settled("rehearsed", 10)).isEqualTo(Map.of("dry-run", 10L));
            assertThat(Stage.written(dry.data.resolve("results").resolve("rehearsed.csv"), "dry-run"))
                    .contains(devices.get(9).id());
            assertThat(dry.actions()).isEmpty();
            dry.stop();
            dry.set("deprovision.dry-run", "false").start();
            dry.submit("rehearsed", devices);
            assertThat(dry.settled("rehearsed-2", 10)).isEqualTo(Map.of("deprovisioned", 10L));
            assertThat(devices)
                    .allSatisfy(device -> assertThat(dry.actions(device)).hasSize(1));
        }
    }
}
