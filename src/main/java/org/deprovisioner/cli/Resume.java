package org.deprovisioner.cli;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.service.Publication;
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
    Exit run(Settings settings, Ledger ledger) {
        Optional<String> only = scope.named(settings, ledger);
        List<Pause> ended = ledger.pauses().all().stream()
                .filter(pause -> only.isEmpty() || pause.scope().equals(only.get()))
                .flatMap(pause -> ledger.pauses().resume(pause.scope(), user()).stream())
                .toList();
        ended.forEach(pause -> out().println("Resumed %s, paused since %s: %s"
                .formatted(PauseReport.scopeName(pause.scope()), PlainTime.utc(pause.since()), pause.message())));
        if (ended.isEmpty()) {
            out().println(only.map(scope -> "Nothing was paused for " + PauseReport.scopeName(scope) + ".")
                    .orElse("Nothing was paused."));
        }
        if (!ended.isEmpty()) {
            new Publication(settings, ledger, err()::println).bringAllUpToDate();
        }
        PauseReport.all(ledger).forEach(pause -> out().println(pause.sentence()));
        Brakes.stopFile(settings.data())
                .ifPresent(file -> out().println("The file " + file + " still stops every call. Remove it to go on."));
        return Exit.DONE;
    }
}
