package org.deprovisioner.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.cli.Table.Column;
import org.deprovisioner.cli.Table.Fit;
import org.deprovisioner.ledger.Batches.NotYet;
import org.deprovisioner.report.BatchReport;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.report.WaitReasons;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;

/** Where things stand, for people. */
final class StatusText {

    private static final List<Column<BatchReport>> COLUMNS = List.of(
            new Column<>("Batch", Fit.NAME, report -> report.status().batch()),
            new Column<>("failed", Fit.NUMBER, report -> number(report.status().failed())),
            new Column<>("unknown", Fit.NUMBER, report -> number(report.status().unknown())),
            new Column<>("held", Fit.NUMBER, report -> number(report.status().held())),
            new Column<>("waiting", Fit.NUMBER, report -> number(report.status().waiting())),
            new Column<>("to send", Fit.NUMBER, report -> number(report.status().ready())),
            new Column<>("done", Fit.NUMBER, report -> number(report.status().done())),
            new Column<>("skipped", Fit.NUMBER, report -> number(report.status().skipped())),
            new Column<>("rows", Fit.NUMBER, report -> number(report.status().rows())));

    private final SystemStatus status;
    private final Settings settings;
    private final Terminal out;
    private final int width;

    /** @param width what a line may have at most */
    StatusText(SystemStatus status, Settings settings, Terminal out, int width) {
        this.width = width;
        this.status = status;
        this.settings = settings;
        this.out = out.folding(width);
    }

    /** @param older how many batches are left out, all of them settled */
    void print(int older) {
        printBrakes();
        printLanes();
        if (status.batches().isEmpty()) {
            out.println("No batch yet. 'deprovision template' prints a file to start from.");
            return;
        }
        printBatches();
        if (older > 0) {
            out.println("(and " + Counted.of(older, "older one, settled", "older ones, all settled") + ")");
        }
        out.println();
        printSkipped();
        printHeld();
        printParked();
        printWaits();
    }

    private void printBrakes() {
        String holder = status.service().holder();
        out.println(
                status.service().running()
                        ? "Service: running" + holder + "."
                        : "Service: not running. Nothing is taken in or sent until 'deprovision run'.");
        if (status.service().oneBatch()) {
            out.println("         But 'deprovision submit --wait'" + holder + " sends its own batch.");
        }
        status.machines().forEach(machine -> out.println(machine.sentence()));
        if (status.dryRun()) {
            out.println("Dry run: nothing is sent (deprovision.dry-run=true).");
        }
        some(status.stopFile())
                .forEach(file -> out.println("STOP:    the file " + file + " stops every call. Remove it to go on."));
        some(status.protectedList()).forEach(why -> out.println("List:    " + why));
        some(status.closed()).forEach(why -> out.println("Hours:   " + why));
        status.pauses().forEach(pause -> out.println(pause.sentence()));
        status.service()
                .broker()
                .forEach(fault -> out.printf(
                        "Broker:  %s %s (since %s)%n", fault.message(), fault.remedy(), PlainTime.utc(fault.since())));
        status.credentialsEndingSoon().forEach(out::println);
        status.undeliveredNotifications().forEach(channel -> out.println(channel.sentence()));
    }

    private static Stream<String> some(String text) {
        return Stream.of(text).filter(some -> !some.isEmpty());
    }

    private void printLanes() {
        status.closedLanes()
                .forEach(lane -> out.printf(
                        "Pace:    tenant %s waits until %s, since Graph wants fewer calls.%n",
                        lane.tenant(), lane.until().truncatedTo(ChronoUnit.SECONDS)));
        if (status.waits().ready() > 0) {
            status.fullWindows().forEach(full -> out.println("Pace:    " + full.sentence()));
        }
        status.pace().forEach(lane -> {
            boolean sends = lane.lane().equals("actions");
            out.printf(
                    "Pace:    tenant %s %s at most %.1f of %.1f %s a second, since Graph answered %s at %s. It grows again"
                            + " while nothing is refused.%n",
                    lane.tenant(),
                    sends ? "sends" : "reads",
                    lane.callsPerSecond(),
                    lane.quotaPerSecond(),
                    sends ? "calls" : "times",
                    lane.by(),
                    lane.at().truncatedTo(ChronoUnit.SECONDS));
        });
    }

