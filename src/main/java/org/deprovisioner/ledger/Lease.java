package org.deprovisioner.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;

/**
 * A worker's claim on a request, with what the worker needs to know of it. It ends by settling, by giving it back, or by
 * time.
 *
 * @param id the request's number in the ledger
 * @param claim marks the request as this worker's; who leases it later has another, so that a lapsed lease changes nothing
 * @param line the row of its batch
 * @param attempts charged attempts so far
 * @param looks charged reads so far
 * @param lastStatus the HTTP status of the latest attempt, 0 when there was none
 * @param lastAttempt when the latest attempt began
 * @param tried the time since its first attempt, without that in which it was paused, held or throttled
 * @param resolved when the device was read last; empty when it must be read again before anything is done
 * @param device the device as it was read last
 * @param approval what is known of Intune's approval; empty when it never asked for one
 * @param planned what the plan says that this request came with; empty when it came without one
 */
public record Lease(
        long id,
        String claim,
        String tenant,
        String batch,
        long line,
        Address address,
        Expected expected,
        String reason,
        boolean force,
        int attempts,
        int looks,
        int lastStatus,
        Optional<Instant> firstAttempt,
        Optional<Instant> lastAttempt,
        Duration tried,
        Optional<Instant> resolved,
        Optional<Device> device,
        Optional<ApprovalRequest> approval,
        Optional<Planned> planned) {

    /** The same request, whose device was found. */
    public Lease found(Address at) {
        return new Lease(
                id,
                claim,
                tenant,
                batch,
                line,
                at,
                expected,
                reason,
                force,
                attempts,
                looks,
                lastStatus,
                firstAttempt,
                lastAttempt,
                tried,
                resolved,
                device,
                approval,
                planned);
    }

    /** By its number alone: it stands in sets on its way, and all of it would be looked at each time. */
    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** Batch and line, as messages name a request. */
    public String where() {
        return batch + " line " + line;
    }
}
