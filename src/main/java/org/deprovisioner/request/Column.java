package org.deprovisioner.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

    /** Other names of columns, most of them as Intune's own exports write them. */
    private static final Map<String, Column> ALIASES = Map.of(
            "id", MANAGED_DEVICE_ID,
            "Device ID", MANAGED_DEVICE_ID,
            "Intune Device ID", MANAGED_DEVICE_ID,
            "Primary user UPN", USER_PRINCIPAL_NAME,
            "Entra device ID", AZURE_AD_DEVICE_ID,
            "reason", DEPROVISION_REASON);

    private static final Map<String, Column> BY_NAME = new HashMap<>();

    static {
        for (Column column : values()) {
            BY_NAME.put(plain(column.header), column);
        }
        ALIASES.forEach((alias, column) -> BY_NAME.put(plain(alias), column));
    }

    private final String header;

    Column(String header) {
        this.header = header;
    }

    /** The column that goes by this name, compared without case, spaces, dashes and underscores. */
    static Optional<Column> named(String name) {
        return Optional.ofNullable(BY_NAME.get(plain(name)));
    }

    /** A column's name without what is ignored when names are compared. */
    static String plain(String name) {
        return name.replaceAll("[\\s\\u00a0\\ufeff_-]", "").toLowerCase(Locale.ROOT);
    }

    /** The name as Graph's page and our documentation write it. */
    @Override
    public String toString() {
        return header;
    }
}
