package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Graph's own JSON error. Its presence proves that Graph answered, and not something on the way.
 *
 * @param code Graph's code, such as {@code ResourceNotFound}
 * @param message what Graph says of it; of documents nested as text, as Intune sends them, the innermost message
 * @param requestId Graph's name of the call, empty when it gives none
 * @param clientRequestId our name of the call as Graph says it back, empty when it gives none
 * @see <a href="https://learn.microsoft.com/graph/errors">Graph error responses</a>
 */
public record GraphError(String code, String message, String requestId, String clientRequestId) {

    /** What stands for the error of an answer that holds none. */
    static final GraphError NONE = new GraphError("", "", "", "");

    private static final int DEEPEST = 4;
    private static final int LONGEST = 1_000;
    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{8,}\\.[\\w-]+\\.?[\\w-]*");

    /** The error in the body of an answer; empty when the body is anything else. */
    static Optional<GraphError> in(String body) {
        JsonNode error = GraphJson.parse(body).path("error");
        String code = GraphJson.text(error, "code");
        if (code.isEmpty() || !error.path("code").isTextual()) { // a number is the code of a gateway
            return Optional.empty();
        }
        JsonNode inner = error.has("innerError") ? error.path("innerError") : error.path("innererror");
        return Optional.of(new GraphError(
                code,
                readable(innermost(GraphJson.text(error, "message"), DEEPEST)),
                GraphJson.text(inner, "request-id"),
                GraphJson.text(inner, "client-request-id")));
    }

    private static String innermost(String message, int depth) {
        JsonNode nested = message.startsWith("{") && depth > 0 ? GraphJson.parse(message) : GraphJson.parse("");
        return Stream.of(
                        GraphJson.text(nested.path("error"), "message"),
                        GraphJson.text(nested, "Message"),
                        GraphJson.text(nested, "message"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .map(text -> innermost(text, depth - 1))
                .orElse(message);
    }

    private static String readable(String message) {
        String masked = TOKEN.matcher(message).replaceAll("********");
        return masked.length() > LONGEST ? masked.substring(0, LONGEST) + " …" : masked;
    }
}
