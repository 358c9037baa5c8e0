package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Expected;

/** How a request's row in the ledger is read, for each who looks at some of it. */
final class RequestRows {

    /** The columns that {@link #other} reads. */
    static final String OTHER =
            "id, unit, batch || ' line ' || line as place, state, outcome, started, finished, reason, request_id,"
                    + " device_id, force, device, coalesce(doubt_since, last_attempt) as attempted";

    private RequestRows() {}

    /** What is leased: all columns. */
    static Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                row.getLong("id"),
                text(row, "leased_by"),
                row.getString("tenant"),
                row.getString("batch"),
                row.getLong("line"),
                address(row),
                new Expected(
                        Optional.ofNullable(row.getString("serial_number")),
                        Optional.ofNullable(row.getString("device_name")),
                        Optional.ofNullable(row.getString("user_principal_name")),
                        Optional.ofNullable(row.getString("azure_ad_device_id"))),
                text(row, "reason"),
                row.getInt("force") == 1,
                row.getInt("attempts"),
                row.getInt("looks"),
                row.getInt("http_status"),
                instant(row, "first_attempt"),
                instant(row, "last_attempt"),
                Duration.ofMillis(row.getLong("tried_millis")),
                instant(row, "resolved"),
                LedgerJson.device(row.getString("device")),
                approval(row),
                planned(Optional.ofNullable(row.getString("planned"))));
    }

    /** The address as the row gives it; once the device was found, that of the device. */
    private static Address address(ResultSet row) throws SQLException {
        Address given = new Address(
                Address.Form.valueOf(row.getString("form")),
                row.getString("path"),
                Optional.ofNullable(row.getString("managed_device_id")));
        String found = text(row, "device_id");
        return found.isEmpty() || row.getString("state").equals(State.RECEIVED.name()) ? given : given.of(found);
    }

    /** What is asked of Intune's approval, where anything is. */
    private static Optional<ApprovalRequest> approval(ResultSet row) throws SQLException {
        String code = text(row, "approval_code");
        int polls = row.getInt("approval_polls");
        return instant(row, "approval_since")
                .map(since -> new ApprovalRequest(Optional.of(code).filter(named -> !named.isEmpty()), since, polls));
    }

    /** What the plan says of a request; empty when it came without one. */
    private static Optional<Planned> planned(Optional<String> planned) {
        return planned.map(device -> new Planned(device.isEmpty() ? Optional.empty() : LedgerJson.device(device)));
    }

    /** What the rules of duplicates look at. */
    static Duplicates.Other other(ResultSet row, int number) throws SQLException {
        return new Duplicates.Other(
                row.getLong("id"),
                row.getLong("unit"),
                row.getString("place"),
                State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::of),
                instant(row, "started").isPresent(),
                instant(row, "attempted"),
                LedgerJson.device(row.getString("device")),
                instant(row, "finished"),
                text(row, "reason"),
                text(row, "request_id"),
                text(row, "device_id"),
                row.getInt("force") == 1);
    }

    /** What the rules of reading back look at: all columns, and whether it was {@code cancelled}. */
    static ReadBack.Doubt doubt(ResultSet row, int number) throws SQLException {
        return new ReadBack.Doubt(
                text(row, "doubt"),
                instant(row, "doubt_since").orElse(Instant.EPOCH),
                LedgerJson.device(row.getString("device")),
                row.getInt("accepted") == 1,
                row.getInt("read_backs"),
                row.getInt("gone_looks"),
                row.getBoolean("cancelled"),
                row.getInt("attempts"),
                Duration.ofMillis(row.getLong("tried_millis")),
                row.getInt("http_status"));
    }

    /** By what a device's serial number or name is found again. */
    static String key(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }

    /** A text, empty for null. */
    static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }

    /** An instant, empty for null. */
    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(value));
    }
}
