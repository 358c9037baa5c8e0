package org.deprovisioner.cli;

import java.io.IOException;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.State;
import org.deprovisioner.outcome.HeldNotes;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Publication;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends what a batch still has to send. */
@Command(
        name = "cancel",
        description =
                "End what a batch still has to send, before its next call. What was sent stays sent; what is cancelled"
                        + " can be handed over again.")
final class Cancel extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Progress before = find(ledger);
        String name = before.name();
        int cancelled = ledger.batches().cancel(name, user());
        new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches()).write(name);
        new Publication(settings, ledger, err()::println).bringUpToDate();
        Progress now = find(ledger);
        out().println(
                        cancelled > 0
                                ? "Cancelled: %,d %s of '%s' will not be sent."
                                        .formatted(cancelled, cancelled == 1 ? "row" : "rows", name)
                                : "Nothing of '%s' was still to be sent.".formatted(name));
        out().println("%,d of its devices were deprovisioned before.".formatted(now.in(OutcomeClass.DONE)));
        if (before.in(State.AWAITING_APPROVAL) > 0) {
            out().println("%,d approval requests stay open in Intune: cancel them there, too."
                    .formatted(before.in(State.AWAITING_APPROVAL)));
        }
        if (now.in(State.SENDING, State.IN_DOUBT) > 0) {
            out().println("%,d calls are under way or in doubt; how they end shows in 'deprovision status %s'."
                    .formatted(now.in(State.SENDING, State.IN_DOUBT), name));
        }
        return Exit.DONE;
    }

    private Progress find(Ledger ledger) {
        return ledger.batches().progress(batch).orElseThrow(() -> Status.noSuch(batch));
    }
}
