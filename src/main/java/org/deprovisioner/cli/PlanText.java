package org.deprovisioner.cli;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.cli.Table.Column;
import org.deprovisioner.cli.Table.Fit;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.PlannedRow;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;
import org.deprovisioner.text.Printable;
import picocli.CommandLine.Help.Ansi;

/** A plan for people: a line a device, why a row is refused or worth a second look, and the numbers below. */
final class PlanText {

    private static final List<Column<PlannedRow>> COLUMNS = List.of(
            new Column<>("Line", Fit.WORD, row -> String.valueOf(row.line())),
            new Column<>("Would", Fit.WORD, row -> row.would().word()),
            new Column<>("Device name", Fit.TEXT, PlannedRow::deviceName),
            new Column<>("Serial number", Fit.TEXT, PlannedRow::serialNumber),
            new Column<>("User", Fit.TEXT, PlannedRow::userPrincipalName),
            new Column<>("Model", Fit.TEXT, PlannedRow::model),
            new Column<>("System", Fit.TEXT, PlannedRow::operatingSystem),
            new Column<>("Last sync", Fit.WORD, row -> row.lastSyncUtc().replaceFirst("T.*", "")),
            new Column<>("State", Fit.TEXT, PlannedRow::managementState));

    private static final int WOULD = 1;

    /** What somebody has to look at comes first, whatever its line in the file. */
    private static final List<Would> ORDER =
            List.of(Would.REFUSE, Would.UNKNOWN, Would.HOLD, Would.WAIT, Would.SKIP, Would.DEPROVISION);

    /** Of rows that end alike so many say why; the others would only repeat it. */
    private static final int EXPLAINED = 5;

    private static final Set<Would> FIRST = EnumSet.of(Would.REFUSE, Would.UNKNOWN);

    private final Plan plan;
    private final Settings.Pace pace;
    private final Terminal out;
    private final int width;

    /** @param width what a line may have at most */
    PlanText(Plan plan, Settings.Pace pace, Terminal out, int width) {
        this.width = width;
        this.plan = plan;
        this.pace = pace;
        this.out = out.folding(width);
    }

    void print() {
        Table<PlannedRow> table = new Table<>(COLUMNS, plan.rows(), width);
        Map<Cause, Long> explained = new HashMap<>();
        out.printStyled(table.heading(would("bold")));
        for (PlannedRow row : rows()) {
            table.lines(row, would(style(row))).forEach(out::printStyled);
            if (!row.error().isEmpty()
                    && row.would() != Would.HOLD
                    && explained.merge(new Cause(row.outcome(), row.remedy()), 1L, Long::sum) <= EXPLAINED) {
                out.println("      " + (outcome(row) + row.error().replaceFirst("[.]?$", ". ") + row.remedy()).strip());
            }
            if (!row.warnings().isEmpty()) {
                out.printStyled("      " + styled("yellow", "look twice: ")
                        + Printable.line(String.join(", ", row.warnings())));
            }
        }
        long unexplained = explained.values().stream()
                .mapToLong(rows -> Math.max(0, rows - EXPLAINED))
                .sum();
        Optional<String> noRoom = table.noRoom("A wider window or --json");
        if (unexplained > 0 || noRoom.isPresent()) {
            out.println();
        }
        if (unexplained > 0) {
            out.println(
                    "Of rows with the same outcome and remedy the first %d say why, and %,d more do not. --json shows all."
                            .formatted(EXPLAINED, unexplained));
        }
        noRoom.ifPresent(out::println);
        summary();
    }

    /** Why a row is not sent, but for what is its own. */
    private record Cause(String outcome, String remedy) {}

    private List<PlannedRow> rows() {
        return plan.rows().stream()
                .sorted(Comparator.comparing(row -> !FIRST.contains(row.would())))
                .toList();
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
                .formatted(plan.file(), Counted.of(summary.rows(), "row")));
        plan.read().columns().forEach(out::println);
        if (!plan.read().skipped().isEmpty()) {
            out.println(plan.read().skipped());
        }
        ORDER.stream()
                .filter(would -> summary.would(would) > 0)
                .forEach(would -> out.println("  %,7d %s".formatted(summary.would(would), meaning(would))));
        print("Of those refused or skipped:", summary.outcomes());
        print("By reason (it can decide on licences):", summary.reasons());
        print("Worth a second look:", summary.warnings());
        long sent = summary.would(Would.DEPROVISION) + summary.would(Would.HOLD);
        if (sent > 0) {
            out.println("%s at least %s at the quota of %,d in %s."
                    .formatted(
                            Counted.of(sent, "device takes", "devices take"),
                            PlainTime.of(Duration.ofSeconds(summary.secondsAtTheQuota())),
                            pace.writes(),
                            PlainTime.of(pace.window())));
        }
        plan.notes().forEach(this::printNote);
    }

    private void printNote(String note) {
        List<String> lines = out.folded("! " + Printable.line(note));
        out.printStyled(styled("bold,yellow", "!") + lines.get(0).substring(1));
        lines.stream().skip(1).forEach(out::printStyled);
    }

    private void print(String heading, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            out.println(heading);
            counts.forEach((word, rows) -> out.println("  %,7d %s".formatted(rows, word)));
        }
    }

    private static String meaning(Would would) {
        return switch (would) {
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
