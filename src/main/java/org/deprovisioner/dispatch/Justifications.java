package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.AwaitingApproval;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.settings.Justification;

/** What Intune's approvers are told about each request, where that is set. */
final class Justifications {

    private final Optional<Justification> template;
    private final AwaitingApproval awaitingApproval;

    Justifications(Optional<Justification> template, AwaitingApproval awaitingApproval) {
        this.template = template;
        this.awaitingApproval = awaitingApproval;
    }

    /** The justification of a request; empty when none is set, or when it was asked for already. */
    Optional<String> of(Lease lease) {
        return template.filter(
                        set -> lease.approval().flatMap(ApprovalRequest::code).isEmpty())
                .map(set -> set.of(awaitingApproval.cell(lease, "ticket"), lease.reason()));
    }
}
