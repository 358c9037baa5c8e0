package org.deprovisioner.cli;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends pauses. */
@Command(name = "resume", description = "End what is paused; sending begins anew with a new token.")
final class Resume extends LedgerCommand {

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "Only this tenant's pause; every pause unless given.")
    private Optional<String> tenant = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) {
        String only = Scopes.of(tenant, settings);
        List<Pause> ended = ledger.pauses().all().stream()
                .filter(pause -> tenant.isEmpty() || pause.scope().equals(only))
                .flatMap(pause -> ledger.pauses().resume(pause.scope(), user()).stream())
                .toList();
        ended.forEach(pause -> out().println("Resumed %s, paused since %s: %s"
                .formatted(Scopes.name(pause.scope()), Scopes.utc(pause.since()), pause.message())));
        if (ended.isEmpty()) {
            out().println("Nothing was paused for " + Scopes.name(only) + ".");
        }
        ledger.pauses().all().forEach(pause -> out().println(Scopes.describe(pause)));
        Brakes.stopFile(settings.data())
                .ifPresent(file -> out().println("The file " + file + " still stops every call. Remove it to go on."));
        return Exit.DONE;
    }
}
