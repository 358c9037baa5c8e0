package org.deprovisioner.simulator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;

/**
 * A device as Graph describes it; the components bear Graph's names and are written as they are.
 *
 * @param id Intune's id, a GUID in lower case
 * @param azureADDeviceId Entra's id of the same device: another GUID
 * @param deviceActionResults the actions that Graph knows of
 * @see <a href="https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice">managedDevice</a>
 */
public record ManagedDevice(
        String id,
        String deviceName,
        String serialNumber,
        String operatingSystem,
        String osVersion,
        String model,
        String userPrincipalName,
        String azureADDeviceId,
        String managedDeviceOwnerType,
        String managementState,
        Instant enrolledDateTime,
        Instant lastSyncDateTime,
        List<ActionResult> deviceActionResults) {

    /** One remote action and how far it has come, in Graph's words ({@code pending}, {@code done} and so on). */
    public record ActionResult(
            String actionName, String actionState, Instant startDateTime, Instant lastUpdatedDateTime) {}

    /** Whether it can be deprovisioned; both spellings of the operating system are seen. */
    @JsonIgnore
    public boolean isChromeOs() {
        return operatingSystem.replace(" ", "").equalsIgnoreCase("ChromeOS");
    }

    ManagedDevice with(List<ActionResult> actions) {
        return new ManagedDevice(
                id,
                deviceName,
                serialNumber,
                operatingSystem,
                osVersion,
                model,
                userPrincipalName,
                azureADDeviceId,
                managedDeviceOwnerType,
                managementState,
                enrolledDateTime,
                lastSyncDateTime,
                actions);
    }
}
