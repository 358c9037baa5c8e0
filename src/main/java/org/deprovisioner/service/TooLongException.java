package org.deprovisioner.service;

import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;

/** A reason or remark is longer than the ledger, the audit log and the pages show. */
public final class TooLongException extends NotDoneException {

    /** So many characters a reason or remark may have. */
    public static final int LIMIT = 500;

    private static final long serialVersionUID = 1L;

    private TooLongException(int length) {
        super(
                Exit.USAGE,
                "The reason has %,d characters, and the limit is %d. Nothing was changed; shorten it."
                        .formatted(length, LIMIT));
    }

    /** @throws TooLongException when it is longer than the limit */
    static void check(String reason) {
        if (reason.length() > LIMIT) {
            throw new TooLongException(reason.length());
        }
    }
}
