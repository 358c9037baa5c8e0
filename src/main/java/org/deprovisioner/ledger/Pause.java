package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * Dispatch stands still for a tenant, for a batch, or for all.
 *
 * @param scope the tenant, {@link #ofBatch}, or {@link #ALL}
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
        EndsBy kind,
        String cause,
        String message,
        String remedy,
        Instant since,
        String setBy,
        int probes,
        boolean probing) {

    /** A pause, whose message ends as a sentence does. */
    public Pause {
        message = sentence(message);
    }

    /** Words as a sentence, fit to be followed by another. */
    public static String sentence(String words) {
        return words.isEmpty() || ".!?".indexOf(words.charAt(words.length() - 1)) >= 0 ? words : words + ".";
    }

    /** The cause of the pause of a tenant that has open requests and is not configured any more. */
    public static final String NOT_CONFIGURED = "not-configured";

    /** The scope of a pause for every tenant. */
    public static final String ALL = "*";

    /** How the cause of a pause is called whose tenant signs in with what Entra does not take. */
    public static final String TOKEN_REFUSED = "token-refused";

    private static final String BATCH = "batch:";

    /** The scope of a pause for one batch; the ledger's statements spell it, too. */
    public static String ofBatch(String batch) {
        return BATCH + batch;
    }

    /** The batch that a scope stands for; empty when it is a tenant, or all. */
    public static Optional<String> batch(String scope) {
        return Optional.of(scope).filter(name -> name.startsWith(BATCH)).map(name -> name.substring(BATCH.length()));
    }

    /** How a pause ends. */
    public enum EndsBy {
        /** By itself, when a probe finds the cause gone. */
        PROBE,
        /** By the command {@code resume}. */
        RESUME
    }
}
