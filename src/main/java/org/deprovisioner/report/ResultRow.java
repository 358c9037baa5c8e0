package org.deprovisioner.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.outcome.ResultColumns;

/** A row of results as JSON has it: its own cells first, then what became of it. */
public final class ResultRow {

    private ResultRow() {}

    /** The row's fields, by the names of the results' columns. */
    public static Map<String, String> of(List<String> columns, Result row) {
        Map<String, String> object = new LinkedHashMap<>(ResultColumns.own(columns, row));
        object.putAll(ResultColumns.of(row));
        return object;
    }
}
