package org.deprovisioner.graph;

import java.util.Arrays;
import java.util.Optional;

/** How an approval request of Intune stands, in Graph's words. */
public enum ApprovalStatus {
    NEEDS_APPROVAL("needsApproval"),
    APPROVED("approved"),
    REJECTED("rejected"),
    CANCELLED("cancelled"),
    COMPLETED("completed"),
    EXPIRED("expired");

    private final String word;

    ApprovalStatus(String word) {
        this.word = word;
    }

    /** Graph's word for it. */
    public String word() {
        return word;
    }

    /** The status in the JSON of an approval request; empty when there is none, or none of these. */
    static Optional<ApprovalStatus> in(String body) {
        String status = Json.text(Json.parse(body), "status");
        return Arrays.stream(values())
                .filter(one -> one.word.equalsIgnoreCase(status))
                .findFirst();
    }
}
