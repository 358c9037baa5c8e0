package org.deprovisioner.graph;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.request.Device;

/** What a read of a device says. */
public sealed interface ReadResult
        permits ReadResult.Found, ReadResult.Listed, ReadResult.Gone, ReadResult.ApprovalShown, Settlement.Common {

    /** The fields to ask for ({@code $select}), all that a {@link Device} is made of. */
    String FIELDS = "id,deviceName,serialNumber,operatingSystem,userPrincipalName,azureADDeviceId,enrolledDateTime,"
            + "deviceActionResults,model,managedDeviceOwnerType,managementState,lastSyncDateTime";

    /** The fields that tell which device it is. */
    String WHO = "id,deviceName,serialNumber,userPrincipalName,azureADDeviceId";

    /** The page of a list that an answer is; empty when it is none. */
    static Optional<Listed> listed(GraphAnswer answer) {
        return answer instanceof GraphAnswer.Http http && http.status() == 200
                ? DeviceJson.reading(http.body())
                        .filter(Listed.class::isInstance)
                        .map(Listed.class::cast)
                : Optional.empty();
    }

    /** The device as Graph describes it. */
    record Found(Device device) implements ReadResult {}

    /**
     * One page of the devices that match a filter.
     *
     * @param unreadable how many elements of it name no device, or are not of the form of one
     * @param next the whole URL of the next page
     */
    record Listed(List<Device> devices, int unreadable, Optional<String> next) implements ReadResult {}

    /** How an approval request of Intune stands. */
    record ApprovalShown(ApprovalStatus status) implements ReadResult {}

    /** Graph itself says that it has no such device. */
    record Gone() implements ReadResult {}
}
