package org.deprovisioner.report;

import java.util.List;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;

/**
 * Why rows of a batch are dead letters, by one of them.
 *
 * @param rows how many share the cause
 * @param line where the one stands in its file
 */
public record DeadLetterCause(
        long rows,
        String outcome,
        long line,
        String error,
        String remedy,
        String graphRequestId,
        String clientRequestId) {

    /** The cause for people: how many share it, how they ended, and where one of them stands with what is wrong there. */
    public String sentence() {
        String where = "line " + line;
        String example = error.matches("(?s).*\\b" + where + "\\b.*") ? error : where + ": " + error;
        return "%,7d %s, %s%s".formatted(rows, outcome, rows == 1 ? "" : "such as ", example);
    }

    /** The most frequent causes of a batch, the most frequent first. */
    public static List<DeadLetterCause> of(String batch, int most, Ledger ledger) {
        return ledger.batches().causes(batch, most).stream()
                .map(DeadLetterCause::of)
                .toList();
    }

    /** What a cause in the ledger is. */
    public static DeadLetterCause of(Batches.Cause cause) {
        Batches.Result row = cause.example();
        return new DeadLetterCause(
                cause.rows(),
                row.outcome().map(Outcome::word).orElse(""),
                row.line(),
                row.error(),
                row.remedy(),
                row.graphRequestId(),
                row.clientRequestId());
    }
}
