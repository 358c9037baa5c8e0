package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deprovisioner.ledger.Batches.Cause;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.State;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Settings;

/** How a batch ended, for people: outcomes, the most frequent causes with their remedies, and where the files are. */
final class Summary {

    private static final int CAUSES = 3;

    private Summary() {}

    static void print(BatchStatus standing, Settings settings, Ledger ledger, PrintWriter out) {
        String batch = standing.progress().name();
        out.println("Batch '%s', %s:".formatted(batch, rows(standing.progress().rows())));
        standing.progress()
                .outcomes()
                .forEach((word, rows) -> out.println("  %,7d %s (%s)"
                        .formatted(rows, word, Outcome.of(word).outcomeClass().word())));
        printOpen(standing.held(), "held for approval", out);
        Progress progress = standing.progress();
        printOpen(progress.in(State.WAITING), "waiting for another row with the same device", out);
        printOpen(progress.in(State.AWAITING_APPROVAL), "waiting for approval in Intune (Multi Admin Approval)", out);
        printOpen(standing.inDoubt(), "in doubt or being verified ('deprovision run' reads their devices back)", out);
        printOpen(standing.ready(), "still to be sent", out);
        printCauses(standing, ledger, out);
        ledger.units().held(batch).ifPresent(held -> {
            out.println(Approve.why(held));
            out.println("Release it with: " + Approve.command(held));
        });
        ledger.parked().parked().stream()
                .filter(parked -> parked.batch().equals(batch))
                .forEach(parked -> {
                    out.println(parked.error());
                    out.println(parked.remedy() + " While 'deprovision run' runs, the rest goes by itself.");
                });
        printFiles(batch, new ResultFiles(settings.data(), ledger.batches(), () -> Standstill.now(settings)), out);
        out.flush();
    }

    /** So many rows, in words. */
    static String rows(long count) {
        return count == 1 ? "1 row" : "%,d rows".formatted(count);
    }

    private static void printOpen(long rows, String word, PrintWriter out) {
        if (rows > 0) {
            out.println("  %,7d %s".formatted(rows, word));
        }
    }

    private static void printCauses(BatchStatus standing, Ledger ledger, PrintWriter out) {
        long dead = standing.in(OutcomeClass.FAILED) + standing.in(OutcomeClass.UNKNOWN);
        if (dead == 0) {
            return;
        }
        out.println("The most frequent causes:");
        for (Cause cause : ledger.batches().causes(standing.progress().name(), CAUSES)) {
            Result row = cause.example();
            out.println("  %,7d %s, such as line %d: %s"
                    .formatted(cause.rows(), row.outcome().map(Outcome::word).orElse(""), row.line(), row.error()));
            out.println("          " + row.remedy());
            if (!row.graphRequestId().isEmpty()) {
                out.println("          For Microsoft's support: request-id %s, client-request-id %s"
                        .formatted(row.graphRequestId(), row.clientRequestId()));
            }
        }
    }

    private static void printFiles(String batch, ResultFiles files, PrintWriter out) {
        Path results = files.resultsOf(batch);
        out.println(
                Files.exists(results)
                        ? "Results:      " + results
                        : "Results:      deprovision results " + batch
                                + " (the file comes once the service has written it)");
        files.deadLettersOf(batch)
                .ifPresent(
                        file -> out.println("Dead letters: " + file + " (mend it and drop it into the inbox again)"));
    }
}
