package org.deprovisioner.store;

/**
 * A ledger is not one that may be worked on as it is: it is of another version, or missing where there was one. The
 * message says what to do. Nothing was changed.
 */
public final class StoreRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With words for the user. */
    public StoreRefusedException(String message) {
        super(message);
    }
}
