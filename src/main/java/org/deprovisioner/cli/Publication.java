package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.cli.ServiceLock.Work;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.outcome.HeldNotes;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.StoreException;

/** What a command changes in the ledger shows in {@code results/}, {@code dead-letter/} and {@code held/} without a service, too. */
final class Publication {

    private static final String NOT_RUNNING = "Not sent yet: no service is running. Start it with: deprovision run";

    private final Settings settings;
    private final Ledger ledger;
    private final Terminal err;

    Publication(Settings settings, Ledger ledger, Terminal err) {
        this.settings = settings;
        this.ledger = ledger;
        this.err = err;
    }

    /** Writes the files of what has changed, unless a service is there to do it. */
    void bringUpToDate() {
        bringUpToDate(ledger.batches().changed());
    }

    /** The same, and of all that is still to be sent: whether it stands still has changed. */
    void bringAllUpToDate() {
        bringUpToDate(ledger.batches().changedOrToBeSent());
    }

    @SuppressWarnings("try")
    private void bringUpToDate(List<Changed> batches) {
        if (batches.isEmpty()) {
            return;
        }
        try {
            Optional<ServiceLock> nobodyElse = ServiceLock.acquire(settings.data(), Work.FILES);
            if (nobodyElse.isPresent()) {
                try (ServiceLock alone = nobodyElse.get()) { // two writers would take each other's files for somebody's
                    write(batches);
                }
            }
        } catch (IOException | StoreException unwritable) {
            err.println("The files in results/ cannot be brought up to date now; the service does it when it runs: "
                    + unwritable.getMessage());
        }
    }

    /** What a pause says of its rows says more. */
    private Optional<String> notRunning() {
        return Optional.of(NOT_RUNNING)
                .filter(why -> ledger.pauses().all().stream().noneMatch(pause -> pause.kind() == Pause.EndsBy.RESUME));
    }

    /** A batch that is still to be sent gets no files by this; those that it has are written anew. */
    private void write(List<Changed> batches) throws IOException {
        HeldNotes notes = new HeldNotes(settings.data(), ledger.units(), ledger.batches());
        ResultFiles files = new ResultFiles(
                settings.data(),
                ledger.batches(),
                () -> BatchStatus.still(settings).or(this::notRunning));
        Set<String> atRest = ledger
                .batches()
                .changedAtRest(Integer.MAX_VALUE, BatchStatus.still(settings), Brakes.stopped(settings.data()))
                .stream()
                .map(Changed::name)
                .collect(Collectors.toSet());
        for (Changed batch : batches) {
            Path results = files.resultsOf(batch.name());
            if (atRest.contains(batch.name()) || Files.exists(results)) {
                notes.write(batch.name());
                files.write(batch);
            }
        }
    }
}
