package org.deprovisioner.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deprovisioner.cli.Table.Column;
import org.deprovisioner.cli.Table.Fit;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.PlannedRow;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Printable;
import picocli.CommandLine.Help.Ansi;

/** A plan for people: a line a device, why a row is refused or worth a second look, and the numbers below. */
final class PlanText {

    private static final List<Column<PlannedRow>> COLUMNS = List.of(
            new Column<>("Line", Fit.TEXT, row -> String.valueOf(row.line())),
            new Column<>("Would", Fit.TEXT, row -> row.would().word()),
            new Column<>("Device name", Fit.TEXT, PlannedRow::deviceName),
            new Column<>("User", Fit.TEXT, PlannedRow::userPrincipalName),
            new Column<>("Serial number", Fit.TEXT, PlannedRow::serialNumber),
            new Column<>("Model", Fit.TEXT, PlannedRow::model),
            new Column<>("System", Fit.TEXT, PlannedRow::operatingSystem),
            new Column<>("Last sync", Fit.TEXT, row -> row.lastSyncUtc().replaceFirst("T.*", "")),
            new Column<>("State", Fit.TEXT, PlannedRow::managementState));

    private static final int WOULD = 1;

    private final Plan plan;
    private final Settings.Pace pace;
    private final Terminal out;
    private final int width;

    /** @param width what the lines of the table may have at most */
    PlanText(Plan plan, Settings.Pace pace, Terminal out, int width) {
        this.width = width;
        this.plan = plan;
        this.pace = pace;
        this.out = out;
    }

    void print() {
        Table<PlannedRow> table = new Table<>(COLUMNS, plan.rows(), width);
        out.printStyled(table.heading(would("bold")));
        for (PlannedRow row : plan.rows()) {
            table.lines(row, would(style(row))).forEach(out::printStyled);
            if (!row.error().isEmpty() && row.would() != Would.HOLD) {
                out.println("      " + (outcome(row) + row.error().replaceFirst("[.]?$", ". ") + row.remedy()).strip());
            }
            if (!row.warnings().isEmpty()) {
                out.printStyled("      " + styled("yellow", "look twice: ")
                        + Printable.line(String.join(", ", row.warnings())));
            }
        }
        summary();
    }

    private static String outcome(PlannedRow row) {
        return row.outcome().isEmpty() ? "" : row.outcome() + ": ";
    }

    private static Table.Style would(String style) {
        return (column, padded) -> column == WOULD ? styled(style, padded) : padded;
    }

    private static String style(PlannedRow row) {
        return switch (row.would()) {
            case DEPROVISION -> row.warnings().isEmpty() ? "green" : "yellow";
            case HOLD, WAIT, UNKNOWN -> "yellow";
            case SKIP -> "faint";
            case REFUSE -> "red";
        };
    }

    private void summary() {
        Plan.Summary summary = plan.summary();
        out.println();
        out.println("%s, %s. Nothing was sent, and nothing was recorded."
                .formatted(plan.file(), Summary.rows(summary.rows())));
        plan.read().columns().forEach(out::println);
        if (!plan.read().skipped().isEmpty()) {
            out.println(plan.read().skipped());
        }
        summary.would().forEach((would, rows) -> out.println("  %,7d %s".formatted(rows, meaning(would))));
        print("Of those refused or skipped:", summary.outcomes());
        print("By reason (it can decide on licences):", summary.reasons());
        print("Worth a second look:", summary.warnings());
        long sent = summary.would(Would.DEPROVISION) + summary.would(Would.HOLD);
        if (sent > 0) {
            out.println("%,d devices take at least %s at the quota of %,d in %s."
                    .formatted(
                            sent,
                            PlainTime.of(Duration.ofSeconds(summary.secondsAtTheQuota())),
                            pace.writes(),
                            PlainTime.of(pace.window())));
        }
        plan.notes().forEach(note -> out.printStyled(styled("bold,yellow", "! ") + Printable.line(note)));
    }

    private void print(String heading, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            out.println(heading);
            counts.forEach((word, rows) -> out.println("  %,7d %s".formatted(rows, word)));
        }
    }

    private static String meaning(String would) {
        return switch (Would.valueOf(would.toUpperCase(java.util.Locale.ROOT))) {
            case DEPROVISION -> "would be deprovisioned";
            case HOLD -> "would be held until somebody approves";
            case WAIT -> "would wait for another request for the same device";
            case SKIP -> "would be skipped: nothing is left to do";
            case REFUSE -> "would be refused";
            case UNKNOWN -> "could not be looked at";
        };
    }

    /** Coloured where the terminal has colours; the text itself is never taken for markup. */
    private static String styled(String style, String text) {
        return Ansi.AUTO.enabled() ? Ansi.AUTO.string("@|" + style + " x|@").replace("x", text) : text;
    }
}
