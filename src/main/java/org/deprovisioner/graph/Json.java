package org.deprovisioner.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;

/** JSON as strangers send it: what is not there, not JSON or of another type reads as empty. */
final class Json {

    static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() || value.isNumber() ? value.asText().strip() : "";
    }

    static String lowerCase(JsonNode object, String field) {
        return text(object, field).toLowerCase(Locale.ROOT);
    }
}
