package org.deprovisioner.simulator;

/**
 * An action that waits, or waited, for a second administrator.
 *
 * @param status in Graph's words
 * @param justification what the caller said of it
 * @param path of the action; with the body it tells whether a later call is the same
 */
public record ApprovalRequest(String id, String status, String justification, String path, String body) {

    ApprovalRequest now(String changed) {
        return new ApprovalRequest(id, changed, justification, path, body);
    }
}
