package org.deprovisioner.ledger;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionSystemException;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The ledger could not be read or written; the message says what to do. Nothing that it confirmed before is affected. What
 * fails however often it is tried, such as a value that the tables refuse, is no such case.
 */
public final class LedgerException extends NonTransientDataAccessException {

    private static final long serialVersionUID = 1L;

    /** How SQLite says that the statement is at fault, and not the file. */
    private static final Set<Integer> OF_THE_STATEMENT = Set.of(
            SQLiteErrorCode.SQLITE_ERROR.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_RANGE.code);

    private final boolean damage;

    LedgerException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private LedgerException(String message, @Nullable Throwable cause, boolean damage) {
        super(message, cause);
        this.damage = damage;
    }

    /** A template whose faults are told as this, where they are the ledger's. */
    static JdbcTemplate telling(JdbcTemplate template) {
        template.setExceptionTranslator((task, sql, fault) ->
                isOfTheStatement(fault) ? new UncategorizedSQLException(task, sql, fault) : of(fault));
        return template;
    }

    private static boolean isOfTheStatement(SQLException fault) {
        return fault instanceof SQLiteException sqlite && OF_THE_STATEMENT.contains(sqlite.getResultCode().code & 0xff);
    }

    /** For a file that says itself where it is damaged. */
    static LedgerException damaged(String where) {
        return of(new IllegalStateException("[SQLITE_CORRUPT] " + where));
    }

    /** For a machine on which the driver's library cannot be loaded. */
    static LedgerException withoutLibrary(Throwable fault) {
        return new LedgerException(
                "The ledger cannot be used: SQLite's library cannot be loaded (" + fault.getMessage()
                        + "). Give Java a temporary folder that may be written and that libraries may be loaded from:"
                        + " DEPROVISION_JAVA_OPTS=-Djava.io.tmpdir=FOLDER in the environment.",
                fault);
    }

    /** Whether the file is damaged, and not only out of reach. */
    boolean isDamage() {
        return damage;
    }

    static LedgerException of(Throwable cause) {
        if (cause instanceof LedgerException told) {
            return told;
        }
        Throwable root = root(cause);
        if (root instanceof NativeLibraryNotFoundException) {
            return withoutLibrary(root);
        }
        String detail = String.valueOf(root.getMessage());
        String remedy = "Nothing was sent that is not recorded. Look at the cause; work goes on when it is gone.";
        boolean damage = detail.contains("SQLITE_CORRUPT") || detail.contains("SQLITE_NOTADB");
        if (damage) {
            remedy =
                    "The file is damaged and is left as it is; nothing is sent. Stop the service and put a backup in its"
                            + " place.";
        } else if (detail.contains("SQLITE_FULL")) {
            remedy = "The disk is full. Make room; work goes on by itself.";
        } else if (detail.contains("SQLITE_READONLY") || detail.contains("SQLITE_CANTOPEN")) {
            remedy = "Give the user that runs this program the right to write the data folder and ledger.db in it.";
        } else if (detail.contains("SQLITE_BUSY")) {
            remedy = "Another program holds the ledger's lock. End it; work goes on by itself.";
        }
        return new LedgerException("The ledger cannot be used: " + detail + ". " + remedy, cause, damage);
    }

    /** What is at the bottom of a fault. */
    static Throwable root(Throwable cause) {
        Throwable root = beforeRollback(cause);
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** What went wrong first: a transaction that could not even begin cannot be rolled back either. */
    private static Throwable beforeRollback(Throwable cause) {
        return cause instanceof TransactionSystemException rollback && rollback.getOriginalException() != null
                ? rollback.getOriginalException()
                : cause;
    }
}
