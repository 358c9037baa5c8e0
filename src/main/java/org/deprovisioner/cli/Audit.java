package org.deprovisioner.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.DeviceHistory;
import org.deprovisioner.report.DeviceHistory.Entry;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.request.Layout;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Printable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who did what to a device. */
@Command(
        name = "audit",
        footer = "  deprovision audit 5CD1234XYZ",
        description = "Show who did what, over all days: to a device, or at all. 'audit verify' proves that no line was"
                + " touched. Exit code 1 for a device that the log does not name.",
        subcommands = AuditVerify.class)
final class Audit extends LedgerCommand {

    private static final List<String> CSV = List.of(
            "atUtc",
            "event",
            "by",
            "submittedBy",
            "batch",
            "line",
            "deviceName",
            "serialNumber",
            "managedDeviceId",
            "scope",
            "deprovisionReason",
            "remark",
            "error",
            "graphRequestId",
            "clientRequestId");

    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "Its id, serial number or name; every line unless given.")
    private Optional<String> device = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "DAY",
            converter = PointInTime.class,
            description = "Only what was done on this day (UTC) or later, such as 2027-01-31, or since an instant.")
    private Optional<Instant> since = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "DAY",
            converter = PointInTime.class,
            description = "Only what was done before this day (UTC), such as 2027-02-28, or before an instant.")
    private Optional<Instant> until = Optional.empty();

    @Option(names = "--by", paramLabel = "NAME", description = "Only what this one did or handed over.")
    private Optional<String> by = Optional.empty();

    @Option(names = "--batch", paramLabel = "BATCH", description = "Only what concerns this batch.")
    private Optional<String> batch = Optional.empty();

    @ArgGroup
    private Format format = new Format();

    /** What the lines are printed as. */
    private static final class Format {

        @Option(names = "--json", description = "Print the lines as they stand in the log.")
        private boolean json;

        @Option(names = "--csv", description = "Print CSV, for a spreadsheet.")
        private boolean csv;
    }

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        new AuditLog(settings.data(), ledger.audit()).append();
        AuditQuery query = new AuditQuery(device, since, until, by, batch);
        Consumer<Entry> printer = format.csv
                ? csv()
                : format.json ? entry -> out().printWhole(entry.text()) : entry -> out().println(describe(entry));
        long found = DeviceHistory.read(settings.data(), query, printer);
        if (found == 0) {
            err().println(nothing(query));
        }
        return found == 0 && device.isPresent() ? Exit.FAILED : Exit.DONE;
    }

    private static String nothing(AuditQuery query) {
        if (query.equals(AuditQuery.ALL)) {
            return "The audit log is empty.";
        }
        boolean alone = query.since().isEmpty()
                && query.until().isEmpty()
                && query.by().isEmpty()
                && query.batch().isEmpty();
        return query.device()
                .map(name -> "The audit log does not name '" + name + "'"
                        + (alone ? "." : ", or not in what was asked for. Leave options out to see more."))
                .orElse("Nothing in the audit log is like what was asked for. Leave options out to see more.");
    }

    private Consumer<Entry> csv() {
        CsvWriter csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.CRLF)
                .commentCharacter('#')
                .bufferSize(0) // the output is buffered
                .build(out().asItIs());
        csv.writeRecord(CSV);
        return entry -> csv.writeRecord(Stream.of(
                        entry.atUtc(),
                        entry.event(),
                        entry.by(),
                        entry.submittedBy(),
                        entry.batch(),
                        entry.line(),
                        entry.deviceName(),
                        entry.serialNumber(),
                        entry.managedDeviceId(),
                        entry.scope(),
                        entry.deprovisionReason(),
                        entry.remark(),
                        entry.error(),
                        entry.graphRequestId(),
                        entry.clientRequestId())
                .map(Printable::line)
                .map(Layout::guarded)
                .toList());
    }

    /** What a line tells, in one line for people. */
    private static String describe(Entry entry) {
        return Stream.of(
                        part("%s", entry.atUtc()),
                        Stream.of(entry.event()),
                        part("%s", entry.deviceName()),
                        part("serial number %s", entry.serialNumber()),
                        part("id %s", entry.managedDeviceId()),
                        part("%s", entry.scope()).map(scope -> "for " + PauseReport.scopeName(scope)),
                        part("%s", entry.batch())
                                .map(batch -> batch
                                        + part(" line %s", entry.line())
                                                .findFirst()
                                                .orElse("")),
                        part("by %s", entry.by()),
                        part("handed over by %s", entry.submittedBy()),
                        part("reason %s", entry.deprovisionReason()),
                        part("%s", entry.remark()),
                        part("%s", entry.error()),
                        part("request-id %s", entry.graphRequestId()),
                        part("client-request-id %s", entry.clientRequestId()))
                .flatMap(part -> part)
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> part(String format, String text) {
        return Stream.of(text).filter(some -> !some.isEmpty()).map(some -> format.formatted(printable(some)));
    }

    /** A terminal takes control characters for commands. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
