package org.deprovisioner.request;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a list of devices that a file of requests is made from: each row names its device and what must agree
 * with it, and has no reason yet. Whoever fills one in decides on that device; a row without is never sent.
 */
public final class DeviceSheet {

    /** When the list was made: the column that tells such a file from any other. */
    public static final String LISTED = "listedUtc";

    private final boolean ofSeveralTenants;
    private final Instant listed;
    private long leftEmpty;

    /** @param ofSeveralTenants whether a row has to name its tenant */
    public DeviceSheet(boolean ofSeveralTenants, Instant listed) {
        this.ofSeveralTenants = ofSeveralTenants;
        this.listed = listed;
    }

    /** The names of the columns. */
    public List<String> header() {
        List<String> names = new ArrayList<>(List.of(
                Column.MANAGED_DEVICE_ID.toString(),
                Column.SERIAL_NUMBER.toString(),
                Column.DEVICE_NAME.toString(),
                Column.USER_PRINCIPAL_NAME.toString(),
                "model",
                "enrolledDateTime",
                "lastSyncDateTime",
                "managementState",
                Column.DEPROVISION_REASON.toString(),
                LISTED));
        if (ofSeveralTenants) {
            names.add(Column.TENANT.toString());
        }
        return names;
    }

    /** The cells of a device, fit for a spreadsheet. */
    public List<String> row(Device device, String tenant) {
        Device.Particulars particulars = device.particulars();
        List<String> cells = new ArrayList<>(List.of(
                device.id(),
                matching(Column.SERIAL_NUMBER, device.serialNumber()),
                matching(Column.DEVICE_NAME, device.deviceName()),
                matching(Column.USER_PRINCIPAL_NAME, device.userPrincipalName()),
                shown(particulars.model()),
                text(device.enrolled()),
                text(particulars.lastSync()),
                shown(particulars.managementState()),
                "",
                listed.toString()));
        if (ofSeveralTenants) {
            cells.add(tenant);
        }
        cells.replaceAll(Layout::guarded);
        return cells;
    }

    /** How many values were left out, since no row of requests may hold them: a wildcard, or what cannot be seen. */
    public long leftEmpty() {
        return leftEmpty;
    }

    private String matching(Column column, String value) {
        try {
            return value.isEmpty() ? "" : new Value(column, value).matching();
        } catch (InvalidCellException unfit) {
            leftEmpty++;
            return "";
        }
    }

    private static String shown(String text) {
        return Value.shown(text);
    }

    private static String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse("");
    }
}
