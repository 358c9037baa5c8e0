package org.deprovisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Presence;
import org.deprovisioner.service.Sending;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a batch that was handed over before. */
@Command(
        name = "wait",
        footer = "  deprovision wait leavers --timeout 30m",
        description =
                "Follow a batch until every row is settled or waits, as 'submit --wait' does, and exit with its exit"
                        + " code. It sends nothing itself.")
final class WaitCommand extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = SpanOfTime.class,
            description = "Wait no longer than this, such as 10m; then the exit code is 1.")
    private Optional<Duration> timeout = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException, InterruptedException {
        BatchStatus now = BatchStatus.of(batch, settings, ledger).orElseThrow(() -> Status.noSuch(batch));
        if (!now.atRest() && Sending.now(settings.data()) == Sending.NOBODY) {
            Summary.print(now, settings, ledger, out());
            Sending.NOBODY.toDo().ifPresent(out()::println);
            return Exit.UNREACHABLE;
        }
        return new Waiting(settings, ledger, out(), err(), new Deadline(timeout))
                .until(now.batch(), Optional.empty(), Presence.ofWhoSends(settings.data()));
    }
}
