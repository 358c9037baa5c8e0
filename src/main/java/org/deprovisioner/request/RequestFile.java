package org.deprovisioner.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** A file of requests - CSV, JSON Lines or a JSON array - read row by row in constant memory, once, by one thread. */
public interface RequestFile extends Iterable<Row>, AutoCloseable {

    /**
     * Opens a file of the kind that its name tells: finds out its encoding, and what its columns mean.
     *
     * @throws UnusableFileException when no row of it can be read: it is empty, of a foreign kind, without a usable
     *     header, with a column that is nearly ours, or no JSON
     * @throws IOException when the file cannot be read now, which says nothing about its content
     */
    static RequestFile open(Path file, RequestRules rules) throws IOException, UnusableFileException {
        String name = String.valueOf(file.getFileName());
        return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "csv", "tsv", "txt" -> CsvFile.open(file, rules);
            case "jsonl" -> JsonFile.open(file, JsonLines::new, rules);
            case "json" -> JsonFile.open(file, JsonArray::new, rules);
            default -> {
                PlainText.open(file).close(); // what its content shows says more than its name
                throw new UnusableFileException(
                        "The file is of an unknown kind. Hand over a CSV file, named .csv, or JSON, named .jsonl or .json.");
            }
        };
    }

    /** How the file is laid out. */
    Layout layout();

    /** How its columns were understood, in sentences for a person. */
    List<String> remarks();

    /** What was skipped so far between the rows; all of it once the last row was read. */
    Skipped skipped();

    /** The rows not read yet, in the file's order; fails with an {@link UncheckedIOException} when the file does. */
    @Override
    Iterator<Row> iterator();

    /** Where in the file a row of it is, in words: {@code line 7}, or {@code element 7} where elements share lines. */
    String place(Row row);

    @Override
    void close() throws IOException;
}
