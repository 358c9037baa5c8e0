package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.settings.AllowedHours;
import org.deprovisioner.settings.SettingsReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrakesTest extends LedgerFixture {

    private Path protectedList;
    private Brakes brakes;

    @BeforeEach
    void makeBrakes() throws Exception {
        protectedList = Files.writeString(data.resolve("protected-devices.csv"), "id,serialNumber\n");
        brakes = new Brakes(data, protectedDevices(), ledger.pauses(), Optional.empty(), clock);
    }

    @Test
    void outsideTheAllowedHoursActionsAreStoppedAndReadsAreNot() {
        AllowedHours hours = SettingsReader.ofDefaults(
                        data,
                        Map.of(
                                "deprovision.guard.hours",
                                "Mon-Fri 10:00-16:00 UTC",
                                "deprovision.guard.protected",
                                protectedList.toString()))
                .read()
                .settings()
                .guard()
                .hours()
                .orElseThrow();
        Brakes timed = new Brakes(data, protectedDevices(), ledger.pauses(), Optional.of(hours), clock);
        assertThat(timed.on(TENANT)).isEmpty();
        assertThat(timed.onAllActions())
                .hasValueSatisfying(why -> assertThat(why).contains("deprovision.guard.hours", "Tue 2026-11-24 10:00"));
        assertThat(timed.onAllActions()).isPresent();
        clock.pass(Duration.ofHours(2));
        assertThat(timed.onAllActions()).isEmpty();
        clock.pass(Duration.ofHours(6));
        assertThat(timed.onAllActions()).isPresent();
    }

    @Test
    void withoutAStopFileOrAPauseNothingStops() throws Exception {
        Files.createFile(data.resolve("STOPPED.txt"));
        Files.createFile(data.resolve("STOP.md"));
        assertThat(brakes.on(TENANT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STOP", "stop", "Stop.txt", "STOP.TXT", "stop.TXT"})
    void aStopFileInAnyCaseStopsEveryTenantUntilItIsRemoved(String name) throws Exception {
        Path stop = Files.createFile(data.resolve(name));
        assertThat(brakes.on(TENANT)).hasValueSatisfying(why -> assertThat(why).contains(name));
        assertThat(brakes.on("south")).isPresent();
        Files.delete(stop);
        assertThat(brakes.on(TENANT)).isEmpty();
    }

    @Test
    void aPauseStopsItsTenantAlone() {
        ledger.pauses().pause(TENANT, Pause.EndsBy.RESUME, "user", "Paused by Ada.", "Resume.", "ada");
        assertThat(brakes.on(TENANT)).contains("Paused by Ada.");
        assertThat(brakes.on("south")).isEmpty();
    }

    @Test
    void aPauseOfAllStopsEveryTenant() {
        ledger.pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "user", "Paused by Ada.", "Resume.", "ada");
        assertThat(brakes.on("south")).contains("Paused by Ada.");
    }

    @Test
    void aDataFolderThatCannotBeReadStopsEverything() {
        Brakes blind = new Brakes(data.resolve("gone"), protectedDevices(), ledger.pauses(), Optional.empty(), clock);
        assertThat(blind.on(TENANT)).hasValueSatisfying(why -> assertThat(why).contains("nothing is sent"));
    }

    @Test
    void aListOfProtectedDevicesThatCannotBeReadStopsEveryTenantUntilItIsMended() throws Exception {
        Files.writeString(protectedList, "sn;name\nX;Y\n");
        assertThat(brakes.on(TENANT)).hasValueSatisfying(why -> assertThat(why).contains("protected-devices.csv"));
        Files.writeString(protectedList, "serialNumber\nX\n");
        assertThat(brakes.on(TENANT)).isEmpty();
        Files.delete(protectedList);
        assertThat(brakes.on("south")).isPresent();
    }

    private ProtectedDevices protectedDevices() {
        return new ProtectedDevices(protectedList, ledger.protectedLists(), clock, clock::nanoTime);
    }
}
