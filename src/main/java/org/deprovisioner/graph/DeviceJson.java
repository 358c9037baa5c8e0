package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.deprovisioner.request.Device;

/**
 * Graph's JSON of managed devices. Fields may be missing or null, and an instant may be the year 1, by which Intune
 * means none; a device without a GUID as its id is no device, whatever else is said of it.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice">managedDevice</a>
 */
final class DeviceJson {

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private DeviceJson() {}

    /** What a read found: one device, or a page of a list; empty when the text is neither. */
    static Optional<Reading> reading(String text) {
        JsonNode json = Json.parse(text);
        return json.path("value").isArray() ? page(json) : device(json).map(Reading.Found::new);
    }

    private static Optional<Reading> page(JsonNode json) {
        List<Optional<Device>> devices = StreamSupport.stream(json.path("value").spliterator(), false)
                .map(DeviceJson::device)
                .toList();
        if (devices.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        String next = Json.text(json, "@odata.nextLink");
        return Optional.of(new Reading.Listed(
                devices.stream().flatMap(Optional::stream).toList(),
                Optional.of(next).filter(link -> !link.isEmpty())));
    }

    private static Optional<Device> device(JsonNode json) {
        String id = Json.lowerCase(json, "id");
        if (!GUID.matcher(id).matches()) {
            return Optional.empty();
        }
        List<Device.Action> actions = StreamSupport.stream(
                        json.path("deviceActionResults").spliterator(), false)
                .filter(action -> Json.lowerCase(action, "actionName").equals("deprovision"))
                .map(action ->
                        new Device.Action(Json.lowerCase(action, "actionState"), instant(action, "startDateTime")))
                .toList();
        return Optional.of(new Device(
                id,
                Json.text(json, "deviceName"),
                Json.text(json, "serialNumber"),
                Json.text(json, "operatingSystem"),
                Json.text(json, "userPrincipalName"),
                Json.text(json, "azureADDeviceId"),
                instant(json, "enrolledDateTime"),
                actions,
                new Device.Particulars(
                        Json.text(json, "model"),
                        Json.text(json, "managedDeviceOwnerType"),
                        Json.text(json, "managementState"),
                        instant(json, "lastSyncDateTime"))));
    }

    private static Optional<Instant> instant(JsonNode json, String field) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(Json.text(json, field));
            return time.getYear() > 1 ? Optional.of(time.toInstant()) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
