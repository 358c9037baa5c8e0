package org.deprovisioner.cli;

import java.io.IOException;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.Decisions.Cancelled;
import org.deprovisioner.service.Sending;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends what a batch still has to send. */
@Command(
        name = "cancel",
        footer = "  deprovision cancel leavers",
        description =
                "End what a batch still has to send, before its next call. What was sent stays sent; what is cancelled"
                        + " can be handed over again.")
final class Cancel extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Cancelled ended = new Decisions(settings, ledger, user(), err()::println)
                .cancel(batch)
                .orElseThrow(() -> Status.noSuch(batch));
        ended.words().forEach(out()::println);
        if (Sending.now(settings.data()) == Sending.NOBODY) {
            out().println("No service is running. "
                    + (ended.underWay() > 0
                            ? "What is in doubt is read back once one runs: deprovision run"
                            : "Nothing more is to be done: what was cancelled is not sent by a later one either."));
        }
        return Exit.DONE;
    }
}
