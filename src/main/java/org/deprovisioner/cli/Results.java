package org.deprovisioner.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.outcome.Columns;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.request.Layout;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The results of a batch so far. */
@Command(name = "results", description = "Print the results of a batch so far, as CSV.")
final class Results extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch = "";

    @Option(names = "--json", description = "Print JSON Lines: an object a row.")
    private boolean json;

    @Override
    Exit run(Settings settings, Ledger ledger) {
        Standing standing = Standing.of(batch, settings, ledger).orElseThrow(() -> Status.noSuch(batch));
        String name = standing.progress().name();
        Layout layout = ledger.batches().layout(name).orElseThrow(() -> Status.noSuch(batch));
        if (json) {
            ledger.batches().results(name, row -> out().println(json(layout, row)));
        } else {
            new ResultFiles(settings.data(), ledger.batches(), () -> Standing.still(settings))
                    .print(name, layout, out());
        }
        return standing.exit();
    }

    private static String json(Layout layout, Result row) {
        Map<String, String> object = new LinkedHashMap<>(Columns.own(layout.columns(), row));
        object.putAll(Columns.of(row));
        try {
            return Status.write(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
