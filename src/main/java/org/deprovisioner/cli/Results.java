package org.deprovisioner.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.outcome.ResultColumns;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.request.Layout;
import org.deprovisioner.settings.Settings;

/** The results of a batch so far. */
final class Results extends LedgerCommand {

    private final Argument<String> batch =
            takes(Argument.requiredParameter(String.class, "BATCH", "The batch, as 'deprovision status' names it."));

    private final Argument<Boolean> json = takes(Argument.flag("--json", "Print JSON Lines: an object a row."));

    Results() {
        super("results", "Print the results of a batch so far, as CSV.");
    }

    @Override
    Exit run(Settings settings, Ledger ledger) {
        BatchStatus standing =
                BatchStatus.of(batch.get(), settings, ledger).orElseThrow(() -> Status.noSuch(batch.get()));
        String name = standing.batch();
        Layout layout = ledger.batches().layout(name).orElseThrow(() -> Status.noSuch(batch.get()));
        if (json.get()) {
            ledger.batches().results(name, row -> out().println(json(layout, row)));
        } else {
            new ResultFiles(settings.data(), ledger.batches(), () -> Standstill.now(settings))
                    .print(name, layout, out().asItIs());
        }
        return standing.exit();
    }

    private static String json(Layout layout, Result row) {
        Map<String, String> object = new LinkedHashMap<>(ResultColumns.own(layout.columns(), row));
        object.putAll(ResultColumns.of(row));
        return ReportJson.write(object);
    }
}
