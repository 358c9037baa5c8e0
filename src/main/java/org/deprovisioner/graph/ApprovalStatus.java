package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** The status in the JSON of the approval request with a code; empty when it is of another, or none of these. */
    static Optional<ApprovalStatus> in(String body, String code) {
        JsonNode request = GraphJson.parse(body);
        return Arrays.stream(values())
                .filter(one -> one.word.equalsIgnoreCase(GraphJson.text(request, "status")))
                .filter(one -> GraphJson.text(request, "id").equalsIgnoreCase(code))
                .findFirst();
    }
}
