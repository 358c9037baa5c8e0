package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.request.Device;

/**
 * A row of a batch as a page lists it.
 *
 * @param device as Graph described it; as the row names it where it was never looked at
 * @param unit what it is guarded with
 * @param due when it is looked at or sent next, where it waits for that
 * @param looks at its device that Graph answered since it is in doubt
 * @param doubt why nobody knows whether its call was carried out; empty where that is no question
 */
public record ListedRow(
        Result result,
        String tenant,
        String reason,
        Device device,
        long unit,
        Optional<Instant> due,
        int looks,
        String doubt) {

    static ListedRow of(ResultSet row, int number) throws SQLException {
        return new ListedRow(
                Batches.result(row),
                row.getString("tenant"),
                RequestRows.text(row, "reason"),
                device(row),
                row.getLong("unit"),
                RequestRows.instant(row, "due").filter(due -> due.toEpochMilli() > 0),
                row.getInt("read_backs"),
                RequestRows.text(row, "doubt"));
    }

    private static Device device(ResultSet row) throws SQLException {
        Optional<Device> seen = LedgerJson.device(row.getString("device"));
        return seen.isPresent()
                ? seen.get()
                : new Device(
                        RequestRows.text(row, "managed_device_id"),
                        RequestRows.text(row, "device_name"),
                        RequestRows.text(row, "serial_number"),
                        "",
                        RequestRows.text(row, "user_principal_name"),
                        "",
                        Optional.empty(),
                        List.of());
    }
}
