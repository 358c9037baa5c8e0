package org.deprovisioner.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON as strangers send it: what is not there, not JSON or of another type reads as empty. So does what contradicts
 * itself, by a key that stands twice in an object or a second document: neither of its two statements proves anything.
 */
final class GraphJson {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Sees a doubled key without complaint; for nothing but to tell a contradiction from what is no JSON. */
    private static final JsonMapper UNCRITICAL = new JsonMapper();

    private GraphJson() {}

    static JsonNode parse(String text) {
        return parse(MAPPER, text);
    }

    private static JsonNode parse(JsonMapper mapper, String text) {
        try {
            JsonNode node = mapper.readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether this is an object or list that says two things of one, and so nothing. */
    static boolean isContradictory(String text) {
        return parse(text).isMissingNode() && parse(UNCRITICAL, text).isContainerNode();
    }

    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() || value.isNumber() ? value.asText().strip() : "";
    }

    static String lowerCase(JsonNode object, String field) {
        return text(object, field).toLowerCase(Locale.ROOT);
    }

    /**
     * The elements of the list in a field of an object, each as its own text: one that is damaged, or contradicts itself,
     * takes nothing from the others.
     *
     * @param whole whether nothing of the text is missing; else the elements are those that came whole
     * @return empty when there is no such list, or more than one
     */
    static Optional<List<String>> elements(String text, String field, boolean whole) {
        List<String> found = new ArrayList<>();
        boolean seen = false;
        try (JsonParser json = UNCRITICAL.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                if (!json.currentName().equals(field)) {
                    json.nextToken();
                    json.skipChildren();
                } else if (seen || json.nextToken() != JsonToken.START_ARRAY) {
                    return Optional.empty();
                } else {
                    seen = true;
                    collect(json, text, found);
                }
            }
            return seen && json.nextToken() == null ? Optional.of(found) : Optional.empty();
        } catch (IOException cutOff) {
            return seen && !whole ? Optional.of(found) : Optional.empty();
        }
    }

    private static void collect(JsonParser list, String text, List<String> found) throws IOException {
        while (list.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) list.currentTokenLocation().getCharOffset();
            list.skipChildren();
            found.add(text.substring(from, (int) list.currentLocation().getCharOffset()));
        }
    }

    /** All texts that an object gives for a field, be it that it contradicts itself. */
    static List<String> texts(String object, String field) {
        List<String> found = new ArrayList<>();
        try (JsonParser json = UNCRITICAL.createParser(object)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = json.currentName().equals(field);
                if (json.nextToken() == JsonToken.VALUE_STRING && wanted) {
                    found.add(json.getText().strip());
                }
                json.skipChildren();
            }
        } catch (IOException damaged) {
            return found;
        }
        return found;
    }
}
