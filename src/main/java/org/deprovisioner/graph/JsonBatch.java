package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Graph's {@code $batch}: some calls in one, each of which is answered, and counted against the limits, alone.
 *
 * @see <a href="https://learn.microsoft.com/graph/json-batching">JSON batching</a>
 */
public final class JsonBatch {

    /** The path of the whole below Graph's base URL, without a leading slash. */
    public static final String PATH = "$batch";

    /** The most calls that Graph takes in one. */
    public static final int MOST = 20;

    private JsonBatch() {}

    /**
     * One call of a batch.
     *
     * @param id tells it apart from the others; also its {@code client-request-id}
     * @param url path and query below Graph's base URL, with a leading slash
     * @param body its JSON, empty for a read
     */
    public record Part(String id, String method, String url, Optional<String> body) {}

    /** The body of the whole call. */
    public static String body(List<Part> parts) {
        ArrayNode requests = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            ObjectNode request = requests.addObject()
                    .put("id", part.id())
                    .put("method", part.method())
                    .put("url", part.url());
            ObjectNode headers = request.putObject("headers")
                    .put("Accept", "application/json")
                    .put("client-request-id", part.id());
            part.body().ifPresent(body -> {
                headers.put("Content-Type", "application/json");
                request.putRawValue("body", new RawValue(body));
            });
        }
        return JsonNodeFactory.instance
                .objectNode()
                .<ObjectNode>set("requests", requests)
                .toString();
    }

    /**
     * What became of each call of a batch, by its id and in the given order, whatever the order of the answers. What kept
     * the whole from being answered is the answer to each. A call that the answer does not name, or names twice, is lost.
     */
    public static Map<String, GraphAnswer> answers(GraphAnswer whole, Collection<String> ids) {
        Optional<List<String>> responses = whole.http()
                .filter(http -> http.status() / 100 == 2)
                .flatMap(http ->
                        GraphJson.elements(http.body(), "responses", http.extent() == GraphAnswer.Extent.WHOLE));
        if (responses.isEmpty()) {
            return CombinedAnswer.spread(whole, ids);
        }
        GraphAnswer.Http http = (GraphAnswer.Http) whole;
        Map<String, GraphAnswer> named = new HashMap<>();
        for (String response : responses.get()) {
            GraphAnswer answer = answer(GraphJson.parse(response), http);
            GraphJson.texts(response, "id")
                    .forEach(id -> named.merge(
                            id,
                            answer,
                            (one, other) -> new GraphAnswer.Lost("Graph answered this call of the $batch twice")));
        }
        return CombinedAnswer.each(
                ids,
                id -> named.getOrDefault(
                        id, new GraphAnswer.Lost("the answer to the $batch does not name this call of it")));
    }

    private static GraphAnswer answer(JsonNode response, GraphAnswer.Http whole) {
        if (!response.path("status").isIntegralNumber()
                || !response.path("status").canConvertToInt()) {
            return new GraphAnswer.Lost(
                    response.isObject()
                            ? "the answer to this call of the $batch has no status"
                            : "the answer to this call of the $batch contradicts itself");
        }
        Map<String, String> headers = response.path("headers").properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().asText()));
        JsonNode body = response.path("body");
        return new GraphAnswer.Http(
                response.path("status").intValue(),
                whole.headers().trace().with(headers),
                body.isMissingNode() ? "" : body.toString(), // a text, such as base64, stays one: it is no object
                whole.at());
    }
}
