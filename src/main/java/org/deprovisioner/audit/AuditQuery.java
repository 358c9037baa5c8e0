package org.deprovisioner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which lines of the audit log are asked for; what is not given lets every line pass. Texts are compared as a whole, without
 * case and surrounding space.
 *
 * @param device an id, serial number or name, or any cell of the row as it was handed over
 * @param since lines of this instant and later
 * @param until lines before this instant
 * @param by who did it, or handed it over
 */
public record AuditQuery(
        Optional<String> device,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> by,
        Optional<String> batch) {

    private static final List<String> NAMES = List.of("managedDeviceId", "serialNumber", "deviceName");
    private static final List<String> PERSONS = List.of("by", "submittedBy");

    /** Every line. */
    public static final AuditQuery ALL =
            new AuditQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The lines that name a device. */
    public static AuditQuery ofDevice(String device) {
        return new AuditQuery(
                Optional.of(device), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    boolean matches(JsonNode told) {
        return isInTime(told)
                && by.map(person -> isAny(told, PERSONS, person)).orElse(true)
                && batch.map(name -> isAny(told, List.of("batch"), name)).orElse(true)
                && device.map(name -> names(told, name)).orElse(true);
    }

    private boolean isInTime(JsonNode told) {
        if (since.isEmpty() && until.isEmpty()) {
            return true;
        }
        try {
            Instant at = Instant.parse(told.path("atUtc").asText());
            return since.map(first -> !at.isBefore(first)).orElse(true)
                    && until.map(at::isBefore).orElse(true);
        } catch (DateTimeException withoutInstant) {
            return false;
        }
    }

    private static boolean names(JsonNode told, String device) {
        if (isAny(told, NAMES, device)) {
            return true;
        }
        for (JsonNode cell : told.path("row")) {
            if (plain(cell.asText()).equals(plain(device))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(JsonNode told, List<String> fields, String value) {
        return fields.stream()
                .anyMatch(field -> plain(told.path(field).asText()).equals(plain(value)));
    }

    private static String plain(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }
}
