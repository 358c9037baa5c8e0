package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of Intune's approval of a request (Multi Admin Approval), from the first answer that spoke of it until the
 * request is settled.
 *
 * @param code Intune's name of the approval request, with which the action is sent once it is approved; empty while another
 *     approval request for the device is open
 * @param since when it was asked for
 * @param polls how often Intune was asked how it stands
 */
public record ApprovalRequest(Optional<String> code, Instant since, int polls) {}
