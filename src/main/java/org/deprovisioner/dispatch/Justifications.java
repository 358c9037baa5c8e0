package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.ledger.Approval;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.ParkedRequests;
import org.deprovisioner.settings.Justification;

/** What Intune's approvers are told about each request, where that is set. */
final class Justifications {

    private final Optional<Justification> template;
    private final ParkedRequests parked;

    Justifications(Optional<Justification> template, ParkedRequests parked) {
        this.template = template;
        this.parked = parked;
    }

    /** The justification of a request; empty when none is set, or when it was asked for already. */
    Optional<String> of(Lease lease) {
        return template.filter(set -> lease.approval().flatMap(Approval::code).isEmpty())
                .map(set -> set.of(parked.cell(lease, "ticket"), lease.reason()));
    }
}
