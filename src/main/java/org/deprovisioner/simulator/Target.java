package org.deprovisioner.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a path of Graph names.
 *
 * <p>A script's run state stands for the device whose id is its own id, or the last half of it when it is two GUIDs
 * joined by {@code :}; where the path goes on to a managed device of a user or an app, that one is meant.
 *
 * @param deviceId the Intune id of the device in lower case, when one is named
 * @param userId the id or principal name of the user whose device it has to be; null when anybody's will do
 * @param flaw why the path is refused
 */
record Target(
        Operation kind,
        @Nullable String deviceId,
        @Nullable String userId,
        @Nullable String flaw) {

    /** What can be asked for, and by which method. */
    enum Operation {
        DEPROVISION("POST"),
        BULK("POST"),
        DEVICE("GET"),
        LIST("GET"),
        APPROVAL("GET"),
        BATCH("POST"),
        NONE("");

        final String method;

        Operation(String method) {
            this.method = method;
        }

        /** The permissions any of which allows it; none where none is needed. */
        Set<String> roles() {
            return switch (this) {
                case DEPROVISION ->
                    Set.of(
                            "DeviceManagementConfiguration.Read.All",
                            "DeviceManagementConfiguration.ReadWrite.All",
                            "DeviceManagementManagedDevices.PrivilegedOperations.All",
                            "DeviceManagementManagedDevices.Read.All",
                            "DeviceManagementManagedDevices.ReadWrite.All",
                            "DeviceManagementServiceConfig.ReadWrite.All");
                case BULK -> Set.of("DeviceManagementManagedDevices.PrivilegedOperations.All");
                case DEVICE, LIST ->
                    Set.of("DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All");
                case APPROVAL -> Set.of("DeviceManagementRBAC.Read.All", "DeviceManagementRBAC.ReadWrite.All");
                case BATCH, NONE -> Set.of();
            };
        }
    }

    private static final Pattern BULK = Pattern.compile("/beta/deviceManagement/(co)?managedDevices/executeAction");
    private static final Pattern APPROVAL =
            Pattern.compile("/beta/deviceManagement/operationApprovalRequests/(?<approval>[^/]+)");
    private static final Pattern DEVICE = Pattern.compile("""
            /beta/(
              deviceManagement/(co)?managedDevices/(?<device>[^/]+)
            | users/(?<owner>[^/]+)/managedDevices/(?<owned>[^/]+)
            | deviceManagement/device(?<scripts>Health|Management|Compliance)Scripts/(?<script>[^/]+)
              /deviceRunStates/(?<state>[^/]+)/managedDevice
              (/(users/(?<user>[^/]+)|detectedApps/(?<app>[^/]+))/managedDevices/(?<nested>[^/]+))?
            )(?<action>/deprovision)?""", Pattern.COMMENTS);
    private static final Pattern PRINCIPAL_NAME = Pattern.compile("[^@\\s]+@[^@\\s]+");

    static Target of(String path) {
        Matcher device = DEVICE.matcher(path);
        Matcher approval = APPROVAL.matcher(path);
        if (!path.startsWith("/beta/")) {
            return flawed("Invalid version: " + path.replaceFirst("^/([^/]*).*", "$1"));
        } else if (path.equals("/beta/$batch")) {
            return new Target(Operation.BATCH, null, null, null);
        } else if (path.equals("/beta/deviceManagement/managedDevices")) {
            return new Target(Operation.LIST, null, null, null);
        } else if (BULK.matcher(path).matches()) {
            return new Target(Operation.BULK, null, null, null);
        } else if (approval.matches()) {
            return new Target(Operation.APPROVAL, null, null, flaw(approval, "approval"));
        } else if (device.matches()
                && (device.group("nested") == null || device.group("scripts").equals("Management"))) {
            return device(device);
        } else {
            return flawed("Resource not found for the segment '" + path.substring(path.lastIndexOf('/') + 1) + "'.");
        }
    }

    private static Target device(Matcher path) {
        Operation kind = path.group("action") == null ? Operation.DEVICE : Operation.DEPROVISION;
        for (String placeholder :
                new String[] {"device", "owner", "owned", "script", "state", "user", "app", "nested"}) {
            String flaw = flaw(path, placeholder);
            if (flaw != null) {
                return new Target(kind, null, null, flaw);
            }
        }
        String id = Stream.of("device", "owned", "nested")
                .map(path::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> decoded(path.group("state")));
        String owner = path.group("owner") == null ? null : decoded(path.group("owner"));
        return new Target(kind, id.substring(id.indexOf(':') + 1).toLowerCase(Locale.ROOT), owner, null);
    }

    private static Target flawed(String flaw) {
        return new Target(Operation.NONE, null, null, flaw);
    }

    private static @Nullable String flaw(Matcher path, String placeholder) {
        String encoded = path.group(placeholder);
        if (encoded == null) {
            return null;
        }
        String id = decoded(encoded);
        boolean sound = isGuid(id)
                || ((placeholder.equals("user") || placeholder.equals("owner"))
                        && PRINCIPAL_NAME.matcher(id).matches())
                || (placeholder.equals("state") && isPair(id));
        return sound ? null : "Invalid id '" + id + "': a GUID is expected.";
    }

    private static boolean isGuid(String text) {
        return Population.guid(text).isPresent();
    }

    private static boolean isPair(String id) {
        int colon = id.indexOf(':');
        return colon > 0 && isGuid(id.substring(0, colon)) && isGuid(id.substring(colon + 1));
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
