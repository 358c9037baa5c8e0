package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deprovisioner.request.Device;

/**
 * Graph's JSON of managed devices. Fields may be missing or null, and an instant may be the year 1, by which Intune
 * means none; a device without a GUID as its id is no device, nor one with a field of another type, whatever else is said
 * of it.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/resources/intune-devices-manageddevice">managedDevice</a>
 */
final class DeviceJson {

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final String NEXT = "@odata.nextLink";
    private static final String ACTIONS = "deviceActionResults";

    private static final List<String> TEXTS = Stream.of(ReadResult.FIELDS.split(","))
            .filter(field -> !field.equals(ACTIONS))
            .toList();

    private static final List<String> ACTION_TEXTS = List.of("actionName", "actionState", "startDateTime");

    private DeviceJson() {}

    /** What a read found: one device, or a page of a list; empty when the text is neither. */
    static Optional<ReadResult> reading(String text) {
        JsonNode json = GraphJson.parse(text);
        return isList(json) ? page(json) : device(json).map(ReadResult.Found::new);
    }

    /** Whether a text can come from nobody but Graph, be it that it is not of the right form in all. */
    static boolean isRecognized(String text) {
        JsonNode json = GraphJson.parse(text);
        return isList(json) || GUID.matcher(GraphJson.lowerCase(json, "id")).matches();
    }

    private static boolean isList(JsonNode json) {
        return json.path("value").isArray();
    }

    private static Optional<ReadResult> page(JsonNode json) {
        if (!isTextOrNothing(json.path(NEXT))) {
            return Optional.empty();
        }
        List<Device> devices = StreamSupport.stream(json.path("value").spliterator(), false)
                .flatMap(element -> device(element).stream())
                .toList();
        return Optional.of(new ReadResult.Listed(
                devices,
                json.path("value").size() - devices.size(),
                Optional.of(GraphJson.text(json, NEXT)).filter(link -> !link.isEmpty())));
    }

    private static Optional<Device> device(JsonNode json) {
        String id = GraphJson.lowerCase(json, "id");
        if (!GUID.matcher(id).matches() || !isOfTheForm(json)) {
            return Optional.empty();
        }
        List<Device.Action> actions = StreamSupport.stream(json.path(ACTIONS).spliterator(), false)
                .filter(action -> GraphJson.lowerCase(action, "actionName").equals("deprovision"))
                .map(action ->
                        new Device.Action(GraphJson.lowerCase(action, "actionState"), instant(action, "startDateTime")))
                .toList();
        return Optional.of(new Device(
                id,
                GraphJson.text(json, "deviceName"),
                GraphJson.text(json, "serialNumber"),
                GraphJson.text(json, "operatingSystem"),
                GraphJson.text(json, "userPrincipalName"),
                GraphJson.text(json, "azureADDeviceId"),
                instant(json, "enrolledDateTime"),
                actions,
                new Device.Particulars(
                        GraphJson.text(json, "model"),
                        GraphJson.text(json, "managedDeviceOwnerType"),
                        GraphJson.text(json, "managementState"),
                        instant(json, "lastSyncDateTime"))));
    }

    /** A number or a list where a text belongs proves nothing, least of all that no action was begun. */
    private static boolean isOfTheForm(JsonNode device) {
        JsonNode actions = device.path(ACTIONS);
        return TEXTS.stream().map(device::path).allMatch(DeviceJson::isTextOrNothing)
                && (isNothing(actions)
                        || (actions.isArray()
                                && StreamSupport.stream(actions.spliterator(), false)
                                        .allMatch(DeviceJson::isAction)));
    }

    private static boolean isAction(JsonNode action) {
        return action.isObject() && ACTION_TEXTS.stream().map(action::path).allMatch(DeviceJson::isTextOrNothing);
    }

    private static boolean isTextOrNothing(JsonNode value) {
        return value.isTextual() || isNothing(value);
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Optional<Instant> instant(JsonNode json, String field) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(GraphJson.text(json, field));
            return time.getYear() > 1 ? Optional.of(time.toInstant()) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
