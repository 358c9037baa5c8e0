package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.AwaitingApproval;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.settings.Justification;

/** What Intune's approvers are told about each request, where that is set. */
final class Justifications {

    private final Optional<Justification> template;
    private final AwaitingApproval parked;

    Justifications(Optional<Justification> template, AwaitingApproval parked) {
        this.template = template;
        this.parked = parked;
    }

    /** The justification of a request; empty when none is set, or when it was asked for already. */
    Optional<String> of(Lease lease) {
        return template.filter(
                        set -> lease.approval().flatMap(ApprovalRequest::code).isEmpty())
                .map(set -> set.of(parked.cell(lease, "ticket"), lease.reason()));
    }
}
