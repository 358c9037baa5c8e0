package org.deprovisioner.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.text.JsonFault;

/** The JSON object that comes with an action: what it does not know is refused, so that no wish is overheard. */
final class ApiBody {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;

    private ApiBody(JsonNode object) {
        this.object = object;
    }

    /**
     * Reads the body of a request; one without any is an empty object.
     *
     * @param fields all that it may have
     */
    static ApiBody of(WebRequest request, String... fields) {
        String text = request.body().text();
        if (text.isBlank()) {
            return new ApiBody(JSON.createObjectNode());
        }
        if (!kind(request).equals("application/json")) {
            throw new RefusedException(
                    415, "The body has no Content-Type of JSON.", "Send it with Content-Type: application/json.");
        }
        try {
            JsonNode object = JSON.readTree(text);
            if (!object.isObject()) {
                throw wrong("The body must be a JSON object.");
            }
            object.fieldNames().forEachRemaining(name -> {
                if (!Set.of(fields).contains(name)) {
                    throw wrong("'" + name + "' is not known here. The fields are: " + String.join(", ", fields) + ".");
                }
            });
            return new ApiBody(object);
        } catch (JsonProcessingException unreadable) {
            throw wrong("The body cannot be read as JSON%s: %s."
                    .formatted(JsonFault.place(unreadable), JsonFault.of(unreadable)));
        }
    }

    /** The media type of a body, without what may follow it. */
    static String kind(WebRequest request) {
        return request.header("content-type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(java.util.Locale.ROOT);
    }

    static RefusedException wrong(String sentence) {
        return new RefusedException(400, sentence);
    }

    /** A text, without space around it; empty when it is not given, or blank. */
    Optional<String> text(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        } else if (!value.isTextual()) {
            throw wrong("'" + name + "' must be a text.");
        }
        return Optional.of(value.asText().strip()).filter(text -> !text.isEmpty());
    }

    /** A text that must be given. */
    String needed(String name, String why) {
        return text(name).orElseThrow(() -> wrong("'" + name + "' is missing: " + why));
    }

    /** A whole number that must be given. */
    long number(String name, String why) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong("'" + name + "' must be a whole number: " + why);
        }
        return value.asLong();
    }

    /** Whether something is wished for; not, when it is not given. */
    boolean flag(String name) {
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong("'" + name + "' must be true or false.");
        }
        return value.asBoolean(false);
    }

    /** A list of texts; empty when it is not given. */
    List<String> texts(String name) {
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isArray()) {
            throw wrong("'" + name + "' must be a list.");
        }
        List<String> texts = new ArrayList<>();
        value.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
