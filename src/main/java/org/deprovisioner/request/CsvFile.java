package org.deprovisioner.request;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.text.Counted;

/**
 * A CSV file of requests, read row by row in constant memory. It can be read once, by one thread.
 *
 * <p>A row with fewer cells than the header is taken as if it ended in empty ones, and empty cells beyond the header are
 * dropped, as spreadsheets write both; a filled cell beyond the header makes the row invalid, and so does a quote that is
 * not closed. The cells of such a row are all empty, for nobody knows which column they belong to; its text is in
 * {@link Row.Invalid#raw}, exactly as it stands in the file unless it is longer than 65,536 characters.
 */
final class CsvFile implements RequestFile {

    private static final int MAX_COLUMNS = 500;
    static final String DELIMITERS = ",;\t";
    static final Pattern DELIMITER_LINE = Pattern.compile("\"?sep=(.)\"?", Pattern.CASE_INSENSITIVE);

    private final RawRows rows;
    private final RequestChecker checker;
    private final String delimiter;
    private final CsvReader.CsvReaderBuilder parser;
    private final Columns columns;
    private Optional<RawRow> upcoming;

    private CsvFile(RawRows rows, RequestRules rules) throws IOException, UnusableFileException {
        this.rows = rows;
        this.checker = new RequestChecker(rules);
        RawRow header = header();
        Matcher named = DELIMITER_LINE.matcher(header.text());
        if (named.matches()) {
            delimiter = named.group(1);
            if (!DELIMITERS.contains(delimiter)) {
                throw new UnusableFileException(
                        "The line '%s' names a delimiter that is not taken. Separate cells by comma, semicolon or tab."
                                .formatted(Value.shown(header.text())));
            }
            header = header();
        } else {
            delimiter = delimiterOf(header.text());
        }
        parser = CsvReader.builder().fieldSeparator(delimiter);
        if (hasSpacesBeforeQuotes(header.text(), parser)) {
            parser.trimWhitespacesAroundQuotes(true);
            rows.allowSpacesAroundQuotes();
        }
        columns = Columns.of(split(header.text(), parser).orElse(List.of()), rules.carriedNames());
        checkUsable(header);
        upcoming = rows.next(delimiter);
        if (upcoming.isEmpty()) {
            throw new UnusableFileException("The file has a header and no rows. Add a row for each device.");
        }
    }

    /** Finds out the delimiter of a file and what its columns mean. */
    static CsvFile open(Path file, RequestRules rules) throws IOException, UnusableFileException {
        CsvFile opened = start(file, rules);
        ForeignColumns foreign = new ForeignColumns(rules, opened.columns);
        if (foreign.isDecided()) {
            return opened;
        }
        try (opened) {
            opened.look(foreign);
        }
        return start(file, rules);
    }

