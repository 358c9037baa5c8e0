package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.deprovisioner.request.Request;
import org.deprovisioner.request.Row;

/** Rows and devices as tests hand them over; a device is named by a number. */
public final class Rows {

    public static final List<String> COLUMNS = List.of("managedDeviceId", "deprovisionReason");

    private Rows() {}

    /** Intune's id of the device with this number. */
    public static String id(int device) {
        return "00000000-0000-0000-0000-%012d".formatted(device);
    }

    /** A row that names a device by its id. */
    public static Row row(long line, int device) {
        return row(line, device, "lost", "", false);
    }

    /** A row with all that the rules for duplicates look at. */
    public static Row row(long line, int device, String reason, String requestId, boolean force) {
        return row("default", line, device, reason, requestId, force);
    }

    /** A row of a tenant. */
    public static Row row(String tenant, long line, int device, String reason, String requestId, boolean force) {
        return new Row.Accepted(
                line,
                List.of(id(device), reason),
                new Request(
                        tenant,
                        new Address(
                                Address.Form.MANAGED_DEVICES,
                                "deviceManagement/managedDevices/" + id(device),
                                Optional.of(id(device))),
                        new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        reason,
                        Optional.of(requestId).filter(key -> !key.isEmpty()),
                        Optional.empty(),
                        force));
    }

    /** Rows on the lines from 2 on, each with the device of its line. */
    public static List<Row> rows(int firstDevice, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> row(2 + i, firstDevice + i))
                .toList();
    }

    /** A row that cannot be read. */
    public static Row invalid(long line) {
        return new Row.Invalid(
                line, List.of("abc", "lost"), "default", "", "'abc' is not a device id.", "Correct it.", "abc,lost");
    }

    /** The device with this number, as Graph describes it. */
    public static Device device(int number) {
        return device(id(number), Optional.of(Instant.parse("2026-01-01T00:00:00Z")));
    }

    /** A device that was enrolled at an instant. */
    public static Device device(String id, Optional<Instant> enrolled) {
        return new Device(id, "CB-1", "5CD1", "ChromeOS", "ada@example.org", "", enrolled, List.of());
    }
}
