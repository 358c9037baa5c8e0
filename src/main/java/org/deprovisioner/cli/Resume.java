package org.deprovisioner.cli;

import java.io.IOException;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.Sending;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** Ends pauses. */
@Command(
        name = "resume",
        footer = "  deprovision resume leavers",
        description = "End every pause, or that of one batch or tenant; sending begins anew with a new token.")
final class Resume extends LedgerCommand {

    @ArgGroup
    private PauseScope scope = new PauseScope();

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        new Decisions(settings, ledger, user(), err()::println)
                .resume(scope.named(settings, ledger), "")
                .forEach(out()::println);
        Sending.now(settings.data()).toDo().ifPresent(out()::println);
        return Exit.DONE;
    }
}
