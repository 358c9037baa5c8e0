package org.deprovisioner.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.deprovisioner.text.JsonFault;

/**
 * A file of JSON objects, one for each request, with the columns' names as fields. It is read twice: first for the names of
 * all fields, which are the columns of its results, and where a field may be another's of the same name, for that as well.
 */
final class JsonFile implements RequestFile {

    private final JsonTexts texts;
    private final RequestChecker checker;
    private final List<String> names;
    private final Columns columns;
    private final boolean aLineEach;
    private Optional<RawRow> upcoming;
    private long position;

    /** The columns of the latest object: most objects of a file have the same fields. */
    private Columns given = Columns.of(List.of(), Set.of());

    private List<String> givenNames = List.of();

    private JsonFile(JsonTexts texts, RequestRules rules, Survey survey, Columns columns)
            throws IOException, UnusableFileException {
        this.texts = texts;
        this.checker = new RequestChecker(rules);
        names = List.copyOf(survey.names);
        this.columns = columns;
        aLineEach = survey.aLineEach;
        upcoming = texts.next();
    }

    static JsonFile open(Path file, Function<PlainText.ByRecord, JsonTexts> kind, RequestRules rules)
            throws IOException, UnusableFileException {
        Survey survey = new Survey();
        try (JsonTexts texts = kind.apply(PlainText.openByRecord(file))) {
            survey.read(texts);
        }
        Columns columns = survey.columns(rules);
        ForeignColumns foreign = new ForeignColumns(rules, columns);
        if (!foreign.isDecided()) {
            try (JsonTexts texts = kind.apply(PlainText.openByRecord(file))) {
                lookForForeignColumns(texts, foreign, columns);
            }
        }
        JsonTexts texts = kind.apply(PlainText.openByRecord(file));
        try {
            return new JsonFile(texts, rules, survey, columns);
        } catch (IOException | UnusableFileException | RuntimeException e) {
            texts.close();
            throw e;
        }
    }

    private static void lookForForeignColumns(JsonTexts texts, ForeignColumns foreign, Columns columns)
            throws IOException, UnusableFileException {
        for (Optional<RawRow> text = texts.next(); text.isPresent() && !foreign.isDecided(); text = texts.next()) {
            try {
                JsonObject object = object(text.get());
                foreign.look(
                        columns.among(List.copyOf(object.fields().keySet())).values(object.cells()));
            } catch (InvalidCellException unreadable) {
                // it becomes an invalid row
            }
        }
        Optional<String> refusal = foreign.refusal(columns);
        if (refusal.isPresent()) {
            throw new UnusableFileException(
                    refusal.get() + " " + columns.header().understood());
        }
    }

    /** What has to be known of the whole file before its first row. */
    private static final class Survey {
        private final Set<String> names = new LinkedHashSet<>();
        private boolean aLineEach = true;

        private void read(JsonTexts texts) throws IOException, UnusableFileException {
            long line = 0;
            boolean understood = false;
            Optional<String> unreadable = Optional.empty();
            for (Optional<RawRow> text = texts.next(); text.isPresent(); text = texts.next()) {
                aLineEach &= text.get().line() > line;
                line = text.get().line();
                try {
                    names.addAll(object(text.get()).names());
                    understood = true;
                } catch (InvalidCellException flaw) {
                    unreadable = unreadable.or(() -> Optional.of(flaw.error()));
                }
                if (names.size() > JsonObject.MAX_COLUMNS) {
                    throw new UnusableFileException(
                            "The file has more than %d different fields. Leave out what is not needed."
                                    .formatted(JsonObject.MAX_COLUMNS));
                }
            }
            if (line == 0) {
                throw new UnusableFileException("The file holds no requests. Write an object for each device.");
            }
            if (!understood) {
                throw new UnusableFileException(
                        "The file holds no JSON object that can be read: %s. Write an object for each device, in a file"
                                        .formatted(unreadable.orElse(""))
                                + " named .jsonl each on a line of its own, in one named .json as an array.");
            }
        }

        private Columns columns(RequestRules rules) throws UnusableFileException {
            Columns columns = Columns.of(List.copyOf(names), rules.carriedNames());
            columns.checkUsable(
                    "The fields '%s' name no devices. Name the fields like the columns of a CSV file, managedDeviceId"
                                    .formatted(Value.shown(String.join(", ", names)))
                            + " among them.");
            return columns;
        }
    }

    @Override
    public Layout layout() {
        return new Layout(columns.ownNames(), ',');
    }

    @Override
    public String place(Row row) {
        return (aLineEach ? "line " : "element ") + row.line();
    }

    @Override
    public List<String> remarks() {
        return columns.remarks();
    }

    @Override
    public Skipped skipped() {
        return texts.skipped();
    }

    @Override
    public Iterator<Row> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return upcoming.isPresent();
            }

            @Override
            public Row next() {
                RawRow row = upcoming.orElseThrow(NoSuchElementException::new);
                try {
                    upcoming = texts.next();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (UnusableFileException e) {
                    throw new UncheckedIOException(new IOException("The file was changed while it was read", e));
                }
                position++;
                return check(aLineEach ? row.line() : position, row);
            }
        };
    }

    private Row check(long line, RawRow row) {
        List<String> cells = Collections.nCopies(columns.ownNames().size(), "");
        Map<Column, Value> values = Map.of();
        try {
            JsonObject object = object(row);
            cells = columns.ownCells(names.stream()
                    .map(name -> object.fields().getOrDefault(name, ""))
                    .toList());
            Columns filled = columnsOf(object);
            values = filled.values(object.cells());
            object.checkKinds(filled);
            return checker.check(new Entry(line, cells, row.text()), filled, object.cells());
        } catch (InvalidCellException flaw) {
            return checker.invalid(new Entry(line, cells, row.text()), values, flaw);
        }
    }

    private Columns columnsOf(JsonObject object) {
        List<String> filled = List.copyOf(object.fields().keySet());
        if (!filled.equals(givenNames)) {
            givenNames = filled;
            given = columns.among(filled);
        }
        return given;
    }

    private static JsonObject object(RawRow row) throws InvalidCellException {
        if (row.flaw().isPresent()) {
            throw row.flaw().get();
        }
        try (JsonParser json = JsonObject.JSON.createParser(row.text())) {
            json.nextToken();
            if (!json.isExpectedStartObjectToken()) {
                throw flaw("it is not a JSON object");
            }
            JsonObject object = JsonObject.read(json, row.text());
            if (json.nextToken() != null) {
                throw flaw("something follows the object");
            }
            return object;
        } catch (JsonProcessingException unreadable) {
            throw flaw("it is not JSON (" + JsonFault.of(unreadable) + ")");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static InvalidCellException flaw(String error) {
        return new InvalidCellException(error, "Write one JSON object for each device, each field once.");
    }

    @Override
    public void close() throws IOException {
        texts.close();
    }
}
