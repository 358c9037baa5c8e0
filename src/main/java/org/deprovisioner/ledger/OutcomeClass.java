package org.deprovisioner.ledger;

import java.util.Locale;

/** The four classes of outcomes. */
public enum OutcomeClass {
    DONE,
    SKIPPED,
    FAILED,
    UNKNOWN;

    /** The word that users see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
