package org.deprovisioner.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.audit.AuditTrail;

/** What was ever done to a device, and by whom: the lines of the audit log that name it. */
public final class DeviceHistory {

    private DeviceHistory() {}

    /**
     * What one line tells; what it does not tell is empty.
     *
     * @param text the line as it stands in the log, which is JSON
     * @param event how a request ended, or else what was done
     * @param scope what was paused or resumed
     * @param line where the row stands in its file
     */
    public record Entry(
            String text,
            String atUtc,
            String event,
            String deviceName,
            String serialNumber,
            String managedDeviceId,
            String scope,
            String batch,
            String line,
            String by,
            String submittedBy,
            String deprovisionReason,
            String remark,
            String error,
            String graphRequestId,
            String clientRequestId) {

        private static Entry of(AuditTrail.Line line) {
            JsonNode told = line.told();
            return new Entry(
                    line.text(),
                    text(told, "atUtc"),
                    Optional.of(text(told, "outcome"))
                            .filter(outcome -> !outcome.isEmpty())
                            .orElse(text(told, "what")),
                    text(told, "deviceName"),
                    text(told, "serialNumber"),
                    text(told, "managedDeviceId"),
                    text(told, "scope"),
                    text(told, "batch"),
                    text(told, "line"),
                    text(told, "by"),
                    text(told, "submittedBy"),
                    text(told, "deprovisionReason"),
                    text(told, "remark"),
                    text(told, "error"),
                    text(told, "graphRequestId"),
                    text(told, "clientRequestId"));
        }

        private static String text(JsonNode told, String field) {
            return told.path(field).asText();
        }
    }

    /**
     * Gives what the audit log of a data folder tells to a consumer, oldest first.
     *
     * @param query which lines
     * @return how many lines there were
     */
    public static long read(Path data, AuditQuery query, Consumer<Entry> consumer) throws IOException {
        long[] found = {0};
        new AuditTrail(data).find(query, line -> {
            found[0]++;
            consumer.accept(Entry.of(line));
        });
        return found[0];
    }
}
