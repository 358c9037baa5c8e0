package org.deprovisioner.cli;

import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.service.Publication;
import org.deprovisioner.settings.Settings;

/** Stops dispatch for a batch, a tenant or everything. */
final class PauseCommand extends LedgerCommand {

    private final PauseScope scopes = new PauseScope(this);

    private final Argument<Optional<String>> reason =
            takes(Argument.option(String.class, "--reason", "TEXT", "Shown wherever the pause shows."));

    PauseCommand() {
        super(
                "pause",
                "Stop sending before the next call, until 'deprovision resume': of one batch, of one tenant, or of"
                        + " everything. Nothing is lost.");
    }

    @Override
    Exit run(Settings settings, Ledger ledger) {
        String scope = scopes.named(settings, ledger).orElse(Pause.ALL);
        ledger.pauses()
                .pause(
                        scope,
                        Pause.EndsBy.RESUME,
                        "operator",
                        "Paused by " + user()
                                + reason.get().map(text -> ": " + text).orElse("."),
                        "End it with: " + PauseReport.resumeCommand(scope),
                        user());
        new Publication(settings, ledger, err()::println).bringAllUpToDate();
        PauseReport.all(ledger).stream()
                .filter(pause -> pause.scope().equals(scope))
                .forEach(pause -> out().println(pause.sentence()));
        out().println("A call that is under way now is still settled; no other is made.");
        return Exit.DONE;
    }
}
