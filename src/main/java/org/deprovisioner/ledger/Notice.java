package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.Locale;

/**
 * Something a person should hear of.
 *
 * @param subject the batch, tenant, scope of a pause or machine that it is about; empty for none
 * @param at when it happened first
 * @param times how often it has happened since; of requests, for how many
 * @param message what happened the last time
 * @param remedy what a person can do
 */
public record Notice(Kind kind, String subject, Instant at, long times, String message, String remedy) {

    /** What a notice is about. */
    public enum Kind {
        BATCH_HELD,
        BATCH_ENDED,
        /** A pause that only {@code resume} ends. */
        PAUSED,
        IN_DOUBT,
        DEAD_LETTERS,
        CERTIFICATE_ENDS,
        /** A machine works the ledger off in the place of another. */
        TAKEN_OVER,
        /** Once a day: whether all is well. */
        DAILY;

        /** How it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
