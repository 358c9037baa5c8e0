package org.deprovisioner.request;

import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        StringWriter text = new StringWriter();
        try (Reader reader = PlainText.open(file)) {
            reader.transferTo(text);
        }
        return read(text.toString());
    }

    /** Whether another list has the same rules, and as whole a last line. */
    public boolean saysTheSame(DeviceList other) {
        return ended == other.ended && rules.all().equals(other.rules.all());
    }

    private static DeviceList read(String text) throws IOException, UnusableFileException {
        try (RawRows rows = new RawRows(new StringReader(text))) {
            RawRow header = header(rows, CsvFile.DELIMITERS);
            Matcher named = CsvFile.DELIMITER_LINE.matcher(header.text());
            boolean says = named.matches();
            String delimiter = says ? named.group(1) : CsvFile.delimiterOf(header.text());
            Table table =
                    new Table(CsvReader.builder().fieldSeparator(delimiter), says ? header(rows, delimiter) : header);
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

        Table(CsvReader.CsvReaderBuilder parser, RawRow header) throws UnusableFileException {
            this.parser = parser;
            names = CsvFile.split(header.text(), parser).orElse(List.of());
            columns = Columns.of(names);
            if (IntStream.range(0, names.size()).allMatch(i -> about(i).isEmpty())) {
                throw new UnusableFileException(
                        "Its header '%s' names none of the columns %s. Begin the file with some of them, separated by comma,"
                                        .formatted(Value.shown(header.text()), DeviceRule.columns())
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
                        .orElseThrow(() -> new Flaw("it cannot be split into cells", "Look at its quotes."));
                if (cells.stream().anyMatch(Table::isGiven) && !addCells(cells, row.line())) {
                    throw new Flaw(
                            "nothing stands in a column that protects",
                            "Put the value below one of " + DeviceRule.columns() + ", or take the line out.");
                }
            } catch (Flaw flaw) {
                flaws.add("line %d, %s. %s".formatted(row.line(), flaw.error(), flaw.remedy()));
            }
        }

        private boolean addCells(List<String> cells, long line) throws Flaw {
            boolean any = false;
            for (int i = 0; i < cells.size(); i++) {
                Optional<Column> column = about(i);
                if (column.isPresent() && isGiven(cells.get(i)) && !isNobody(column.get(), cells.get(i))) {
                    rules.add(DeviceRule.of(column.get(), cells.get(i), line));
                    any = true;
                } else if (i >= names.size() && isGiven(cells.get(i))) {
                    throw new Flaw(
                            "'%s' stands beyond the last column of the header".formatted(Value.shown(cells.get(i))),
                            "Put values that hold the delimiter in quotes, or remove what is too much.");
                }
            }
            return any;
        }

        private static boolean isGiven(String cell) {
            return !FoldedText.of(cell).isEmpty();
        }

        /** Intune's own export writes this for a device that nobody has, or that Entra does not know. */
        private static boolean isNobody(Column column, String cell) {
            String folded = FoldedText.of(cell).toLowerCase(Locale.ROOT);
            return (column == Column.USER_PRINCIPAL_NAME && folded.equals("none"))
                    || (column == Column.AZURE_AD_DEVICE_ID && folded.matches("[{(]?[0-]{32,36}[)}]?"));
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
