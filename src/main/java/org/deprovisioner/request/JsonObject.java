package org.deprovisioner.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request as a JSON object. Texts, numbers (as they were written) and booleans become cells; {@code null} is the same as
 * a field left out, and an object or array is carried along as JSON text.
 *
 * @param names the names of all fields, in their order
 * @param fields the filled ones
 * @param nested the names of those that hold objects or arrays
 * @param raw the text of the object
 */
record JsonObject(Set<String> names, Map<String, String> fields, Set<String> nested, String raw) {

    /** The most different names in one file or message. */
    static final int MAX_COLUMNS = 500;

    /** Reads JSON in which no field stands twice and nothing is too large or nested too deep. */
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(16_000_000)
                    .maxNestingDepth(32)
                    .maxStringLength(1_000_000)
                    .maxNameLength(256)
                    .maxNumberLength(256)
                    .build())
            .build();

    /**
     * Reads the object that the parser stands before the end of.
     *
     * @param json stands at the beginning of the object
     * @param text what the parser reads
     */
    static JsonObject read(JsonParser json, String text) throws IOException {
        int start = tokenStart(json);
        Set<String> names = new LinkedHashSet<>();
        Map<String, String> fields = new LinkedHashMap<>();
        Set<String> nested = new LinkedHashSet<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            names.add(name);
            JsonToken value = json.nextToken();
            if (value.isStructStart()) {
                int valueStart = tokenStart(json);
                json.skipChildren();
                fields.put(name, textSince(valueStart, json, text));
                nested.add(name);
            } else if (value != JsonToken.VALUE_NULL) {
                fields.put(name, json.getText());
            }
        }
        return new JsonObject(names, fields, nested, textSince(start, json, text));
    }

    /** The cells of its filled fields. */
    List<String> cells() {
        return List.copyOf(fields.values());
    }

    /**
     * Looks at the fields that mean something to us.
     *
     * @throws Flaw when one of them holds an object or array
     */
    void checkPlain() throws Flaw {
        for (String name : nested) {
            Optional<Column> known = Column.named(name);
            if (known.isPresent()) {
                throw new Value(known.get(), fields.getOrDefault(name, ""))
                        .flaw("is an object or array", "Write a text, a number or a boolean.");
            }
        }
    }

    private static int tokenStart(JsonParser json) {
        return (int) json.currentTokenLocation().getCharOffset();
    }

    private static String textSince(int start, JsonParser json, String text) {
        return text.substring(start, (int) json.currentLocation().getCharOffset());
    }
}
