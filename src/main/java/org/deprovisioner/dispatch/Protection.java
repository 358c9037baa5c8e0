package org.deprovisioner.dispatch;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Resolutions;
import org.deprovisioner.request.Device;

/** Ends requests whose device is on the protected list. */
public final class Protection {

    private final Resolutions resolutions;
    private final ProtectedDevices protectedDevices;

    Protection(Resolutions resolutions, ProtectedDevices protectedDevices) {
        this.resolutions = resolutions;
        this.protectedDevices = protectedDevices;
    }

    /**
     * Looks at the protected list once more, right before the attempt.
     *
     * @return the action without those whose device was protected since; their requests have ended
     * @throws NotNowException when none is left
     */
    public Call refuseProtected(Call action) throws NotNowException {
        List<Call> allowed = action.calls().stream()
                .filter(call -> !isProtected(call.lease()))
                .toList();
        if (allowed.isEmpty()) {
            throw new NotNowException(action.calls().get(0).lease().where() + " is protected.");
        }
        return action.only(allowed);
    }

    private boolean isProtected(Lease lease) {
        Optional<Finding> refusal = refuse(lease, lease.device());
        refusal.ifPresent(finding -> resolutions.endUnsent(lease, finding));
        return refusal.isPresent();
    }

    /** Why a device, as Graph shows it or as the row names it, must not be acted on. */
    Optional<Finding> refuse(Lease lease, Optional<Device> seen) {
        return seen.flatMap(protectedDevices::refuse).or(() -> protectedDevices.refuse(named(lease)));
    }

    /** What a row says of its device. */
    private static Device named(Lease lease) {
        return new Device(
                lease.address().managedDeviceId().orElse(""),
                lease.expected().deviceName().orElse(""),
                lease.expected().serialNumber().orElse(""),
                "",
                lease.expected().userPrincipalName().orElse(""),
                lease.expected().azureADDeviceId().orElse(""),
                Optional.empty(),
                List.of());
    }
}
