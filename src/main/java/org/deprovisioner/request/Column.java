package org.deprovisioner.request;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The columns that mean something to us; every other column is only carried along. */
enum Column {
    MANAGED_DEVICE_ID("managedDeviceId"),
    SERIAL_NUMBER("serialNumber"),
    DEVICE_NAME("deviceName"),
    USER_PRINCIPAL_NAME("userPrincipalName"),
    AZURE_AD_DEVICE_ID("azureADDeviceId"),
    DEPROVISION_REASON("deprovisionReason"),
    ADDRESS("address"),
    DEVICE_HEALTH_SCRIPT_ID("deviceHealthScriptId"),
    DEVICE_HEALTH_SCRIPT_DEVICE_STATE_ID("deviceHealthScriptDeviceStateId"),
    DEVICE_MANAGEMENT_SCRIPT_ID("deviceManagementScriptId"),
    DEVICE_MANAGEMENT_SCRIPT_DEVICE_STATE_ID("deviceManagementScriptDeviceStateId"),
    DEVICE_COMPLIANCE_SCRIPT_ID("deviceComplianceScriptId"),
    DEVICE_COMPLIANCE_SCRIPT_DEVICE_STATE_ID("deviceComplianceScriptDeviceStateId"),
    USER_ID("userId"),
    DETECTED_APP_ID("detectedAppId"),
    REQUEST_ID("requestId"),
    BATCH("batch"),
    TENANT("tenant"),
    NOT_BEFORE("notBefore"),
    FORCE("force");

    /** Other names of columns, as Intune's own exports and the lists of asset managers write them. */
    private static final Map<String, Column> ALIASES = Map.ofEntries(
            Map.entry("id", MANAGED_DEVICE_ID),
            Map.entry("Device ID", MANAGED_DEVICE_ID),
            Map.entry("Intune Device ID", MANAGED_DEVICE_ID),
            Map.entry("serial", SERIAL_NUMBER),
            Map.entry("serial no", SERIAL_NUMBER),
            Map.entry("hostname", DEVICE_NAME),
            Map.entry("upn", USER_PRINCIPAL_NAME),
            Map.entry("Primary user UPN", USER_PRINCIPAL_NAME),
            Map.entry("Entra device ID", AZURE_AD_DEVICE_ID),
            Map.entry("reason", DEPROVISION_REASON));

    private static final Map<String, Column> BY_NAME = new LinkedHashMap<>();

    static {
        for (Column column : values()) {
            BY_NAME.put(plain(column.header), column);
        }
        ALIASES.forEach((alias, column) -> BY_NAME.put(plain(alias), column));
    }

    /** What a row says of its device beside the id. */
    static final Set<Column> EXPECTED = EnumSet.of(SERIAL_NUMBER, DEVICE_NAME, USER_PRINCIPAL_NAME, AZURE_AD_DEVICE_ID);

    private final String header;

    Column(String header) {
        this.header = header;
    }

    /** The column that goes by this name, compared in its {@link #plain} form. */
    static Optional<Column> named(String name) {
        return Optional.ofNullable(BY_NAME.get(plain(name)));
    }

    /** All names and aliases in their {@link #plain} form. */
    static Map<String, Column> names() {
        return Collections.unmodifiableMap(BY_NAME);
    }

    /**
     * A column's name without what is ignored when names are compared: form, case, spaces, invisible characters, dashes,
     * underscores and quotes of every kind, and {@code *}, {@code :} or {@code .} at either end.
     */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        Folding.folded(name)
                .codePoints()
                .filter(c -> c != ' ' && c != '-' && c != '\'' && !isUnderscore(c))
                .forEach(plain::appendCodePoint);
        int start = 0;
        int end = plain.length();
        while (start < end && isOrnament(plain.charAt(start))) {
            start++;
        }
        while (start < end && isOrnament(plain.charAt(end - 1))) {
            end--;
        }
        return plain.substring(start, end);
    }

    private static boolean isUnderscore(int c) {
        return Character.getType(c) == Character.CONNECTOR_PUNCTUATION;
    }

    private static boolean isOrnament(char c) {
        return c == '*' || c == ':' || c == '.';
    }

    /** The name as Graph's page and our documentation write it. */
    @Override
    public String toString() {
        return header;
    }
}
