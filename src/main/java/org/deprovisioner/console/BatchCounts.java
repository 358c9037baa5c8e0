package org.deprovisioner.console;

import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.settings.Settings;

/** How many rows of batches stand how; a batch is counted anew when it has changed, and not for every page. */
final class BatchCounts {

    private static final Duration RATE = Duration.ofMinutes(1);

    private final Settings settings;
    private final Ledger ledger;
    private final Kept<String, BatchStatus> statuses = new Kept<>();
    private final Kept<String, Long> open = new Kept<>();
    private final Kept<String, Double> rates = new Kept<>();

    BatchCounts(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    BatchStatus of(ListedBatch batch) {
        return statuses.get(
                batch.name(),
                batch.changed(),
                () -> ledger.batches()
                        .progress(batch.name())
                        .map(progress -> BatchStatus.of(progress, settings, ledger))
                        .orElseThrow(
                                () -> new RefusedException(404, "There is no batch '" + batch.name() + "' any more.")));
    }

    /** A batch was just changed here: it is counted anew. */
    void forget(String batch) {
        statuses.forget(batch);
    }

    /** How many requests of all batches are still to be looked at or sent. */
    long toSend() {
        return open.get("to send", () -> ledger.rowPages().toSend());
    }

    /** How many requests of all batches stand in a state. */
    long in(State state) {
        return open.get(state.name(), () -> ledger.rowPages().count(state));
    }

    /** Calls a second for a batch in the last minute. */
    double rate(String batch) {
        return rates.get(
                batch,
                () -> settings.tenants().keySet().stream()
                                .mapToLong(tenant -> ledger.callRates().of(tenant, batch, RATE))
                                .sum()
                        / (double) RATE.toSeconds());
    }

    /** How long what is still to be sent takes; empty while something stands still. */
    Optional<Duration> timeLeft(long toSend) {
        return toSend == 0 ? Optional.empty() : BatchStatus.timeLeft(toSend, settings, ledger);
    }
}
