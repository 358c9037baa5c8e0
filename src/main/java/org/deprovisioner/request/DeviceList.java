package org.deprovisioner.request;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.stream.IntStream;

/**
 * A CSV file of rules that fit devices, written in every way in which a file of requests may be: its encoding, delimiter,
 * headers and values. Each filled cell of a column that names devices is a rule of its own. A cell that cannot be a rule is
 * a flaw, and so is a row without any: whoever wrote it believes in a rule that there is not.
 *
 * @param rules what can be a rule
 * @param flaws what cannot, in words, with its line and what to do
 * @param remarks the names of the columns that hold no rules
 * @param ended whether the last line has its end: one without may still be being written
 */
public record DeviceList(DeviceRules rules, List<String> flaws, List<String> remarks, boolean ended) {

    /**
     * Reads a list as a whole.
     *
     * @throws UnusableFileException when it is empty, no text, or its header names no column for rules
     */
    public static DeviceList read(Path file) throws IOException, UnusableFileException {
        PlainText.ByRecord opened = PlainText.openByRecord(file);
        StringWriter text = new StringWriter();
        try (Reader reader = opened.reader()) {
            reader.transferTo(text);
        }
        return read(text.toString(), opened.decoding());
    }

    /** Whether another list has the same rules, and as whole a last line. */
    public boolean saysTheSame(DeviceList other) {
        return ended == other.ended && rules.all().equals(other.rules.all());
    }

    private static DeviceList read(String text, UnaryOperator<String> decoding)
            throws IOException, UnusableFileException {
        try (RawRows rows = new RawRows(new PlainText.ByRecord(new StringReader(text), decoding))) {
            RawRow header = header(rows, CsvFile.DELIMITERS);
            Matcher named = CsvFile.DELIMITER_LINE.matcher(header.text());
            boolean says = named.matches();
            String delimiter = says ? named.group(1) : CsvFile.delimiterOf(header.text());
            String names = (says ? header(rows, delimiter) : header).text();
            CsvReader.CsvReaderBuilder parser = CsvReader.builder().fieldSeparator(delimiter);
            if (CsvFile.hasSpacesBeforeQuotes(names, parser)) {
                parser.trimWhitespacesAroundQuotes(true);
                rows.allowSpacesAroundQuotes();
            }
            Table table = new Table(parser, names);
            for (Optional<RawRow> row = rows.next(delimiter); row.isPresent(); row = rows.next(delimiter)) {
                table.add(row.get());
            }
            return table.list(!text.isEmpty() && Lines.isEnd(text.charAt(text.length() - 1)));
        }
    }

    private static RawRow header(RawRows rows, String delimiters) throws IOException, UnusableFileException {
        return rows.next(delimiters)
                .orElseThrow(
                        () -> new UnusableFileException("It has no header. Begin it with the names of its columns: "
                                + DeviceRule.columns() + ", or some of them."));
    }

    private static final class Table {

        private final CsvReader.CsvReaderBuilder parser;
        private final List<String> names;
        private final Columns columns;
        private final List<DeviceRule> rules = new ArrayList<>();
        private final List<String> flaws = new ArrayList<>();

        Table(CsvReader.CsvReaderBuilder parser, String header) throws UnusableFileException {
            this.parser = parser;
            names = CsvFile.split(header, parser).orElse(List.of());
            columns = Columns.of(names, Set.of());
            for (String name : names) {
                Optional<Column> near = NearNames.near(name).filter(DeviceRule::isAbout);
                if (near.isPresent()) {
                    throw new UnusableFileException(
                            "Its column '%s' is nearly %s, but not quite, so what stands in it would protect nothing. Rename it"
                                            .formatted(Value.shown(name), near.get())
                                    + " to that, or clearly to something else.");
                }
            }
            if (IntStream.range(0, names.size()).allMatch(i -> about(i).isEmpty())) {
                throw new UnusableFileException(
                        "Its header '%s' names none of the columns %s. Begin the file with some of them, separated by comma,"
                                        .formatted(Value.shown(header), DeviceRule.columns())
                                + " semicolon or tab.");
            }
        }

        /** What the rules of a column are about; empty where it holds none. */
        private Optional<Column> about(int column) {
            return column < names.size() ? columns.meaning(column).filter(DeviceRule::isAbout) : Optional.empty();
        }

        void add(RawRow row) {
            try {
                if (row.flaw().isPresent()) {
                    throw row.flaw().get();
                }
                List<String> cells = CsvFile.split(row.text(), parser)
                        .orElseThrow(
                                () -> new InvalidCellException("it cannot be split into cells", "Look at its quotes."));
                if (cells.stream().anyMatch(Table::isGiven) && !addCells(cells, row.line())) {
                    throw new InvalidCellException(
                            "nothing stands in a column that protects",
                            "Put the value below one of " + DeviceRule.columns() + ", or take the line out.");
                }
            } catch (InvalidCellException flaw) {
                flaws.add("line %d, %s. %s".formatted(row.line(), flaw.error(), flaw.remedy()));
            }
        }

        private boolean addCells(List<String> cells, long line) throws InvalidCellException {
            boolean any = false;
            for (int i = 0; i < cells.size(); i++) {
                Optional<Column> column = about(i);
                if (column.isPresent() && isGiven(cells.get(i)) && new Value(column.get(), cells.get(i)).filled()) {
                    rules.add(DeviceRule.of(column.get(), cells.get(i), line));
                    any = true;
                } else if (i >= names.size() && isGiven(cells.get(i))) {
                    throw new InvalidCellException(
                            "'%s' stands beyond the last column of the header".formatted(Value.shown(cells.get(i))),
                            "Put values that hold the delimiter in quotes, or remove what is too much.");
                }
            }
            return any;
        }

        private static boolean isGiven(String cell) {
            return !DeviceRule.folded(cell).isEmpty();
        }

        DeviceList list(boolean ended) {
            List<String> remarks = IntStream.range(0, names.size())
                    .filter(i -> about(i).isEmpty())
                    .mapToObj(names::get)
                    .filter(Table::isGiven)
                    .toList();
            return new DeviceList(new DeviceRules(rules), List.copyOf(flaws), remarks, ended);
        }
    }
}
