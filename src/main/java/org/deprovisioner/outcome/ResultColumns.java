package org.deprovisioner.outcome;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.request.Device;

/** The columns that results and dead letters add; replies, message headers and {@code --json} bear the same names. */
public final class ResultColumns {

    private ResultColumns() {}

    /** Name and value of each column that we add, in their order; a value that does not exist is empty. */
    public static Map<String, String> of(Result row) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("outcome", row.outcome().map(outcome -> outcome.word()).orElse(""));
        columns.put("error", row.error());
        columns.put("remedy", row.remedy());
        columns.putAll(found(row));
        columns.put("line", String.valueOf(row.line()));
        columns.put(
                "class",
                row.outcome().map(outcome -> outcome.outcomeClass().word()).orElse(""));
        columns.put("httpStatus", row.httpStatus() == 0 ? "" : String.valueOf(row.httpStatus()));
        columns.put("graphCode", row.graphCode());
        columns.put("attempts", String.valueOf(row.attempts()));
        columns.put("graphRequestId", row.graphRequestId());
        columns.put("clientRequestId", row.clientRequestId());
        columns.put("startedUtc", row.started().map(Object::toString).orElse(""));
        columns.put("finishedUtc", row.finished().map(Object::toString).orElse(""));
        columns.put("requestId", row.requestId());
        return columns;
    }

    /** What Graph says of the device: somebody has to collect it. */
    private static Map<String, String> found(Result row) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put("foundName", row.device().map(Device::deviceName).orElse(""));
        found.put("foundSerialNumber", row.device().map(Device::serialNumber).orElse(""));
        found.put("foundUser", row.device().map(Device::userPrincipalName).orElse(""));
        found.put(
                "foundModel",
                row.device().map(device -> device.particulars().model()).orElse(""));
        return found;
    }

    /** The row as it was handed over, and the columns that we add: the body of replies and dead-letter messages. */
    public static Map<String, String> row(List<String> names, Result row) {
        Map<String, String> all = own(names, row);
        // of what was found all stands or nothing: by that it is known as ours when the object comes back
        Set<String> whole = row.device().isPresent() ? found(row).keySet() : Set.of();
        of(row).forEach((name, value) -> {
            if (!value.isEmpty() || whole.contains(name)) {
                all.put(name, value);
            }
        });
        return all;
    }

    /** The row as it was handed over: its own columns, by name. */
    public static Map<String, String> own(List<String> names, Result row) {
        Map<String, String> own = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String cell = i < row.cells().size() ? row.cells().get(i) : "";
            if (!cell.isEmpty()) {
                own.put(names.get(i), cell);
            }
        }
        return own;
    }
}
