package org.deprovisioner.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.DeviceHistory;
import org.deprovisioner.report.DeviceHistory.Entry;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who did what to a device. */
@Command(
        name = "audit",
        footer = "  deprovision audit 5CD1234XYZ",
        description = "Show who did what to a device, over all days. 'audit verify' proves that no line was touched.",
        subcommands = AuditVerify.class)
final class Audit extends LedgerCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "Its id, serial number or name; every line unless given.")
    private Optional<String> device = Optional.empty();

    @Option(names = "--json", description = "Print the lines as they stand in the log.")
    private boolean json;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        new AuditLog(settings.data(), ledger.audit()).append();
        long found = DeviceHistory.read(
                settings.data(), device, entry -> out().println(json ? entry.text() : describe(entry)));
        if (found == 0) {
            err().println(device.map(name -> "The audit log does not name '" + name + "'.")
                    .orElse("The audit log is empty."));
        }
        return Exit.DONE;
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
