package org.deprovisioner.ledger;

import org.jspecify.annotations.Nullable;

/** The ledger could not be read or written; the message says what to do. Nothing that it confirmed before is affected. */
public final class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static LedgerException of(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String detail = String.valueOf(root.getMessage());
        String remedy = "Nothing was sent that is not recorded. Look at the cause; work goes on when it is gone.";
        if (detail.contains("SQLITE_CORRUPT") || detail.contains("SQLITE_NOTADB")) {
            remedy = "The file is damaged and is left as it is. Put a backup in its place.";
        } else if (detail.contains("SQLITE_FULL")) {
            remedy = "The disk is full. Make room; work goes on by itself.";
        } else if (detail.contains("SQLITE_READONLY") || detail.contains("SQLITE_CANTOPEN")) {
            remedy = "Give the user that runs this program the right to write the data folder and ledger.db in it.";
        } else if (detail.contains("SQLITE_BUSY")) {
            remedy = "Another program holds the ledger's lock. End it; work goes on by itself.";
        }
        return new LedgerException("The ledger cannot be used: " + detail + ". " + remedy, cause);
    }
}
