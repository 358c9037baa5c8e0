package org.deprovisioner.cli;

import java.io.PrintWriter;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.BatchSummary;
import org.deprovisioner.report.DeadLetterCause;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;

/** How a batch ended, for people. */
final class Summary {

    private Summary() {}

    static void print(BatchStatus status, Settings settings, Ledger ledger, PrintWriter out) {
        print(BatchSummary.of(status, settings, ledger), out);
        out.flush();
    }

    private static void print(BatchSummary summary, PrintWriter out) {
        BatchStatus status = summary.status();
        out.println("Batch '%s', %s:".formatted(status.batch(), Counted.of(status.rows(), "row")));
        status.outcomes()
                .forEach((word, rows) -> out.println("  %,7d %s (%s)"
                        .formatted(rows, word, Outcome.of(word).outcomeClass().word())));
        printOpen(status.held(), "held for approval", out);
        printOpen(status.in(State.WAITING), "waiting for another row with the same device", out);
        printOpen(status.awaitingApproval(), "waiting for approval in Intune (Multi Admin Approval)", out);
        printOpen(status.inDoubt(), "in doubt or being verified ('deprovision run' reads their devices back)", out);
        printOpen(status.ready(), "still to be sent", out);
        if (!summary.causes().isEmpty()) {
            out.println(summary.causes().size() == 1 ? "The cause:" : "The most frequent causes:");
            summary.causes().forEach(cause -> print(cause, out));
        }
        summary.held().ifPresent(held -> {
            out.println(held.sentence());
            out.println("Release it with: " + held.approveCommand());
        });
        summary.awaitingApproval().ifPresent(parked -> {
            out.println(parked.error());
            out.println(parked.remedy() + " While 'deprovision run' runs, the rest goes by itself.");
        });
        out.println(summary.results()
                .map(file -> "Results:      " + file)
                .orElse("Results:      deprovision results " + status.batch()
                        + " (the file comes once the service has written it)"));
        summary.deadLetters()
                .ifPresent(file -> out.println("Dead letters: " + file + " (fix it and drop it into the inbox again)"));
    }

    private static void printOpen(long rows, String word, PrintWriter out) {
        if (rows > 0) {
            out.println("  %,7d %s".formatted(rows, word));
        }
    }

    private static void print(DeadLetterCause cause, PrintWriter out) {
        out.println("  " + cause.sentence());
        out.println("          " + cause.remedy());
        if (!cause.graphRequestId().isEmpty()) {
            out.println("          For Microsoft's support: request-id %s, client-request-id %s"
                    .formatted(cause.graphRequestId(), cause.clientRequestId()));
        }
    }
}
