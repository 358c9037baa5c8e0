package org.deprovisioner.store;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessException;

/**
 * What is stored could not be read or written; the message says what to do. Nothing that was confirmed before is affected.
 * What fails however often it is tried, such as a value that the tables refuse, is no such case.
 */
public final class StoreException extends NonTransientDataAccessException {

    private static final long serialVersionUID = 1L;

    private final boolean damage;

    /** With words for the user. */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, @Nullable Throwable cause, boolean damage) {
        super(message, cause);
        this.damage = damage;
    }

    /** For a database that is no longer what was written. */
    static StoreException damaged(String detail, @Nullable Throwable cause) {
        return new StoreException(
                "The ledger cannot be used: " + detail
                        + ". The file is damaged and is left as it is; nothing is sent. Stop"
                        + " the service and put a backup in its place.",
                cause,
                true);
    }

    /** Whether the database is damaged, and not only out of reach. */
    boolean isDamage() {
        return damage;
    }
}
