package org.deprovisioner.cli;

import java.io.IOException;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Decisions;
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
        new Decisions(settings, ledger, user(), err()::println)
                .cancel(batch)
                .orElseThrow(() -> Status.noSuch(batch))
                .words()
                .forEach(out()::println);
        if (Sending.now(settings.data()) == Sending.NOBODY) {
            out().println(
                            "No service is running. Nothing of it is sent by one that is started later either; what is in doubt,"
                                    + " if anything is, is read back by it: deprovision run");
        }
        return Exit.DONE;
    }
}
