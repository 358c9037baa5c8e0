package org.deprovisioner.ledger;

import java.time.Instant;

/**
 * Dispatch stands still for a tenant, or for all.
 *
 * @param scope the tenant, or {@link #ALL}
 * @param kind whether it ends by itself
 * @param cause a short word that tells pauses apart, such as {@code token} or {@code rejected:BadRequest}
 * @param message what happened
 * @param remedy what the user can do
 * @param setBy the operating-system user, or {@code Deprovisioner}
 * @param probes how many probes have failed
 * @param probing whether one call is let through now to see whether the cause is gone
 */
public record Pause(
        String scope,
        Kind kind,
        String cause,
        String message,
        String remedy,
        Instant since,
        String setBy,
        int probes,
        boolean probing) {

    /** The scope of a pause for every tenant. */
    public static final String ALL = "*";

    /** How a pause ends. */
    public enum Kind {
        /** By itself, when a probe finds the cause gone. */
        PROBE,
        /** By the command {@code resume}. */
        RESUME
    }
}
