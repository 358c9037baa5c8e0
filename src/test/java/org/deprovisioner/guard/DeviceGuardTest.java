package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceGuardTest {

    private static final Instant ENROLLED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Expected NOTHING =
            new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final DeviceGuard guard = new DeviceGuard(Set.of("chromeos"));

    private static Device device(String name, String serial, String os, String user, Device.Action... actions) {
        return new Device("id-1", name, serial, os, user, "entra-1", Optional.of(ENROLLED), List.of(actions));
    }

    private static Device chromebook(Device.Action... actions) {
        return device("CB-1", "5CD1", "ChromeOS", "ada@example.org", actions);
    }

    private Optional<Outcome> refuse(Optional<String> asked, Expected expected, Device device) {
        return guard.refuse(asked, expected, device, Optional.empty(), false).map(Finding::outcome);
    }

    private static Expected expected(String serial, String name, String user, String entra) {
        return new Expected(given(serial), given(name), given(user), given(entra));
    }

    private static Optional<String> given(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }

    @Test
    void aDeviceThatAgreesMayBeActedOn() {
        assertThat(refuse(Optional.of("id-1"), NOTHING, chromebook())).isEmpty();
        assertThat(refuse(Optional.empty(), expected(" 5cd1 ", "cb-1", "ADA@example.org", "ENTRA-1"), chromebook()))
                .isEmpty();
    }

    @Test
    void aNameInDecomposedFormIsTheSameName() {
        Device device = device("M\u00fcller's", "5CD1", "ChromeOS", "ada@example.org");
        assertThat(refuse(Optional.empty(), expected("", "mU\u0308ller's", "", ""), device))
                .isEmpty();
        Device decomposed = device("Mu\u0308ller\u00a0", "5CD1", "ChromeOS", "ada@example.org");
        assertThat(refuse(Optional.empty(), expected("", "M\u00fcller", "", ""), decomposed))
                .isEmpty();
        assertThat(guard.refuse(
                        Optional.empty(),
                        NOTHING,
                        decomposed,
                        Optional.of(device("M\u00fcller", "5CD1", "ChromeOS", "ada@example.org")),
                        false))
                .isEmpty();
    }

    @Test
    void whatLooksAlikeAndIsNotIsAMismatchThatSaysSo() {
        Finding finding = guard.refuse(
                        Optional.empty(),
                        expected("", "M\u00fcller\u2019s", "", ""),
                        device("M\u00fcller's", "5CD1", "ChromeOS", "ada@example.org"),
                        Optional.empty(),
                        false)
                .orElseThrow();
        assertThat(finding.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(finding.error()).contains("They look alike");
    }

    @Test
    void anotherIdThanAskedForIsAMismatch() {
        assertThat(refuse(Optional.of("id-2"), NOTHING, chromebook())).contains(Outcome.MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"5CD2,'','',''", "'',CB-2,'',''", "'','',bob@example.org,''", "'','','',entra-2", "5CD,'','',''"})
    void anyColumnThatDiffersIsAMismatchThatNamesBoth(String serial, String name, String user, String entra) {
        Finding finding = guard.refuse(
                        Optional.of("id-1"), expected(serial, name, user, entra), chromebook(), Optional.empty(), false)
                .orElseThrow();
        assertThat(finding.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(finding.error()).contains(serial + name + user + entra);
    }

    @Test
    void aDeviceWithoutAValueDoesNotAgreeWithARowThatHasOne() {
        Device nameless = device("", "", "ChromeOS", "");
        assertThat(refuse(Optional.of("id-1"), expected("5CD1", "", "", ""), nameless))
                .contains(Outcome.MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ChromeOS", "Chrome OS", " CHROMEOS", "chrome os"})
    void theOperatingSystemIsComparedWithoutCaseAndSpaces(String os) {
        assertThat(refuse(Optional.empty(), NOTHING, device("CB-1", "5CD1", os, "ada")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Windows", "iOS", "", "ChromeOSx"})
    void anyOtherOperatingSystemIsRefused(String os) {
        assertThat(refuse(Optional.empty(), NOTHING, device("CB-1", "5CD1", os, "ada")))
                .contains(Outcome.REFUSED_BY_GUARD);
        assertThat(new DeviceGuard(Set.of("Chrome OS"))
                        .refuse(Optional.empty(), NOTHING, device("CB-1", "5CD1", os, "ada"), Optional.empty(), false)
                        .map(Finding::error))
                .contains("The device runs '" + os + "', and devices with Chrome OS alone are deprovisioned here"
                        + " (deprovision.guard.operating-system).");
        assertThat(new DeviceGuard(Set.of())
                        .refuse(Optional.empty(), NOTHING, device("CB-1", "5CD1", os, "ada"), Optional.empty(), false))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pending", "active", "done", "Done"})
    void anActionSinceItsEnrolmentMeansAlreadyDeprovisionedUnlessForced(String state) {
        for (Instant started : List.of(ENROLLED, ENROLLED.plusSeconds(1))) {
            Device device = chromebook(new Device.Action(state, Optional.of(started)));
            assertThat(refuse(Optional.empty(), NOTHING, device)).contains(Outcome.ALREADY_DEPROVISIONED);
            assertThat(guard.refuse(Optional.empty(), NOTHING, device, Optional.empty(), true))
                    .isEmpty();
        }
    }

    @Test
    void anActionOfUnknownTimeCounts() {
        Device device = chromebook(new Device.Action("done", Optional.empty()));
        assertThat(refuse(Optional.empty(), NOTHING, device)).contains(Outcome.ALREADY_DEPROVISIONED);
    }

    @Test
    void anActionThatFailedOrCameBeforeTheEnrolmentCountsForNothing() {
        Device device = chromebook(
                new Device.Action("failed", Optional.of(ENROLLED.plusSeconds(1))),
                new Device.Action("done", Optional.of(ENROLLED.minusSeconds(1))));
        assertThat(refuse(Optional.empty(), NOTHING, device)).isEmpty();
    }

    @Test
    void aDeviceThatChangedSinceItWasLetThroughIsAMismatchEvenWithForce() {
        List<Device> changed = List.of(
                device("CB-2", "5CD1", "ChromeOS", "ada@example.org"),
                device("CB-1", "5CD2", "ChromeOS", "ada@example.org"),
                device("CB-1", "5CD1", "ChromeOS", "bob@example.org"),
                device("CB-1", "5CD1", "ChromeOS Flex", "ada@example.org"));
        assertThat(changed)
                .allSatisfy(now -> assertThat(
                                guard.refuse(Optional.of("id-1"), NOTHING, now, Optional.of(chromebook()), true))
                        .map(Finding::outcome)
                        .contains(Outcome.MISMATCH));
        assertThat(guard.refuse(Optional.of("id-1"), NOTHING, chromebook(), Optional.of(chromebook()), false))
                .isEmpty();
    }

    @Test
    void forcePassesNeitherAMismatchNorAForeignOperatingSystem() {
        assertThat(guard.refuse(Optional.of("id-2"), NOTHING, chromebook(), Optional.empty(), true))
                .isPresent();
        assertThat(guard.refuse(
                        Optional.empty(), NOTHING, device("CB-1", "5CD1", "Windows", "ada"), Optional.empty(), true))
                .isPresent();
    }
}
