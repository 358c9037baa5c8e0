package org.deprovisioner.ledger;

/**
 * A ledger is not one that may be worked on as it is: it is of another version, or missing where there was one. The
 * message says what to do. Nothing was changed.
 */
public final class LedgerRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With words for the user. */
    public LedgerRefusedException(String message) {
        super(message);
    }
}
