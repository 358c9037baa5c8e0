package org.deprovisioner.request;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How the rows of a batch are laid out, so that results look like what was handed over.
 *
 * @param columns the names of the columns as they were written, without those that a results or dead-letter file added
 * @param delimiter what separates cells: comma, semicolon or tab
 */
public record Layout(List<String> columns, char delimiter) {

    /** The columns that a results file adds to the input's own, in their order. */
    public static final List<String> RESULT_COLUMNS = List.of(
            "outcome",
            "error",
            "remedy",
            "foundName",
            "foundSerialNumber",
            "foundUser",
            "foundModel",
            "line",
            "class",
            "httpStatus",
            "graphCode",
            "attempts",
            "graphRequestId",
            "clientRequestId",
            "startedUtc",
            "finishedUtc",
            "requestId");

    /** Those of them that say what Graph knows of the device: files of before have none of them, ours have all. */
    static final List<String> FOUND = RESULT_COLUMNS.subList(3, 7);

    /** The column that a dead-letter file adds beside {@link #RESULT_COLUMNS}: the row as it was handed over. */
    public static final String RAW = "raw";

    private static final String FORMULA_STARTS = "=+-@\t\r'";

    /** A row's cell in the column of this name, compared as the names of all columns are; empty when there is none. */
    public static String cell(List<String> columns, List<String> cells, String name) {
        return IntStream.range(0, Math.min(columns.size(), cells.size()))
                .filter(i -> Column.plain(columns.get(i)).equals(Column.plain(name)))
                .mapToObj(cells::get)
                .findFirst()
                .orElse("");
    }

    /** A cell fit for a results file: one that a spreadsheet would run, or that begins with {@code '}, gets one in front. */
    public static String guarded(String cell) {
        return startsFormula(cell, 0) ? "'" + cell : cell;
    }

    /** The cell that was {@link #guarded}. */
    public static String unguarded(String cell) {
        return cell.startsWith("'") && startsFormula(cell, 1) ? cell.substring(1) : cell;
    }

    private static boolean startsFormula(String cell, int at) {
        return cell.length() > at && FORMULA_STARTS.indexOf(cell.charAt(at)) >= 0;
    }
}
