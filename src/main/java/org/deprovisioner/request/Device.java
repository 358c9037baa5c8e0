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
        List<Action> actions) {

    /** A deprovision action that Graph knows of: {@code pending}, {@code active}, {@code done}, {@code failed} and so on. */
    public record Action(String state, Optional<Instant> started) {}
}
