package org.deprovisioner.listing;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.graph.Search;
import org.deprovisioner.guard.DeviceGuard;
import org.deprovisioner.request.Device;

/**
 * Which devices are wanted. A filter that is not given lets every device pass. Graph is asked to filter where it can, and
 * what it lists is compared here once more: it is not trusted to have done so.
 *
 * @param operatingSystems as {@code deprovision.guard.operating-system}; empty for any
 * @param notSyncedSince only devices that were last heard of before this instant
 * @param enrolledBefore only devices that were enrolled before this instant
 */
public record DeviceFilter(
        Set<String> operatingSystems,
        Optional<Wildcard> user,
        Optional<Wildcard> model,
        Optional<Wildcard> name,
        Optional<Instant> notSyncedSince,
        Optional<Instant> enrolledBefore) {

    /** Why a device is not wanted; empty when it is. */
    Optional<LeftOut> leavesOut(Device device) {
        Device.Particulars particulars = device.particulars();
        if (!new DeviceGuard(operatingSystems).isGuarded(device)) {
            return Optional.of(LeftOut.OPERATING_SYSTEM);
        } else if (differs(user, device.userPrincipalName())) {
            return Optional.of(LeftOut.USER);
        } else if (differs(model, particulars.model())) {
            return Optional.of(LeftOut.MODEL);
        } else if (differs(name, device.deviceName())) {
            return Optional.of(LeftOut.NAME);
        }
        return notBefore(notSyncedSince, particulars.lastSync(), LeftOut.SYNCED, LeftOut.SYNC_UNKNOWN)
                .or(() -> notBefore(enrolledBefore, device.enrolled(), LeftOut.ENROLLED, LeftOut.ENROLMENT_UNKNOWN));
    }

    private static boolean differs(Optional<Wildcard> wanted, String value) {
        return wanted.filter(wildcard -> !wildcard.matches(value)).isPresent();
    }

    private static Optional<LeftOut> notBefore(
            Optional<Instant> wanted, Optional<Instant> at, LeftOut later, LeftOut unknown) {
        if (wanted.isEmpty() || at.filter(wanted.get()::isAfter).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(at.isPresent() ? later : unknown);
    }

    /** What Graph is asked to filter by, as a part of the query; empty where it can filter by none of this. */
    Optional<String> query() {
        return user.flatMap(Wildcard::exactly)
                .map(value -> Search.filter(Search.Property.USER, value))
                .or(() -> name.flatMap(Wildcard::exactly)
                        .map(value -> Search.filter(Search.Property.DEVICE_NAME, value)));
    }
}
