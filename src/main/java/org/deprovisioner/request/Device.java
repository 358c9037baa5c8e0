package org.deprovisioner.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A managed device as Graph describes it; text that Graph leaves out is empty.
 *
 * @param id Intune's device id in lower case
 * @param enrolled when the device was enrolled last ({@code enrolledDateTime})
 * @param actions the deprovision actions among its {@code deviceActionResults}
 * @param particulars what is shown to a person
 * @see <a href="https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice">managedDevice</a>
 */
public record Device(
        String id,
        String deviceName,
        String serialNumber,
        String operatingSystem,
        String userPrincipalName,
        String azureADDeviceId,
        Optional<Instant> enrolled,
        List<Action> actions,
        Particulars particulars) {

    /** A device of which only what the checks need is known. */
    public Device(
            String id,
            String deviceName,
            String serialNumber,
            String operatingSystem,
            String userPrincipalName,
            String azureADDeviceId,
            Optional<Instant> enrolled,
            List<Action> actions) {
        this(
                id,
                deviceName,
                serialNumber,
                operatingSystem,
                userPrincipalName,
                azureADDeviceId,
                enrolled,
                actions,
                Particulars.NONE);
    }

    /** A deprovision action that Graph knows of: {@code pending}, {@code active}, {@code done}, {@code failed} and so on. */
    public record Action(String state, Optional<Instant> started) {}

    /**
     * What a person wants to see of a device before it is acted on; no check depends on it.
     *
     * @param ownerType {@code managedDeviceOwnerType}: {@code company}, {@code personal} or {@code unknown}
     * @param managementState {@code managed}, {@code retirePending} and so on
     * @param lastSync when the device was last heard of
     */
    public record Particulars(String model, String ownerType, String managementState, Optional<Instant> lastSync) {

        /** Nothing is known. */
        public static final Particulars NONE = new Particulars("", "", "", Optional.empty());
    }
}
