package org.deprovisioner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;

/** Who did what to a device. */
final class Audit extends LedgerCommand {

    private final Argument<Optional<String>> device = takes(
            Argument.parameter(String.class, "DEVICE", "Its id, serial number or name; every line unless given."));

    private final Argument<Boolean> json = takes(Argument.flag("--json", "Print the lines as they stand in the log."));

    Audit() {
        super("audit", "Show who did what to a device, over all days. 'audit verify' proves that no line was touched.");
        has(new AuditVerify());
    }

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        new AuditLog(settings.data(), ledger.audit()).append();
        long[] found = {0};
        new AuditTrail(settings.data()).find(device.get(), line -> {
            found[0]++;
            out().println(json.get() ? line.text() : describe(line.told()));
        });
        if (found[0] == 0) {
            err().println(device.get()
                    .map(name -> "The audit log does not name '" + name + "'.")
                    .orElse("The audit log is empty."));
        }
        return Exit.DONE;
    }

    /** What a line tells, in one line for people. */
    private static String describe(JsonNode told) {
        return Stream.of(
                        part(told, "%s", "atUtc"),
                        Optional.of(part(told, "%s", "outcome")
                                .orElse(told.path("what").asText())),
                        part(told, "%s", "deviceName"),
                        part(told, "serial number %s", "serialNumber"),
                        part(told, "id %s", "managedDeviceId"),
                        Optional.of(told.path("scope").asText())
                                .filter(scope -> !scope.isEmpty())
                                .map(scope -> "for " + PauseScope.name(printable(scope))),
                        part(told, "%s", "batch")
                                .map(batch ->
                                        batch + part(told, " line %s", "line").orElse("")),
                        part(told, "by %s", "by"),
                        part(told, "handed over by %s", "submittedBy"),
                        part(told, "reason %s", "deprovisionReason"),
                        part(told, "%s", "remark"),
                        part(told, "%s", "error"),
                        part(told, "request-id %s", "graphRequestId"),
                        part(told, "client-request-id %s", "clientRequestId"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> part(JsonNode told, String format, String field) {
        return Optional.of(told.path(field).asText())
                .filter(text -> !text.isEmpty())
                .map(text -> format.formatted(printable(text)));
    }

    /** A terminal takes control characters for commands. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
