package org.deprovisioner.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deprovisioner.text.Printable;

/**
 * Rows in columns as wide as what is in them, and together no wider than the terminal where that is possible. The columns
 * come from most to least important: those at the end are left out where there is no room for them.
 */
final class Table<T> {

    /** Wider than this no text is, however much room there is. */
    private static final int WIDEST = 40;

    /** So much of a text, or all of it, has room, or else a column is left out. */
    private static final int DECENT = 12;

    /** So much of a text is left at least. */
    private static final int NARROWEST = 6;

    private static final String GAP = "  ";

    /** How what is in a column gets its room. */
    enum Fit {
        /** Aligned to the right, and whole. */
        NUMBER,
        /** Aligned to the left, and whole. */
        WORD,
        /** Aligned to the left, and cut where there is no room for it. */
        TEXT,
        /** Aligned to the left, and on a line of its own where there is no room for it. */
        NAME;

        boolean isWhole() {
            return this == NUMBER || this == WORD;
        }
    }

    record Column<T>(String heading, Fit fit, Function<T, String> cell) {

        String text(T row) {
            return Printable.line(cell.apply(row));
        }
    }

    /** What is done to a padded cell of this column before it is printed, such as to colour it. */
    interface Style {
        String of(int column, String padded);
    }

    private final List<Column<T>> columns;
    private final List<String> leftOut;
    private final int[] widths;

    Table(List<Column<T>> columns, Collection<T> rows, int terminal) {
        List<Column<T>> shown = new ArrayList<>(columns);
        List<Integer> whole = new ArrayList<>(shown.stream()
                .map(column -> Math.max(column.heading().length(), widest(column, rows)))
                .toList());
        while (shown.size() > 1 && roomFor(shown, whole) > terminal) {
            shown.remove(shown.size() - 1);
            whole.remove(whole.size() - 1);
        }
        this.columns = shown;
        leftOut = columns.subList(shown.size(), columns.size()).stream()
                .map(Column::heading)
                .toList();
        widths = whole.stream().mapToInt(Integer::intValue).toArray();
        int over = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - terminal;
        for (int widest = widestText(); over > 0 && widths[widest] > NARROWEST; widest = widestText(), over--) {
            widths[widest]--;
        }
    }

    private static <T> int roomFor(List<Column<T>> columns, List<Integer> widths) {
        return IntStream.range(0, columns.size())
                        .map(i -> columns.get(i).fit().isWhole() ? widths.get(i) : Math.min(widths.get(i), DECENT))
                        .sum()
                + GAP.length() * (columns.size() - 1);
    }

    private static <T> int widest(Column<T> column, Collection<T> rows) {
        return rows.stream()
                .mapToInt(row -> column.text(row).length())
                .filter(length -> column.fit() != Fit.NAME || length <= WIDEST)
                .map(length -> column.fit().isWhole() ? length : Math.min(length, WIDEST))
                .max()
                .orElse(0);
    }

    /** The column that has most to give. */
    private int widestText() {
        int widest = 0;
        for (int i = 0; i < widths.length; i++) {
            boolean gives = !columns.get(i).fit().isWhole();
            if (gives && (columns.get(widest).fit().isWhole() || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    /**
     * Names the columns for which there was no room; empty where all are shown.
     *
     * @param elsewhere what shows them, as the subject of a sentence
     */
    Optional<String> noRoom(String elsewhere) {
        return leftOut.isEmpty()
                ? Optional.empty()
                : Optional.of("No room here for: %s. %s shows them.".formatted(String.join(", ", leftOut), elsewhere));
    }

    /** The line above the rows. */
    String heading(Style style) {
        return line(Column::heading, style);
    }

    /** A row in one line, or in two where a name has one of its own. */
    List<String> lines(T row, Style style) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            if (columns.get(i).fit() == Fit.NAME && columns.get(i).text(row).length() > widths[i]) {
                lines.add(columns.get(i).text(row));
            }
        }
        lines.add(line(column -> column.text(row), style));
        return lines;
    }

    private String line(Function<Column<T>, String> cell, Style style) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> style.of(
                        i, padded(cell.apply(columns.get(i)), columns.get(i).fit(), widths[i])))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String padded(String text, Fit fit, int width) {
        String room = " ".repeat(Math.max(0, width - text.length()));
        return switch (fit) {
            case NUMBER -> room + text;
            case WORD -> text + room;
            case TEXT -> text.length() > width ? text.substring(0, width - 1) + "…" : text + room;
            case NAME -> text.length() > width ? " ".repeat(width) : text + room;
        };
    }
}
