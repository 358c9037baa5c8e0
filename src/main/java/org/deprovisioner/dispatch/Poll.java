package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.graph.Sought;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.Lease;

/** To see how the approval of a request stands in Intune. */
record Poll(Lease lease) implements Ask {

    /** The code of the approval request. */
    String code() {
        return lease.approval().flatMap(ApprovalRequest::code).orElseThrow();
    }

    @Override
    public Optional<Lease> request() {
        return Optional.of(lease);
    }

    @Override
    public String path() {
        return MultiAdminApproval.path(code());
    }

    @Override
    public Sought sought() {
        return Sought.approval(code());
    }
}