    private void printBatches() {
        Table<BatchReport> table = new Table<>(COLUMNS, status.batches(), width);
        out.println();
        out.println(table.heading((column, padded) -> padded));
        status.batches()
                .forEach(report ->
                        table.lines(report, (column, padded) -> padded).forEach(out::println));
        table.noRoom("A wider window or --json").ifPresent(out::println);
    }

    private static String number(long rows) {
        return "%,d".formatted(rows);
    }

    private void printSkipped() {
        status.batches()
                .forEach(report -> report.skippedLines()
                        .flatMap(BatchReport.SkippedLines::words)
                        .ifPresent(
                                words -> out.println("Batch '" + report.status().batch() + "': " + words)));
    }

    private void printHeld() {
        status.held().stream().filter(held -> isShown(held.batch())).forEach(held -> {
            out.println(held.sentence());
            out.println("  Release it with: " + held.approveCommand());
        });
        status.grace()
                .forEach(grace -> out.printf(
                        "Not yet: %s not sent before %s (deprovision.guard.grace). Until then:"
                                + " deprovision cancel %s%n",
                        Counted.of(
                                grace.rows(),
                                "row of '" + grace.batch() + "' is",
                                "rows of '" + grace.batch() + "' are"),
                        PlainTime.utc(grace.notBefore()),
                        grace.batch()));
    }

    private void printParked() {
        status.inDoubt()
                .ifPresent(open -> out.printf(
                        "%,d in doubt or being verified: the service reads their devices back, the next one at %s.%n",
                        open.requests(), open.nextLook().truncatedTo(ChronoUnit.SECONDS)));
        status.awaitingApproval().stream()
                .filter(parked -> isShown(parked.batch()))
                .forEach(parked -> {
                    out.printf(
                            "Batch '%s': %s for Intune's approval, the first since %s: %s%n",
                            parked.batch(),
                            Counted.of(parked.rows(), "row waits", "rows wait"),
                            PlainTime.utc(parked.oldest()),
                            parked.error());
                    out.println("  " + parked.remedy());
                });
    }

    private boolean isShown(String batch) {
        return status.batches().stream()
                .anyMatch(report -> report.status().batch().equals(batch));
    }

    private void printWaits() {
        WaitReasons waits = status.waits();
        line(
                "waiting",
                Stream.of(
                        Map.entry(
                                waits.anotherRequest(),
                                "for another request for the same device, and end with that one"),
                        Map.entry(waits.approval(), "for Intune's approval"),
                        Map.entry(
                                waits.readBack(), "until their devices were read back (in doubt, or being verified)")));
        waits.notYet().forEach(notYet -> out.println(words(notYet)));
        line(
                "to send",
                Stream.of(
                        Map.entry(waits.look(), "to be looked at and guarded first"),
                        Map.entry(waits.ready(), "ready"),
                        Map.entry(waits.underWay(), "under way")));
        Settings.Pace pace = settings.pace();
        waits.atLeast()
                .ifPresent(left -> out.println("That takes at least %s at the quota of %,d in %s (%.1f a second)."
                        .formatted(
                                PlainTime.of(left),
                                pace.writes(),
                                PlainTime.of(pace.window()),
                                pace.writes()
                                        * (double) Duration.ofSeconds(1).toMillis()
                                        / pace.window().toMillis())));
    }

    private void line(String heading, Stream<Map.Entry<Long, String>> parts) {
        List<Map.Entry<Long, String>> some =
                parts.filter(part -> part.getKey() > 0).toList();
        if (!some.isEmpty()) {
            out.println("%,d %s: %s."
                    .formatted(
                            some.stream().mapToLong(Map.Entry::getKey).sum(),
                            heading,
                            some.stream()
                                    .map(part -> "%,d %s".formatted(part.getKey(), part.getValue()))
                                    .collect(Collectors.joining("; "))));
        }
    }

    private static String words(NotYet notYet) {
        return notYet.asked()
                ? "Not yet: %s not sent before %s or later, as the column notBefore says."
                        .formatted(
                                Counted.of(
                                        notYet.rows(),
                                        "row of '" + notYet.batch() + "' is",
                                        "rows of '" + notYet.batch() + "' are"),
                                PlainTime.utc(notYet.first()))
                : "Not yet: %s tried again, the first at %s, after a fault that passes. 'deprovision results %s' says why."
                        .formatted(
                                Counted.of(
                                        notYet.rows(),
                                        "row of '" + notYet.batch() + "' is",
                                        "rows of '" + notYet.batch() + "' are"),
                                PlainTime.utc(notYet.first()),
                                notYet.batch());
    }
}