    private static CsvFile start(Path file, RequestRules rules) throws IOException, UnusableFileException {
        RawRows rows = new RawRows(PlainText.openByRecord(file));
        try {
            return new CsvFile(rows, rules);
        } catch (IOException | UnusableFileException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /** Reads no further than a decision needs: where each row is sound, one row. */
    private void look(ForeignColumns foreign) throws IOException, UnusableFileException {
        while (upcoming.isPresent() && !foreign.isDecided()) {
            try {
                foreign.look(columns.values(cells(upcoming.get())));
            } catch (InvalidCellException unreadable) {
                // it becomes an invalid row
            }
            upcoming = rows.next(delimiter);
        }
        Optional<String> refusal = foreign.refusal(columns);
        if (refusal.isPresent()) {
            throw new UnusableFileException(
                    refusal.get() + " " + columns.header().understood());
        }
    }

    static boolean hasSpacesBeforeQuotes(String header, CsvReader.CsvReaderBuilder parser) {
        return split(header, parser).orElse(List.of()).stream()
                .anyMatch(name -> name.startsWith(" ") && name.strip().startsWith("\""));
    }

    @Override
    public String place(Row row) {
        return "line " + row.line();
    }

    @Override
    public Layout layout() {
        return new Layout(columns.ownNames(), delimiter.charAt(0));
    }

    @Override
    public List<String> remarks() {
        return columns.remarks();
    }

    @Override
    public Skipped skipped() {
        return rows.skipped();
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
                    upcoming = rows.next(delimiter);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return check(row);
            }
        };
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private Row check(RawRow row) {
        try {
            List<String> cells = cells(row);
            return checker.check(new Entry(row.line(), columns.ownCells(cells), row.text()), columns, cells);
        } catch (InvalidCellException unreadable) {
            List<String> none = Collections.nCopies(columns.ownNames().size(), "");
            return checker.invalid(new Entry(row.line(), none, row.text()), Map.of(), unreadable);
        }
    }

    /** One cell for each column. */
    private List<String> cells(RawRow row) throws InvalidCellException {
        if (row.flaw().isPresent()) {
            throw row.flaw().get();
        }
        List<String> cells = new ArrayList<>(split(row.text(), parser)
                .orElseThrow(
                        () -> new InvalidCellException("the row cannot be split into cells", "Look at its quotes.")));
        while (cells.size() > columns.size() && cells.get(cells.size() - 1).isBlank()) {
            cells.remove(cells.size() - 1);
        }
        if (cells.size() > columns.size()) {
            throw new InvalidCellException(
                    "the row has %s and the header %s"
                            .formatted(Counted.of(cells.size(), "cell"), Counted.of(columns.size(), "column")),
                    "Put values that hold the delimiter in quotes, or remove what is too much.");
        }
        int missing = columns.size() - cells.size();
        if (missing > 0 && isCutOtherwise(cells, missing)) {
            throw new InvalidCellException(
                    "the row has %s, the header %s, and another delimiter stands in the row"
                            .formatted(Counted.of(cells.size(), "cell"), Counted.of(columns.size(), "column")),
                    "Separate its cells as the header's are, and write out those that are empty.");
        }
        cells.addAll(Collections.nCopies(missing, ""));
        if (columns.guarded()) {
            cells.replaceAll(Layout::unguarded);
        }
        return cells;
    }

    /** Whether the cells that a row lacks may stand in others, behind a delimiter that is not the header's. */
    private boolean isCutOtherwise(List<String> cells, int missing) {
        return DELIMITERS
                .chars()
                .filter(other -> other != delimiter.charAt(0))
                .mapToLong(other -> cells.stream()
                        .flatMapToInt(String::chars)
                        .filter(character -> character == other)
                        .count())
                .anyMatch(found -> found >= missing);
    }

    static Optional<List<String>> split(String row, CsvReader.CsvReaderBuilder parser) {
        try {
            return Optional.of(parser.ofSingleCsvRecord(row).getFields());
        } catch (CsvParseException e) {
            return Optional.empty();
        }
    }

    private RawRow header() throws IOException, UnusableFileException {
        return rows.next(DELIMITERS)
                .orElseThrow(() -> new UnusableFileException("The file holds no header."
                        + " Begin it with the names of its columns, managedDeviceId among them." + commentsBefore()));
    }

    /** The delimiter that makes most sense of the header, comma when several do. */
    static String delimiterOf(String header) {
        return DELIMITERS
                .chars()
                .mapToObj(Character::toString)
                .max(Comparator.comparingLong(delimiter -> split(
                                header, CsvReader.builder().fieldSeparator(delimiter))
                        .map(names -> Columns.of(names, Set.of()).known() * header.length() + names.size())
                        .orElse(0L)))
                .orElseThrow();
    }

    private void checkUsable(RawRow header) throws UnusableFileException {
        String shown = Value.shown(header.text());
        if (header.flaw().isPresent()) {
            throw new UnusableFileException("The header '%s' cannot be read: %s. %s"
                    .formatted(
                            shown,
                            header.flaw().get().error(),
                            header.flaw().get().remedy()));
        }
        if (columns.size() > MAX_COLUMNS) {
            throw new UnusableFileException(
                    "The header names more than %d columns. Leave out what is not needed.".formatted(MAX_COLUMNS));
        }
        columns.checkUsable(
                "The header '%s' reads as %s, and none names devices. Begin the file with the names of its columns,"
                                .formatted(shown, columns.size() == 1 ? "one column" : columns.size() + " columns")
                        + " managedDeviceId among them, separated by comma, semicolon or tab."
                        + commentsBefore());
        Optional<InvalidCellException> mixed = columns.header().severalInOne();
        if (mixed.isPresent()) {
            throw new UnusableFileException(String.join(
                    " ",
                    mixed.get().error() + ".",
                    mixed.get().remedy(),
                    columns.header().understood()));
        }
    }

    /** A header that begins with # is no row number's, and nobody would think of line 1 when reading of line 2. */
    private String commentsBefore() {
        return rows.skipped().comments() == 0
                ? ""
                : " %s If that is the header, take the '#' away."
                        .formatted(rows.skipped().words().orElse(""));
    }
}
