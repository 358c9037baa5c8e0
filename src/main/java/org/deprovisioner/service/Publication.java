package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.outcome.HeldNotes;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.ServiceLock.Work;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.StoreException;

/** What a command changes in the ledger shows in {@code results/}, {@code dead-letter/} and {@code held/} without a service, too. */
public final class Publication {

    private static final String NOT_RUNNING = "Not sent yet: no service is running. Start it with: deprovision run";

    private final Settings settings;
    private final Ledger ledger;
    private final Consumer<String> warnings;

    /**
     * The files of a ledger.
     *
     * @param warnings is told in a sentence why files could not be written
     */
    public Publication(Settings settings, Ledger ledger, Consumer<String> warnings) {
        this.settings = settings;
        this.ledger = ledger;
        this.warnings = warnings;
    }

    /** Writes the files of what has changed, unless a service is there to do it. */
    public void bringUpToDate() {
        bringUpToDate(ledger.batches().changed());
    }

    /** The same, and of all that is still to be sent: whether it stands still has changed. */
    public void bringAllUpToDate() {
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
            warnings.accept("The files in results/ cannot be brought up to date now; the service does it when it runs: "
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
        HeldNotes notes = new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches());
        ResultFiles files = new ResultFiles(
                settings.data(),
                settings.readers(),
                ledger.batches(),
                () -> Standstill.now(settings).or(this::notRunning));
        Set<String> atRest = ledger
                .batches()
                .changedAtRest(Integer.MAX_VALUE, Standstill.now(settings), Brakes.stopped(settings.data()))
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
