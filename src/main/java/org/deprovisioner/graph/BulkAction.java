package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Graph's {@code executeAction}: one call, and one in the limits, that deprovisions many devices with the same reason.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/intune-devices-manageddevice-executeaction">executeAction</a>
 */
public final class BulkAction {

    private BulkAction() {}

    /** The path of the call below Graph's base URL, without a leading slash. */
    public static String path(boolean comanaged) {
        return "deviceManagement/" + (comanaged ? "comanagedDevices" : "managedDevices") + "/executeAction";
    }

    /** The body of the call. */
    public static String body(Collection<String> deviceIds, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("actionName", "deprovision");
        ArrayNode ids = body.putArray("deviceIds");
        deviceIds.forEach(ids::add);
        return body.put("deprovisionReason", reason)
                .put("keepEnrollmentData", false)
                .put("keepUserData", false)
                .toString();
    }

    /**
     * What became of each device, by its id and in the given order. What kept the whole from being answered is the answer
     * to each. A device that is in none of the answer's lists, or in two, is lost.
     */
    public static Map<String, GraphAnswer> answers(GraphAnswer whole, Collection<String> deviceIds) {
        JsonNode json = CombinedAnswer.json(whole);
        // some answers have the lists at the top, others in "value": where both stand, both count
        List<JsonNode> places = List.of(json, json.path("value"));
        List<JsonNode> lists = Stream.of(GraphAnswer.Verdict.values())
                .flatMap(verdict -> places.stream().map(place -> place.path(verdict.list())))
                .filter(list -> !list.isMissingNode() && !list.isNull())
                .toList();
        if (lists.isEmpty() || !lists.stream().allMatch(JsonNode::isArray)) {
            return CombinedAnswer.spread(whole, deviceIds);
        }
        GraphAnswer.Http http = (GraphAnswer.Http) whole;
        Map<String, GraphAnswer> named = new HashMap<>();
        for (GraphAnswer.Verdict verdict : GraphAnswer.Verdict.values()) {
            places.stream()
                    .flatMap(place ->
                            StreamSupport.stream(place.path(verdict.list()).spliterator(), false))
                    .filter(JsonNode::isTextual)
                    .forEach(id -> named.merge(
                            id.textValue().toLowerCase(Locale.ROOT),
                            new GraphAnswer.Listed(verdict, http),
                            (one, other) -> one.equals(other)
                                    ? one
                                    : new GraphAnswer.Lost("Graph named the device in two lists of its answer")));
        }
        return CombinedAnswer.each(
                deviceIds,
                id -> named.getOrDefault(
                        id.toLowerCase(Locale.ROOT),
                        new GraphAnswer.Lost("Graph named the device in none of the lists of its answer")));
    }
}
