package org.deprovisioner.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Microsoft Graph beta, as far as deprovisioning goes: answers one call after the other as Graph and Intune would. */
final class Graph {

    private static final int PAGE = 1000;
    private static final int LARGEST_BATCH = 20;
    private static final int LARGEST_BULK = 100;
    private static final Pattern FILTER = Pattern.compile("\\s*(\\w+)\\s+eq\\s+'((?:[^']|'')*)'\\s*");
    private static final Set<String> BULK_PROPERTIES =
            Set.of("actionName", "deviceIds", "deprovisionReason", "keepEnrollmentData", "keepUserData");

    private final String baseUrl;
    private final SimulatorOptions options;
    private final Population population;
    private final EntraId entra;
    private final Traffic traffic;
    private final ActionTimings showings;
    private final Approvals approvals;
    private final Quota writes;
    private final Quota reads;

    Graph(
            String baseUrl,
            SimulatorOptions options,
            EntraId entra,
            Traffic traffic,
            ActionTimings showings,
            Approvals approvals) {
        this.baseUrl = baseUrl;
        this.options = options;
        this.population = options.population();
        this.entra = entra;
        this.traffic = traffic;
        this.showings = showings;
        this.approvals = approvals;
        SimulatorOptions.Limits limits = options.limits();
        this.writes = new Quota(limits.writes(), limits.window(), System::nanoTime);
        this.reads = new Quota(limits.reads(), limits.window(), System::nanoTime);
    }

    SimulatorAnswer answer(Incoming call) {
        SimulatorAnswer answer;
        try {
            answer = checked(call);
        } catch (RefusalException refusal) {
            answer = refusal.answer(call);
        }
        return traced(call, answer);
    }

    /** Adds the headers by which Graph's support finds a call. */
    static SimulatorAnswer traced(Incoming call, SimulatorAnswer answer) {
        return answer.with(Map.of("request-id", call.requestId(), "client-request-id", call.clientRequestId()));
    }

    private SimulatorAnswer checked(Incoming call) {
        Set<String> roles = entra.roles(call.header("Authorization"), call.at());
        Target target = call.target();
        Target.Operation kind = target.kind();
        if (kind != Target.Operation.BATCH) {
            count(call.method().equals("GET") ? reads : writes);
        }
        if (kind == Target.Operation.NONE) {
            throw RefusalException.badRequest(String.valueOf(target.flaw()));
        } else if (!call.method().equals(kind.method)) {
            throw new RefusalException(
                    405,
                    "BadRequest",
                    "Specified HTTP method is not allowed for the request target.",
                    Map.of("Allow", kind.method));
        } else if (!kind.roles().isEmpty() && Collections.disjoint(kind.roles(), roles)) {
            throw RefusalException.intune(
                    403,
                    "Forbidden",
                    "Application is not authorized to perform this operation. Application must have one of the following"
                            + " scopes: "
                            + String.join(", ", kind.roles()));
        } else if (target.flaw() != null) {
            throw RefusalException.badRequest(target.flaw());
        } else if (kind.method.equals("POST")) {
            requireJson(call);
        }
        return switch (kind) {
            case DEPROVISION -> deprovision(call);
            case BULK -> bulk(call);
            case DEVICE -> device(call);
            case LIST -> list(call);
            case BATCH -> batch(call);
            case APPROVAL -> approvals.read(call.path().substring(call.path().lastIndexOf('/') + 1));
            case NONE -> throw notFound();
        };
    }

    private void count(Quota quota) {
        Duration wait = quota.count();
        if (!wait.isZero()) {
            throw new RefusalException(
                    429,
                    "TooManyRequests",
                    "Too many requests. Please retry after the time that Retry-After tells.",
                    retryAfter(wait));
        }
    }

