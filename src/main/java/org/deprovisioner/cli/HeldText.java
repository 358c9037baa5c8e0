package org.deprovisioner.cli;

import java.time.Instant;
import java.util.List;
import org.deprovisioner.cli.Table.Column;
import org.deprovisioner.cli.Table.Fit;
import org.deprovisioner.ledger.Batches.Cause;
import org.deprovisioner.ledger.HeldFacts.Facts;
import org.deprovisioner.ledger.ListedRow;
import org.deprovisioner.report.DeadLetterCause;
import org.deprovisioner.report.HeldDetails;

/** A held batch for who is about to release it: who handed it over, what it would do to which devices, and what is odd. */
final class HeldText {

    private static final List<Column<ListedRow>> COLUMNS = List.of(
            new Column<>("Line", Fit.NUMBER, row -> String.valueOf(row.result().line())),
            new Column<>("Device name", Fit.TEXT, row -> row.device().deviceName()),
            new Column<>("Serial number", Fit.TEXT, row -> row.device().serialNumber()),
            new Column<>("User", Fit.TEXT, row -> row.device().userPrincipalName()),
            new Column<>(
                    "Last sync",
                    Fit.TEXT,
                    row -> row.device()
                            .particulars()
                            .lastSync()
                            .map(at -> at.toString().replaceFirst("T.*", ""))
                            .orElse("")),
            new Column<>("Reason", Fit.TEXT, ListedRow::reason));

    private final HeldDetails details;
    private final Terminal out;
    private final int width;

    /** @param width what the lines of the table may have at most */
    HeldText(HeldDetails details, Terminal out, int width) {
        this.details = details;
        this.out = out;
        this.width = width;
    }

    void print(Instant now) {
        Facts facts = details.facts();
        out.println(details.held().sentence());
        details.handedOver(now).forEach(out::println);
        out.println("By reason (it can decide on licences):");
        facts.reasons().forEach(reason -> out.println("  %,7d %s".formatted(reason.rows(), reason.reason())));
        if (!facts.refused().isEmpty()) {
            out.println("Refused, and not a part of it:");
            facts.refused().forEach(this::printRefused);
        }
        if (facts.waiting() > 0) {
            out.println("%s for another row with the same device, and %s released with these."
                    .formatted(
                            facts.waiting() == 1 ? "1 row waits" : "%,d rows wait".formatted(facts.waiting()),
                            facts.waiting() == 1 ? "is" : "are"));
        }
        Table<ListedRow> table = new Table<>(COLUMNS, facts.first(), width);
        out.println(details.held().rows() > facts.first().size() ? "The first of them:" : "The devices:");
        out.println(table.heading((column, padded) -> padded));
        facts.first()
                .forEach(row -> table.lines(row, (column, padded) -> padded).forEach(out::println));
        table.noRoom("A wider window").ifPresent(out::println);
        if (!details.warnings().isEmpty()) {
            out.println("Worth a second look:");
            details.warnings().forEach((warning, devices) -> out.println("  %,7d %s".formatted(devices, warning)));
        }
        details.unusual().ifPresent(out::println);
        out.println("It cannot be undone remotely: each device must be factory reset by hand to come back.");
        out.flush();
    }

    private void printRefused(Cause cause) {
        out.println("  " + DeadLetterCause.of(cause).sentence());
    }
}
