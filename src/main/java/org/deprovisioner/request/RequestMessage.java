package org.deprovisioner.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.text.JsonFault;

/**
 * The requests of one message: a JSON object, or an array of them, with the columns' names as fields.
 *
 * <p>Texts, numbers (as they were written) and booleans become cells; {@code null} is the same as a field left out. An
 * object or array is carried along as JSON text in a field that means nothing to us, and makes the row invalid in one
 * that does. Either the whole message is understood or none of it is taken. Where a field is nearly one of ours, every
 * request of the message is invalid.
 */
public final class RequestMessage {

    private static final int MAX_REQUESTS = 10_000;

    private final String text;
    /** The names of all fields, in the order of their first use. */
    private final Set<String> names = new LinkedHashSet<>();

    private RequestMessage(String text) {
        this.text = text;
    }

    /**
     * The requests of a message that go to one batch.
     *
     * @param batch the batch's name as it was first written; empty for the default one
     * @param columns the names of the whole message's fields in the order of their first use, without those that
     *     results add
     * @param rows the rows in the message's order, each with a cell for each of the columns
     */
    public record Parsed(Optional<String> batch, List<String> columns, List<Row> rows) {}

    /**
     * Reads a message.
     *
     * @return its requests grouped by batch (names compared without case) in the order of first use; a row that names an
     *     impossible batch is invalid and goes to the default one
     * @throws UnusableMessageException when the message cannot be understood as a whole: no JSON, another thing than an
     *     object or an array of objects, a field twice in one object, anything behind the end, or too much of anything
     */
    public static List<Parsed> parse(String message, RequestRules rules) throws UnusableMessageException {
        RequestMessage unread = new RequestMessage(message.startsWith("\ufeff") ? message.substring(1) : message);
        try (JsonParser json = JsonObject.JSON.createParser(unread.text)) {
            return unread.check(unread.objects(json), rules);
        } catch (JsonProcessingException e) {
            throw new UnusableMessageException(
                    "The message cannot be read as JSON%s: %s.".formatted(JsonFault.place(e), JsonFault.of(e)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The batch that an object names. */
    private static Optional<String> batch(JsonObject object, Columns given, Map<Column, Value> values)
            throws InvalidCellException {
        object.checkKinds(given);
        Value batch = values.getOrDefault(Column.BATCH, new Value(Column.BATCH, ""));
        Optional<String> name = batch.line();
        if (name.isPresent() && !BatchName.isForMessages(name.get())) {
            throw batch.flaw(
                    "is not a name for a batch",
                    "Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.");
        }
        if (name.isPresent() && BatchName.isForbidden(name.get())) {
            throw batch.flaw(
                    "is a device of Windows, the word null, or ends in .txt as a file of approval does: no batch is called so",
                    "Choose another name.");
        }
        return name;
    }

    private List<JsonObject> objects(JsonParser json) throws IOException, UnusableMessageException {
        List<JsonObject> objects = new ArrayList<>();
        if (json.nextToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (objects.size() == MAX_REQUESTS) {
                    throw new UnusableMessageException(
                            "The message holds more than %d requests. Send several messages.".formatted(MAX_REQUESTS));
                }
                objects.add(object(json));
            }
        } else {
            objects.add(object(json));
        }
        if (objects.isEmpty()) {
            throw new UnusableMessageException("The array is empty. Send an object for each device.");
        }
        if (json.nextToken() != null) {
            throw new UnusableMessageException("Something follows the JSON. Send one object, or one array of objects.");
        }
        return objects;
    }

    private JsonObject object(JsonParser json) throws IOException, UnusableMessageException {
        if (!json.isExpectedStartObjectToken()) {
            throw new UnusableMessageException("The message is, or holds, something else than an object."
                    + " Send one JSON object, or one array of objects.");
        }
        JsonObject object = JsonObject.read(json, text);
        names.addAll(object.names());
        if (names.size() > JsonObject.MAX_COLUMNS) {
            throw new UnusableMessageException(
                    "The message has more than %d different fields. Leave out what is not needed."
                            .formatted(JsonObject.MAX_COLUMNS));
        }
        return object;
    }

    private List<Parsed> check(List<JsonObject> objects, RequestRules rules) {
        RequestChecker checker = new RequestChecker(rules);
        List<String> all = List.copyOf(names);
        Columns columns = Columns.of(all, rules.carriedNames());
        Optional<InvalidCellException> near = columns.header().nearlyOurs();
        Map<String, Parsed> batches = new LinkedHashMap<>();
        for (int i = 0; i < objects.size(); i++) {
            JsonObject object = objects.get(i);
            List<String> cells = columns.ownCells(all.stream()
                    .map(name -> object.fields().getOrDefault(name, ""))
                    .toList());
            Entry entry = new Entry(i + 1, cells, object.raw());
            Columns given = columns.among(List.copyOf(object.fields().keySet()));
            List<String> values = object.cells();
            Optional<String> batch = Optional.empty();
            Row row;
            try {
                batch = batch(object, given, given.values(values));
                if (near.isPresent()) {
                    throw near.get();
                }
                row = checker.check(entry, given, values);
            } catch (InvalidCellException flaw) {
                row = checker.invalid(entry, given.values(values), flaw);
            }
            Parsed fresh = new Parsed(batch, columns.ownNames(), new ArrayList<>());
            Parsed parsed = batches.putIfAbsent(batch.orElse("").toLowerCase(Locale.ROOT), fresh);
            (parsed == null ? fresh : parsed).rows().add(row);
        }
        return batches.values().stream()
                .map(parsed -> new Parsed(parsed.batch, parsed.columns, List.copyOf(parsed.rows)))
                .toList();
    }
}
