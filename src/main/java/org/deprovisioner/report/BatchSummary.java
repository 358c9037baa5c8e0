package org.deprovisioner.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.AwaitingApproval.Parked;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.settings.Settings;

/**
 * How a batch ended: outcomes, the most frequent causes with their remedies, and where the files are.
 *
 * @param causes none where no row is a dead letter
 * @param results the file; empty until it is written
 */
public record BatchSummary(
        BatchStatus status,
        List<DeadLetterCause> causes,
        Optional<HeldBatch> held,
        Optional<Parked> awaitingApproval,
        Optional<Path> results,
        Optional<Path> deadLetters) {

    private static final int CAUSES = 3;

    /** The summary of a batch that stands like this. */
    public static BatchSummary of(BatchStatus status, Settings settings, Ledger ledger) {
        String batch = status.batch();
        ResultFiles files =
                new ResultFiles(settings.data(), settings.readers(), ledger.batches(), () -> Standstill.now(settings));
        return new BatchSummary(
                status,
                status.failed() + status.unknown() == 0 ? List.of() : DeadLetterCause.of(batch, CAUSES, ledger),
                HeldBatch.of(batch, ledger),
                ledger.awaitingApproval().parked().stream()
                        .filter(parked -> parked.batch().equals(batch))
                        .findFirst(),
                Optional.of(files.resultsOf(batch)).filter(Files::exists),
                files.deadLettersOf(batch));
    }
}
