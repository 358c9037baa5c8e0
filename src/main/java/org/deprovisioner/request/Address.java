package org.deprovisioner.request;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which of Graph's eight URL forms reaches a device. A row without an id has one of the two shortest: its device has still
 * to be found, and the path is that of all devices.
 *
 * @param form the form, chosen by the columns that are filled
 * @param path the path below Graph's base URL without a leading slash and without {@code /deprovision}; every
 *     placeholder in it is checked and percent-encoded, so that no value can change the path
 * @param managedDeviceId Intune's id of the device in lower case, where the form names it
 * @see <a href="https://learn.microsoft.com/graph/api/intune-devices-manageddevice-deprovision">deprovision action</a>
 */
public record Address(Form form, String path, Optional<String> managedDeviceId) {

    /** Whether the row gives no id, so that its device has to be found by what else it says. */
    public boolean isSearch() {
        return managedDeviceId.isEmpty() && form.placeholders().equals(Set.of(Column.MANAGED_DEVICE_ID));
    }

    /** The address of the device that was found for this one; any other address is exact already. */
    public Address of(String deviceId) {
        return isSearch() ? form.with(Map.of(Column.MANAGED_DEVICE_ID, deviceId)) : this;
    }

    /** The shortest address of the same device by its id: the longer forms are left aside. */
    public Address byId(String deviceId) {
        Form shortest = form == Form.COMANAGED_DEVICES ? form : Form.MANAGED_DEVICES;
        return shortest.with(Map.of(Column.MANAGED_DEVICE_ID, deviceId));
    }

    /** The forms in the order of Graph's page, and last the one that is in Graph's metadata alone. */
    public enum Form {
        MANAGED_DEVICES("deviceManagement/managedDevices/{managedDeviceId}"),
        COMANAGED_DEVICES("deviceManagement/comanagedDevices/{managedDeviceId}"),
        DEVICE_HEALTH_SCRIPTS("deviceManagement/deviceHealthScripts/{deviceHealthScriptId}"
                + "/deviceRunStates/{deviceHealthScriptDeviceStateId}/managedDevice"),
        DEVICE_MANAGEMENT_SCRIPTS("deviceManagement/deviceManagementScripts/{deviceManagementScriptId}"
                + "/deviceRunStates/{deviceManagementScriptDeviceStateId}/managedDevice"),
        DEVICE_COMPLIANCE_SCRIPTS("deviceManagement/deviceComplianceScripts/{deviceComplianceScriptId}"
                + "/deviceRunStates/{deviceComplianceScriptDeviceStateId}/managedDevice"),
        DEVICE_MANAGEMENT_SCRIPTS_USERS(
                DEVICE_MANAGEMENT_SCRIPTS.template + "/users/{userId}/managedDevices/{managedDeviceId}"),
        DEVICE_MANAGEMENT_SCRIPTS_DETECTED_APPS(
                DEVICE_MANAGEMENT_SCRIPTS.template + "/detectedApps/{detectedAppId}/managedDevices/{managedDeviceId}"),
        USERS("users/{userId}/managedDevices/{managedDeviceId}");

        private static final Map<Form, Set<Column>> PLACEHOLDERS = new EnumMap<>(Form.class);

        static {
            for (Form form : values()) {
                PLACEHOLDERS.put(
                        form,
                        Pattern.compile("\\{(\\w+)}")
                                .matcher(form.template)
                                .results()
                                .flatMap(match -> Column.named(match.group(1)).stream())
                                .collect(toUnmodifiableSet()));
            }
        }

        private final String template;

        Form(String template) {
            this.template = template;
        }

        /** The columns that this form is made of. */
        Set<Column> placeholders() {
            return PLACEHOLDERS.getOrDefault(this, Set.of());
        }

        /** The address of a device that has still to be found. */
        Address search() {
            return new Address(this, template.replaceFirst("/\\{.*", ""), Optional.empty());
        }

        /** The address that these checked values make in this form. */
        Address with(Map<Column, String> values) {
            String path = template;
            for (Column placeholder : placeholders()) {
                path = path.replace("{" + placeholder + "}", encoded(values.getOrDefault(placeholder, "")));
            }
            return new Address(this, path, Optional.ofNullable(values.get(Column.MANAGED_DEVICE_ID)));
        }

        /** Percent-encodes all but letters, digits and {@code -._*:@}. */
        private static String encoded(String value) {
            return URLEncoder.encode(value, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("%3A", ":")
                    .replace("%40", "@");
        }
    }
}
