package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.service.Planning;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a file would do. The service's own routes look at the devices and guard them, on a copy of the ledger that is thrown
 * away: so a plan foresees duplicates and limits as they would be met, and leaves nothing behind.
 */
@Command(
        name = "plan",
        footer = "  deprovision plan leavers.csv",
        description =
                "Show what a file would do, device by device: it is read, each device is looked at, the guards are"
                        + " applied. Nothing is sent, and nothing is recorded.")
final class PlanCommand extends LedgerCommand {

    @Parameters(paramLabel = "FILE", description = "A file as 'submit' takes it; it stays where it is.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--out", paramLabel = "PLAN", description = "Write the plan to a file for 'submit --plan'.")
    private Optional<Path> plan = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) throws Exception {
        InputFile.readable(file);
        Logging.onlyErrors();
        Planning.Made made = new Planning(settings, ledger, this::settings, user())
                .plan(
                        file,
                        String.valueOf(file.toRealPath().getFileName()),
                        file.toRealPath().toString(),
                        this::printToLookAt);
        return show(made.plan(), made.whole(), settings.pace());
    }

    private void printToLookAt(long devices) {
        err().println(Counted.of(devices, "device is", "devices are") + " still to be looked at.");
        err().flush();
    }

    private Exit show(Plan made, boolean whole, Settings.Pace pace) throws IOException {
        if (json) {
            out().println(made.json());
        } else {
            new PlanText(made, pace, out(), width()).print();
        }
        if (!whole) {
            err().println("Not every device could be looked at, so this plan cannot be applied with 'submit --plan'.");
            return Exit.UNREACHABLE;
        }
        if (plan.isPresent()) {
            Files.writeString(plan.get(), made.json());
            err().println("Apply exactly this with: deprovision submit --plan " + plan.get());
        }
        if (made.summary().would(Would.HOLD) > 0) {
            return Exit.HELD;
        }
        return made.summary().would(Would.REFUSE) > 0 ? Exit.FAILED : Exit.DONE;
    }
}
