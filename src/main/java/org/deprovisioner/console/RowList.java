package org.deprovisioner.console;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.ListedRow;
import org.deprovisioner.ledger.Outcome;

/**
 * Rows as a table lists them.
 *
 * @param next where the next page is
 * @param first where the first page is, on any other one
 */
record RowList(List<Row> rows, Optional<String> next, Optional<String> first) {

    /** A row. Texts that are not known are empty. */
    record Row(
            String batch,
            String batchHref,
            String line,
            String device,
            String deviceHref,
            String serialNumber,
            String user,
            String reason,
            String kind,
            String outcome,
            String error,
            String remedy,
            Optional<Shown.When> finished) {}

    static RowList of(List<ListedRow> rows, Optional<String> next, Optional<String> first) {
        return new RowList(rows.stream().map(RowList::row).toList(), next, first);
    }

    static Row row(ListedRow row) {
        Result result = row.result();
        String name = name(row);
        return new Row(
                result.batch(),
                BatchPage.path(result.batch()),
                Shown.number(result.line()),
                name,
                DevicePage.path(
                        row.device().id().isEmpty() ? name : row.device().id()),
                row.device().serialNumber(),
                row.device().userPrincipalName(),
                row.reason(),
                result.outcome().map(outcome -> outcome.outcomeClass().word()).orElse("open"),
                result.outcome().map(Outcome::word).orElseGet(() -> word(result)),
                result.error().isEmpty() && name.isEmpty() ? result.raw() : result.error(),
                result.remedy(),
                result.finished().map(Shown::when));
    }

    /** By what a reader knows the device best. */
    static String name(ListedRow row) {
        return List.of(
                        row.device().deviceName(),
                        row.device().serialNumber(),
                        row.device().id())
                .stream()
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String word(Result result) {
        return switch (result.state()) {
            case RECEIVED -> "to be looked at";
            case READY -> "to be sent";
            case SENDING -> "being sent";
            case AWAITING_APPROVAL -> "waits for Intune's approval";
            default -> result.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
