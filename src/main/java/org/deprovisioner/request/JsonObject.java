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
import java.util.regex.Pattern;

/**
 * A request as a JSON object. Texts, numbers (as they were written) and booleans become cells; {@code null} is the same as
 * a field left out, and an object or array is carried along as JSON text. A field that means something to us is a text; see
 * {@link #checkKinds} for what else may stand in which.
 *
 * @param names the names of all fields, in their order
 * @param fields the filled ones
 * @param others the names of those that hold no text, with what they begin with
 * @param raw the text of the object
 */
record JsonObject(Set<String> names, Map<String, String> fields, Map<String, JsonToken> others, String raw) {

    /** The most different names in one file or message. */
    static final int MAX_COLUMNS = 500;

    /** A whole number that is exact in every program, which is not so with more digits. */
    private static final Pattern EXACT = Pattern.compile("[0-9]{1,15}");

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
        Map<String, JsonToken> others = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            names.add(name);
            JsonToken value = json.nextToken();
            if (value.isStructStart()) {
                int valueStart = tokenStart(json);
                json.skipChildren();
                fields.put(name, textSince(valueStart, json, text));
            } else if (value != JsonToken.VALUE_NULL) {
                fields.put(name, json.getText());
            }
            if (value != JsonToken.VALUE_NULL && value != JsonToken.VALUE_STRING) {
                others.put(name, value);
            }
        }
        return new JsonObject(names, fields, others, textSince(start, json, text));
    }

    /** The cells of its filled fields. */
    List<String> cells() {
        return List.copyOf(fields.values());
    }

    /**
     * Looks at the fields that mean something to us: {@code force} may be a boolean; a key, a batch, and a serial number or
     * name that is a whole number which no program rounds, may be a number; all else is a text.
     *
     * @param columns what the fields mean
     * @throws InvalidCellException when one of them holds something else
     */
    void checkKinds(Columns columns) throws InvalidCellException {
        for (Map.Entry<String, JsonToken> other : others.entrySet()) {
            Optional<Column> known = columns.meaning(other.getKey());
            if (known.isPresent()) {
                checkKind(new Value(known.get(), fields.getOrDefault(other.getKey(), "")), other.getValue());
            }
        }
    }

    private static void checkKind(Value value, JsonToken kind) throws InvalidCellException {
        if (kind.isStructStart()) {
            throw value.flaw("is an object or array", "Write a text.");
        }
        boolean fits = switch (value.column()) {
            case FORCE -> kind.isBoolean();
            case REQUEST_ID, BATCH -> kind.isNumeric();
            case SERIAL_NUMBER, DEVICE_NAME ->
                kind == JsonToken.VALUE_NUMBER_INT
                        && EXACT.matcher(value.text()).matches();
            default -> false;
        };
        if (!fits) {
            throw value.flaw(
                    kind.isBoolean() ? "is a boolean, not a text" : "is a number, not a text", "Write it in quotes.");
        }
    }

    private static int tokenStart(JsonParser json) {
        return (int) json.currentTokenLocation().getCharOffset();
    }

    private static String textSince(int start, JsonParser json, String text) {
        return text.substring(start, (int) json.currentLocation().getCharOffset());
    }
}
