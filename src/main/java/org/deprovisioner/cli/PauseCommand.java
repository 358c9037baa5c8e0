package org.deprovisioner.cli;

import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops dispatch for a batch, a tenant or everything. */
@Command(
        name = "pause",
        footer = "  deprovision pause leavers --reason \"wrong list\"",
        description =
                "Stop sending before the next call, until 'deprovision resume': of one batch, of one tenant, or of"
                        + " everything. Nothing is lost.")
final class PauseCommand extends LedgerCommand {

    @ArgGroup
    private PauseScope scope = new PauseScope();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Shown wherever the pause shows.")
    private Optional<String> reason = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) {
        String what = scope.named(settings, ledger).orElse(Pause.ALL);
        new Decisions(settings, ledger, user(), err()::println)
                .pause(what, reason)
                .ifPresent(pause -> out().println(pause.sentence()));
        out().println("A call that is under way now is still settled; no other is made.");
        return Exit.DONE;
    }
}
