package org.deprovisioner.cli;

import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.report.ResultRow;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.request.Layout;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The results of a batch so far. */
@Command(
        name = "results",
        footer = "  deprovision results leavers > leavers-results.csv",
        description = "Print the results of a batch so far, as CSV.")
final class Results extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Option(names = "--json", description = "Print JSON Lines: one object per row.")
    private boolean json;

    @Override
    Exit run(Settings settings, Ledger ledger) {
        BatchStatus status = BatchStatus.of(batch, settings, ledger).orElseThrow(() -> Status.noSuch(batch));
        String name = status.batch();
        Layout layout = ledger.batches().layout(name).orElseThrow(() -> Status.noSuch(batch));
        if (json) {
            ledger.batches()
                    .results(name, row -> out().printWhole(ReportJson.write(ResultRow.of(layout.columns(), row))));
        } else {
            new ResultFiles(settings.data(), settings.readers(), ledger.batches(), () -> Standstill.now(settings))
                    .print(name, layout, out().asItIs());
        }
        return status.exit();
    }
}
