package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.deprovisioner.graph.ApprovalStatus;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.Attempts;
import org.deprovisioner.ledger.AwaitingApproval;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out in the ledger what Intune's Multi Admin Approval says of a request, and warns before it expires. */
final class ApprovalSettlements {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalSettlements.class);

    private static final Duration FIRST_POLL = Duration.ofSeconds(5);
    private static final Duration BETWEEN_POLLS = Duration.ofMinutes(10);
    private static final Duration BETWEEN_TRIES = Duration.ofHours(1);
    private static final Duration WARNED_AHEAD = Duration.ofDays(1);

    private static final String IN_INTUNE = "Intune admin center, Tenant administration, Multi Admin Approval";
    private static final String APPROVE =
            "Another administrator approves it there: " + IN_INTUNE + ", Received requests.";

    private final Attempts attempts;
    private final AwaitingApproval awaitingApproval;
    private final Clock clock;
    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

    ApprovalSettlements(Attempts attempts, AwaitingApproval awaitingApproval, Clock clock) {
        this.attempts = attempts;
        this.awaitingApproval = awaitingApproval;
        this.clock = clock;
    }

    /** What an action said of approval. */
    static MultiAdminApproval.Asked asked(Ask action) {
        Optional<ApprovalRequest> approval = action.lease().approval();
        return new MultiAdminApproval.Asked(
                action.path(),
                action.headers().containsKey(MultiAdminApproval.JUSTIFICATION),
                approval.flatMap(ApprovalRequest::code),
                approval.map(ApprovalRequest::since));
    }

    /** Parks a request that Intune asks approval for. */
    void park(Lease lease, Settlement.Parked asked, int status, String graphCode, String graphRequestId) {
        Optional<ApprovalRequest> before = lease.approval();
        boolean bounced = asked.code().isPresent()
                && before.flatMap(ApprovalRequest::code).equals(asked.code());
        ApprovalRequest approval = new ApprovalRequest(
                asked.code(),
                asked.since(),
                bounced ? before.map(ApprovalRequest::polls).orElse(0) + 1 : 0);
        attempts.settleParked(
                lease,
                approval,
                asked.code().isPresent() ? interval(approval) : BETWEEN_TRIES,
                new Finding(
                        Outcome.APPROVAL_REFUSED,
                        status,
                        graphCode,
                        words(approval) + (bounced ? " With its code it was answered: " + asked.reason() : ""),
                        asked.code().isPresent()
                                ? APPROVE
                                : "Settle the open request there: " + IN_INTUNE + ". It is asked again every hour."),
                graphRequestId);
    }

    /**
     * Carries out what a poll says.
     *
     * @param wait how long to wait before the next one, at least
     */
    void polled(Lease lease, ReadResult reading, Duration wait) {
        ApprovalRequest approval = lease.approval().orElseThrow();
        boolean settled = reading instanceof ReadResult.ApprovalShown found && settled(lease, approval, found.status());
        if (!settled && !(reading instanceof ReadResult.Gone && gone(lease, approval))) {
            Duration next = interval(approval);
            boolean news =
                    awaitingApproval.waits(lease, next.compareTo(wait) > 0 ? next : wait, words(approval), APPROVE);
            if (news && expiresSoon(approval) && warnedOf.add(lease.batch())) {
                LOG.warn("{} and perhaps more of its batch: {} {}", lease.where(), words(approval), APPROVE);
            }
        }
    }

    private boolean settled(Lease lease, ApprovalRequest approval, ApprovalStatus status) {
        return switch (status) {
            case NEEDS_APPROVAL -> false;
            case APPROVED -> awaitingApproval.ready(lease);
            case COMPLETED -> awaitingApproval.confirm(lease, completed(lease, approval));
            case REJECTED, CANCELLED, EXPIRED -> awaitingApproval.end(lease, refused(lease, approval, status));
        };
    }

    /** An approval request that Graph does not know may show later; not any more once it would have expired. */
    private boolean gone(Lease lease, ApprovalRequest approval) {
        return !clock.instant().isBefore(approval.since().plus(MultiAdminApproval.LIFE))
                && awaitingApproval.end(
                        lease,
                        new Finding(
                                Outcome.APPROVAL_REFUSED,
                                lease.lastStatus(),
                                "",
                                "Graph does not know the approval request "
                                        + approval.code().orElse("") + " any more.",
                                "Nothing was done to the device. Drop the row again to ask once more."));
    }

    private static Finding completed(Lease lease, ApprovalRequest approval) {
        return new Finding(
                Outcome.CONFIRMED_BY_READ_BACK,
                lease.lastStatus(),
                "",
                "Intune shows the approved action as executed (approval request "
                        + approval.code().orElse("") + " is completed).",
                "Nothing is to be done.");
    }

    private static Finding refused(Lease lease, ApprovalRequest approval, ApprovalStatus status) {
        String asked = "The approval request " + approval.code().orElse("") + " of " + utc(approval.since());
        return new Finding(
                Outcome.APPROVAL_REFUSED,
                lease.lastStatus(),
                "",
                switch (status) {
                    case REJECTED -> asked + " was rejected by an administrator in Intune.";
                    case CANCELLED -> asked + " was cancelled in Intune.";
                    default -> asked + " expired: nobody approved it within three days.";
                },
                "Nothing was done to the device. Ask the approvers why (" + IN_INTUNE
                        + "), then drop the row again to ask once more.");
    }

    private static Duration interval(ApprovalRequest approval) {
        Duration grown = FIRST_POLL.multipliedBy(1L << Math.min(approval.polls(), 10));
        return grown.compareTo(BETWEEN_POLLS) < 0 ? grown : BETWEEN_POLLS;
    }

    private boolean expiresSoon(ApprovalRequest approval) {
        return !clock.instant()
                .isBefore(approval.since().plus(MultiAdminApproval.LIFE).minus(WARNED_AHEAD));
    }

    private String words(ApprovalRequest approval) {
        String expiry = utc(approval.since().plus(MultiAdminApproval.LIFE));
        return approval.code()
                .map(code ->
                        (expiresSoon(approval) ? "EXPIRES SOON, at " + expiry + ": nobody has approved it yet. " : "")
                                + "Waits for approval in Intune (Multi Admin Approval), request " + code + " of "
                                + utc(approval.since()) + "; it expires at " + expiry + ".")
                .orElseGet(() ->
                        "Another approval request for the device is open in Intune (Multi Admin Approval). Ours is"
                                + " asked for again every hour until " + expiry + ".");
    }

    private static String utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
