package org.deprovisioner.guard;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Planned;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.deprovisioner.request.Folding;

/** Whether a device may be acted on, as Graph describes it now. A pure decision. */
public final class DeviceGuard {

    private static final Set<String> SHOWN = Set.of("pending", "active", "done");

    private static final String UNSEEN = " They look alike: a space, dash, quote or invisible character differs.";

    private final Set<String> operatingSystems;
    private final String shown;

    /**
     * @param operatingSystems the only operating systems that are acted on, compared without case and spaces; empty
     *     for any
     */
    public DeviceGuard(Set<String> operatingSystems) {
        this.shown = String.join(", ", operatingSystems);
        this.operatingSystems =
                operatingSystems.stream().map(DeviceGuard::solid).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Looks at a device before anything is done to it.
     *
     * @param asked Intune's id as the row gives it, empty where the address has none
     * @param expected what else the row says of the device
     * @param before the device as it was seen when the request was let through, empty at the first look
     * @return how the request ends when the device may not be acted on, empty when it may
     */
    public Optional<Finding> refuse(
            Optional<String> asked, Expected expected, Device device, Optional<Device> before, boolean force) {
        return disagreement(asked, expected, device)
                .or(() -> before.flatMap(seen -> change(seen, device)))
                .or(() -> wrongOperatingSystem(device))
                .or(() -> force ? Optional.empty() : alreadyDeprovisioned(device));
    }

    /** How a request ends whose device is not what the plan says that it came with; empty when it is. */
    public static Optional<Finding> refuseUnplanned(Planned planned, Device device) {
        return planned.device()
                .map(then -> Stream.of(
                                differs("managedDeviceId", Optional.of(then.id()), device.id()),
                                firstChange(then, device))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(difference ->
                                "It is not what was planned: " + difference.replace("The row says", "the plan says")))
                .orElseGet(() -> Optional.of("The plan sends nothing for this row."))
                .map(error -> Finding.of(
                        Outcome.MISMATCH,
                        error,
                        "Make a new plan with 'deprovision plan', look at it, and submit that one."));
    }

    private static Optional<Finding> disagreement(Optional<String> asked, Expected expected, Device device) {
        return Stream.of(
                        differs("managedDeviceId", asked, device.id()),
                        differs("serialNumber", expected.serialNumber(), device.serialNumber()),
                        differs("deviceName", expected.deviceName(), device.deviceName()),
                        differs("userPrincipalName", expected.userPrincipalName(), device.userPrincipalName()),
                        differs("azureADDeviceId", expected.azureADDeviceId(), device.azureADDeviceId()))
                .flatMap(Optional::stream)
                .findFirst()
                .map(
                        difference -> Finding.of(
                                Outcome.MISMATCH,
                                difference,
                                "Check that the row names the right device (is a column shifted?), correct it and drop it again."));
    }

    private static Optional<String> differs(String column, Optional<String> row, String graph) {
        return row.filter(value -> !Folding.plain(value).equals(Folding.plain(graph)))
                .map(value -> "The row says " + column + " '" + value + "', Graph says '" + graph + "'."
                        + (Folding.folded(value).equals(Folding.folded(graph)) ? UNSEEN : ""));
    }

    private static Optional<Finding> change(Device seen, Device now) {
        return firstChange(seen, now)
                .map(difference -> Finding.of(
                        Outcome.MISMATCH,
                        "The device changed after it was let through: " + difference.replace("The row says", "it had"),
                        "Check who has the device now; drop the row again if it still is the right one."));
    }

    private static Optional<String> firstChange(Device seen, Device now) {
        return Stream.of(
                        differs("deviceName", Optional.of(seen.deviceName()), now.deviceName()),
                        differs("serialNumber", Optional.of(seen.serialNumber()), now.serialNumber()),
                        differs("userPrincipalName", Optional.of(seen.userPrincipalName()), now.userPrincipalName()),
                        differs("operatingSystem", Optional.of(seen.operatingSystem()), now.operatingSystem()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether a device runs one of the operating systems that are acted on. */
    public boolean isGuarded(Device device) {
        return operatingSystems.isEmpty() || operatingSystems.contains(solid(device.operatingSystem()));
    }

    private Optional<Finding> wrongOperatingSystem(Device device) {
        if (isGuarded(device)) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                Outcome.REFUSED_BY_GUARD,
                "The device runs '" + device.operatingSystem() + "', and devices with " + shown
                        + " alone are deprovisioned here (deprovision.guard.operating-system).",
                "Is it the right device? Then take the row out: deprovision is meant for ChromeOS devices."));
    }

    private static Optional<Finding> alreadyDeprovisioned(Device device) {
        Instant enrolled = device.enrolled().orElse(Instant.EPOCH);
        return device.actions().stream()
                .filter(action -> SHOWN.contains(action.state().toLowerCase(Locale.ROOT)))
                .filter(action -> !action.started().orElse(Instant.MAX).isBefore(enrolled))
                .findFirst()
                .map(action -> Finding.of(
                        Outcome.ALREADY_DEPROVISIONED,
                        "Graph shows a deprovision action in state '" + action.state() + "'"
                                + action.started().map(at -> " since " + at).orElse("") + ".",
                        "Nothing is to be done."));
    }

    private static String solid(String operatingSystem) {
        return Folding.plain(operatingSystem).replace(" ", "");
    }
}
