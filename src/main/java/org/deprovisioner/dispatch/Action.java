package org.deprovisioner.dispatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.graph.MultiAdminApproval;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.Lease;

/**
 * To deprovision a device.
 *
 * @param justification what Intune's approvers are told, where they are asked
 */
record Action(Lease lease, Optional<String> justification) implements Ask {

    @Override
    public Optional<Lease> request() {
        return Optional.of(lease);
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return lease.address().path() + "/deprovision";
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        justification
                .map(MultiAdminApproval::header)
                .ifPresent(value -> headers.put(MultiAdminApproval.JUSTIFICATION, value));
        lease.approval().flatMap(ApprovalRequest::code).ifPresent(value -> headers.put(MultiAdminApproval.CODE, value));
        return headers;
    }

    /** {@inheritDoc} It is exactly as Graph's page has it. */
    @Override
    public String body() {
        return "{\"deprovisionReason\": \""
                + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(lease.reason())) + "\"}";
    }

    @Override
    public boolean isWrite() {
        return true;
    }
}