    private Map<String, String> retryAfter(Duration wait) {
        double seconds = wait.toNanos() / 1e9;
        return switch (options.limits().retryAfter()) {
            case SECONDS -> Map.of("Retry-After", String.valueOf((long) Math.ceil(seconds)));
            case DECIMALS -> Map.of("Retry-After", String.format(Locale.ROOT, "%.3f", seconds + 0.001));
            case HTTP_DATE ->
                Map.of(
                        "Retry-After",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)
                                .plus(wait)
                                .plusSeconds(1)
                                .truncatedTo(ChronoUnit.SECONDS)));
            case MISSING -> Map.of();
        };
    }

    private static void requireJson(Incoming call) {
        String type = call.header("Content-Type");
        if (type.isEmpty()) {
            throw RefusalException.badRequest(
                    "Write requests (excluding DELETE) must contain the Content-Type header declaration.");
        } else if (!type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw new RefusalException(
                    415,
                    "UnsupportedMediaType",
                    "The media type '" + type + "' is not supported: application/json is.",
                    Map.of());
        }
    }

    private SimulatorAnswer deprovision(Incoming call) {
        JsonNode body = WireJson.read(call.body(), JsonNode.class);
        if (!names(body).equals(Set.of("deprovisionReason"))
                || !body.path("deprovisionReason").isTextual()) {
            throw RefusalException.badRequest("The body must be {\"deprovisionReason\": \"...\"} and nothing more.");
        }
        ManagedDevice device = named(call);
        if (!device.isChromeOs()) {
            throw RefusalException.intune(
                    400, "BadRequest", "The action deprovision is not supported on " + device.operatingSystem() + ".");
        }
        return approvals.pass(call, () -> executed(call, device));
    }

    private SimulatorAnswer executed(Incoming call, ManagedDevice device) {
        return SimulatorAnswer.noContent().executed(population.deprovision(device.id(), call.at()));
    }

    private SimulatorAnswer bulk(Incoming call) {
        JsonNode body = WireJson.read(call.body(), JsonNode.class);
        JsonNode ids = body.path("deviceIds");
        if (!BULK_PROPERTIES.containsAll(names(body))
                || !body.path("actionName").asText().equals("deprovision")
                || !body.path("deprovisionReason").isTextual()) {
            throw RefusalException.badRequest("The body must be {\"actionName\": \"deprovision\", \"deviceIds\": [...],"
                    + " \"deprovisionReason\": \"...\"}.");
        } else if (!ids.isArray() || ids.isEmpty() || ids.size() > LARGEST_BULK) {
            throw RefusalException.badRequest("deviceIds must hold 1 to " + LARGEST_BULK + " ids.");
        }
        for (JsonNode id : ids) {
            if (!id.isTextual() || Population.guid(id.textValue()).isEmpty()) {
                throw RefusalException.badRequest("Invalid id '" + id.asText() + "' in deviceIds: a GUID is expected.");
            }
        }
        approvals.refuseBulk();
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        for (String list : List.of("successful", "failed", "notFound", "notSupported")) {
            value.putArray(list + "DeviceIds");
        }
        for (JsonNode id : ids) {
            SimulatorAnswer answer = traffic.pass(call.device("executeAction", id.textValue()), this::bulkDevice);
            if (answer.ending() == Fault.Ending.ANSWER) {
                String list = switch (answer.status()) {
                    case 204 -> "successful";
                    case 404 -> "notFound";
                    case 400 -> "notSupported";
                    default -> "failed";
                };
                value.withArray(list + "DeviceIds").add(id);
            }
        }
        return SimulatorAnswer.json(200, Map.of("value", value));
    }

    private SimulatorAnswer bulkDevice(Incoming call) {
        return population
                .find(String.valueOf(call.target().deviceId()))
                .filter(device -> isOf(device, call.target().userId()))
                .map(device -> device.isChromeOs() ? executed(call, device) : SimulatorAnswer.of(400, Map.of(), ""))
                .orElseGet(() -> SimulatorAnswer.of(404, Map.of(), ""));
    }

    private SimulatorAnswer device(Incoming call) {
        Map<String, String> query = query(call, Set.of("$select"));
        ManagedDevice device = named(call);
        List<ManagedDevice.ActionResult> actions = new ArrayList<>(device.deviceActionResults());
        population.executions(device.id()).stream()
                .flatMap(start -> showings.shown(device.id(), start, call.at()).stream())
                .forEach(actions::add);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("@odata.context", baseUrl + "/$metadata#deviceManagement/managedDevices/$entity");
        body.setAll(selected(device.with(actions), query));
        return SimulatorAnswer.json(200, body);
    }

    private ManagedDevice named(Incoming call) {
        return population
                .find(String.valueOf(call.target().deviceId()))
                .filter(device -> isOf(device, call.target().userId()))
                .filter(device -> population.executions(device.id()).stream()
                        .noneMatch(start -> showings.isGone(device.id(), start, call.at())))
                .orElseThrow(Graph::notFound);
    }

    /** By its id, a GUID, nobody here knows a user: any is taken for the right one. */
    private static boolean isOf(ManagedDevice device, @Nullable String user) {
        return user == null
                || Population.guid(user).isPresent()
                || device.userPrincipalName().equalsIgnoreCase(user);
    }

    private static RefusalException notFound() {
        return RefusalException.intune(404, "ResourceNotFound", "Resource not found.");
    }

    private SimulatorAnswer list(Incoming call) {
        Map<String, String> query = query(call, Set.of("$select", "$filter", "$top", "$skiptoken"));
        String filter = query.get("$filter");
        int offset = number(query, "$skiptoken", 0);
        int top = Math.min(number(query, "$top", PAGE), PAGE);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("@odata.context", baseUrl + "/$metadata#deviceManagement/managedDevices");
        List<ManagedDevice> found = filter == null ? List.of() : matching(filter);
        int end = Math.min(offset + top, filter == null ? population.positions() : found.size());
        ArrayNode value = body.putArray("value");
        (filter == null
                        ? population.page(offset, end)
                        : found.stream().limit(end).skip(offset))
                .forEach(device -> value.add(selected(device.with(List.of()), query)));
        if (end < (filter == null ? population.positions() : found.size())) {
            String before = call.query() == null ? "" : call.query().replaceAll("(&|^)(\\$|%24)skiptoken=[^&]*", "");
            body.put(
                    "@odata.nextLink",
                    baseUrl + "/deviceManagement/managedDevices?" + before + (before.isEmpty() ? "" : "&")
                            + "$skiptoken=" + end);
        }
        return SimulatorAnswer.json(200, body);
    }

    private List<ManagedDevice> matching(String filter) {
        Matcher equality = FILTER.matcher(filter);
        if (!equality.matches()) {
            throw RefusalException.badRequest("Invalid filter clause: " + filter);
        }
        return Population.Key.named(equality.group(1))
                .map(key -> population.matching(key, equality.group(2).replace("''", "'")))
                .orElseThrow(() ->
                        RefusalException.badRequest("Filtering by '" + equality.group(1) + "' is not supported."));
    }

    private static ObjectNode selected(ManagedDevice device, Map<String, String> query) {
        ObjectNode all = WireJson.MAPPER.valueToTree(device);
        String select = query.get("$select");
        if (select != null) {
            List<String> names =
                    Arrays.stream(select.split(",", -1)).map(String::strip).toList();
            for (String name : names) {
                if (!all.has(name)) {
                    throw RefusalException.badRequest(
                            "Parsing OData Select and Expand failed: Could not find a property named '" + name
                                    + "' on type 'microsoft.graph.managedDevice'.");
                }
            }
            all.retain(names);
        }
        return all;
    }

    private static Map<String, String> query(Incoming call, Set<String> known) {
        Map<String, String> query = call.queryParameters();
        for (String name : query.keySet()) {
            if (name.startsWith("$") && !known.contains(name)) {
                throw RefusalException.badRequest("The query parameter '" + name + "' is not supported.");
            }
        }
        return query;
    }

    private static int number(Map<String, String> query, String name, int otherwise) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        } else if (!text.matches("\\d{1,8}")) {
            throw RefusalException.badRequest("Invalid value '" + text + "' for " + name + ".");
        }
        return Integer.parseInt(text);
    }

    private SimulatorAnswer batch(Incoming call) {
        JsonNode requests = WireJson.read(call.body(), JsonNode.class).path("requests");
        if (!requests.isArray() || requests.isEmpty() || requests.size() > LARGEST_BATCH) {
            throw RefusalException.badRequest("A batch must hold 1 to " + LARGEST_BATCH + " requests.");
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode request : requests) {
            if (!request.path("id").isTextual() || !ids.add(request.path("id").textValue())) {
                throw RefusalException.badRequest("Each request of a batch needs an id of its own.");
            } else if (!Set.of("GET", "POST").contains(request.path("method").asText())
                    || !request.path("url").asText().startsWith("/")) {
                throw RefusalException.badRequest("Each request of a batch needs a method and a relative url.");
            }
        }
        List<ObjectNode> responses = new ArrayList<>();
        for (JsonNode request : requests) {
            SimulatorAnswer answer = traffic.pass(part(call, request), this::answer);
            if (answer.ending() == Fault.Ending.ANSWER) {
                responses.add(response(request.path("id").textValue(), answer));
            }
        }
        Collections.shuffle(responses);
        return SimulatorAnswer.json(200, Map.of("responses", responses));
    }

    private static Incoming part(Incoming call, JsonNode request) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, JsonNode> header : request.path("headers").properties()) {
            headers.put(header.getKey(), header.getValue().asText());
        }
        JsonNode body = request.path("body");
        return call.part(
                "$batch",
                request.path("method").asText(),
                "/beta" + request.path("url").asText(),
                headers,
                body.isMissingNode() ? "" : body.toString());
    }

    private static ObjectNode response(String id, SimulatorAnswer answer) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("id", id)
                .put("status", answer.status())
                .set("headers", WireJson.MAPPER.valueToTree(answer.headers()));
        if (answer.headers().getOrDefault("Content-Type", "").startsWith("application/json")) {
            response.set("body", WireJson.read(answer.body(), JsonNode.class));
        } else if (!answer.body().isEmpty()) {
            response.put("body", answer.body());
        }
        return response;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
