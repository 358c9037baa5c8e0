package org.deprovisioner.cli;

import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops dispatch for a batch, a tenant or everything. */
@Command(
        name = "pause",
        description =
                "Stop sending before the next call, until 'deprovision resume': of one batch, of one tenant, or of"
                        + " everything. Nothing is lost.")
final class PauseCommand extends LedgerCommand {

    @Mixin
    private Scopes scopes = new Scopes();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Shown wherever the pause shows.")
    private Optional<String> reason = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) {
        String scope = scopes.named(settings, ledger).orElse(Pause.ALL);
        ledger.pauses()
                .pause(
                        scope,
                        Pause.Kind.RESUME,
                        "operator",
                        "Paused by " + user() + reason.map(text -> ": " + text).orElse("."),
                        "End it with: " + Scopes.resume(scope),
                        user());
        ledger.pauses().all().stream()
                .filter(pause -> pause.scope().equals(scope))
                .forEach(pause -> out().println(Scopes.describe(pause)));
        out().println("A call that is under way now is still settled; no other is made.");
        return Exit.DONE;
    }
}
