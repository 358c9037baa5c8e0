package org.deprovisioner.cli;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.FullWindow;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.Presence;
import org.deprovisioner.service.Service;
import org.deprovisioner.settings.Settings;

/** Waits for a batch: shows its progress, then how it ended or why nobody needs to wait any longer, and what to do. */
final class Waiting {

    private final Settings settings;
    private final Ledger ledger;
    private final Terminal out;
    private final Terminal err;
    private final Deadline deadline;

    Waiting(Settings settings, Ledger ledger, Terminal out, Terminal err, Deadline deadline) {
        this.settings = settings;
        this.ledger = ledger;
        this.out = out;
        this.err = err;
        this.deadline = deadline;
    }

    /**
     * Waits until every row is settled or waits.
     *
     * @param own the service of this process, where it sends by itself
     * @return the batch's exit code, or that of what keeps it from going on
     */
    @SuppressWarnings("try")
    Exit until(String batch, Optional<Service> own, Presence presence) throws InterruptedException {
        BatchFollower.Followed followed;
        own.ifPresent(starts -> FullWindow.all(settings, ledger).forEach(full -> err.println(full.sentence())));
        try (Interruption farewell = Interruption.runs(() -> interrupted(batch, own))) {
            followed = new BatchFollower(settings, ledger, err, presence, deadline).follow(List.of(batch));
        }
        BatchStatus status = followed.statuses().stream().findFirst().orElseThrow(() -> Status.noSuch(batch));
        Summary.print(status, settings, ledger, out);
        PauseReport.all(ledger).forEach(pause -> out.println(pause.sentence()));
        Standstill.now(settings).ifPresent(out::println);
        Standstill.byProtectedList(settings).ifPresent(out::println);
        return switch (followed.end()) {
            case AT_REST -> status.exit();
            case TIMED_OUT -> {
                out.println("Not every row has ended within " + deadline + ". "
                        + (own.isPresent()
                                ? "What is still to be sent waits in the ledger. Go on with: deprovision run"
                                : "The service goes on with it. Follow it again with: deprovision wait " + batch));
                yield Exit.FAILED;
            }
            case NOBODY_WORKS -> {
                out.println("The service has ended, and nobody works on '" + batch + "' now. What is still to be sent"
                        + " waits in the ledger. Go on with: deprovision run");
                yield Exit.UNREACHABLE;
            }
            case NO_TOKEN -> {
                out.println("This does not pass by itself, so nobody waits for it here. What is still to be sent waits"
                        + " in the ledger. Correct what is said above"
                        + (own.isPresent() ? ", then go on with: deprovision run" : ", and the service goes on."));
                yield Exit.SETTINGS;
            }
            case NO_LIST -> {
                out.println("Nothing is sent while the list of protected devices cannot be used. What is still to be"
                        + " sent waits in the ledger. 'deprovision doctor' says what is wrong with it"
                        + (own.isPresent()
                                ? "; then go on with: deprovision run"
                                : "; once it is right, the service goes on."));
                yield Exit.SETTINGS;
            }
        };
    }

    /** Calls under way are ended and settled first, where this command sends by itself. */
    private void interrupted(String batch, Optional<Service> own) {
        own.ifPresent(Service::close);
        out.println();
        BatchStatus.of(batch, settings, ledger).ifPresent(status -> Summary.print(status, settings, ledger, out));
        out.println(
                own.isPresent()
                        ? "Interrupted. What is still to be sent waits in the ledger. Go on with: deprovision run"
                        : "Interrupted. The service goes on with it. Follow it again with: deprovision wait " + batch);
        out.println("Or end it: deprovision cancel " + batch);
        out.flush();
    }
}
