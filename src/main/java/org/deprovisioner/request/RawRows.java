package org.deprovisioner.request;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Cuts a CSV text into its rows: a line each, more where a quoted field goes over several. Lines that are blank or hold
 * nothing but delimiters, quotes and spaces, as spreadsheets leave them, and {@code #} lines are skipped and counted; but
 * not one that begins with a spreadsheet's {@code #N/A} or the like: that is a row with a damaged value.
 *
 * <p>A quote that is never closed costs its own line only: that row is flawed and reading goes on with the next line. A
 * quote counts as never closed when the text ends, the row grows too large, or what would close it is followed by text.
 */
final class RawRows implements Closeable {

    private static final int MAX_LENGTH = 1 << 16;
    private static final int MAX_LINES = 1_000;

    private static final String EMPTY = ",;\t\"";

    private final Lines lines;
    private final UnaryOperator<String> decoding;
    /** Lines that were read already and given back. */
    private final Deque<String> ahead = new ArrayDeque<>();

    private long line;
    private boolean spaced;
    private Skipped skipped = Skipped.NOTHING;

    RawRows(PlainText.ByRecord text) {
        lines = new Lines(text.reader(), MAX_LENGTH);
        decoding = text.decoding();
    }

    /** From now on spaces may stand between a delimiter and a quote. */
    void allowSpacesAroundQuotes() {
        spaced = true;
    }

    /** What was skipped so far. */
    Skipped skipped() {
        return skipped;
    }

    /**
     * The next row, empty at the end of the text.
     *
     * @param delimiters the characters that end a cell
     */
    Optional<RawRow> next(String delimiters) throws IOException {
        for (String first = take(); !first.isEmpty(); first = take()) {
            if (isComment(first, delimiters)) {
                skipped = skipped.andComment(line);
            } else {
                RawRow row = rowFrom(first, delimiters);
                if (!isEmpty(row.text())) {
                    return Optional.of(row);
                }
                skipped = skipped.andEmpty(line - row.line() + 1);
            }
        }
        return Optional.empty();
    }

    private static boolean isEmpty(String row) {
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (EMPTY.indexOf(c) < 0 && !Folding.isSpace(c)) {
                return false;
            }
        }
        return true;
    }

    private RawRow rowFrom(String first, String delimiters) throws IOException {
        RawRow row = undecoded(first, delimiters);
        return new RawRow(row.line(), decoding.apply(row.text()), row.flaw());
    }

    private RawRow undecoded(String first, String delimiters) throws IOException {
        long start = line;
        if (first.length() > MAX_LENGTH) {
            return new RawRow(
                    start,
                    first.substring(0, MAX_LENGTH),
                    Optional.of(new InvalidCellException(
                            "the line is longer than %d characters; what is left of it is cut off"
                                    .formatted(MAX_LENGTH),
                            "Look for a missing line break or quote, or shorten the row.")));
        }
        StringBuilder text = new StringBuilder(first);
        Deque<String> more = new ArrayDeque<>();
        Quoting quoting = Quoting.CELL_START.after(first, delimiters, spaced);
        while (quoting == Quoting.QUOTED && text.length() <= MAX_LENGTH && more.size() < MAX_LINES) {
            String next = take();
            if (next.isEmpty()) {
                break;
            }
            more.add(next);
            text.append(next);
            quoting = quoting.after(next, delimiters, spaced);
        }
        if (quoting == Quoting.QUOTED
                || (!more.isEmpty() && (quoting == Quoting.BROKEN || text.length() > MAX_LENGTH))) {
            giveBack(more);
            return new RawRow(
                    start,
                    withoutEnd(first),
                    Optional.of(new InvalidCellException(
                            "a quote is opened and never closed",
                            "Close it, or double it where it belongs to the text.")));
        }
        Optional<InvalidCellException> flaw = quoting == Quoting.BROKEN
                ? Optional.of(new InvalidCellException(
                        "text follows a closing quote", "Double the quotes that belong to the text, or remove them."))
                : Optional.empty();
        return new RawRow(start, withoutEnd(text.toString()), flaw);
    }

    private String take() throws IOException {
        String taken = ahead.isEmpty() ? lines.next() : ahead.remove();
        if (!taken.isEmpty()) {
            line++;
        }
        return taken;
    }

    private void giveBack(Deque<String> taken) {
        for (Iterator<String> last = taken.descendingIterator(); last.hasNext(); line--) {
            ahead.addFirst(last.next());
        }
    }

    private static boolean isComment(String line, String delimiters) {
        if (!line.startsWith("#")) {
            return false;
        }
        return Value.spreadsheetError(line)
                .map(error -> withoutEnd(line).substring(error.length()))
                .filter(rest -> rest.isEmpty() || delimiters.indexOf(rest.charAt(0)) >= 0)
                .isEmpty();
    }

    private static String withoutEnd(String text) {
        int end = text.length();
        while (end > 0 && Lines.isEnd(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Where in a cell a text has got to, as far as quotes are concerned. */
    private enum Quoting {
        CELL_START,
        UNQUOTED,
        QUOTED,
        /** Behind a quote in a quoted cell: it closes the cell, or is the first of two that stand for one. */
        CLOSING,
        /** Behind a quoted cell and a space. */
        CLOSED,
        /** A quoted cell was closed, and neither a delimiter nor the end of the line came. */
        BROKEN;

        Quoting after(String text, String delimiters, boolean spaced) {
            Quoting now = this;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (!spaced || c > ' ' || Lines.isEnd(c) || delimiters.indexOf(c) >= 0 || !now.isBetween()) {
                    now = now.after(c, delimiters);
                } else if (now == CLOSING) {
                    now = CLOSED;
                }
            }
            return now;
        }

        /** Whether a space here belongs to no cell, where spaces may stand around quotes. */
        private boolean isBetween() {
            return this == CELL_START || this == CLOSING || this == CLOSED;
        }

        private Quoting after(char c, String delimiters) {
            return switch (this) {
                case CELL_START -> c == '"' ? QUOTED : elsewhere(c, delimiters, UNQUOTED);
                case UNQUOTED -> elsewhere(c, delimiters, UNQUOTED);
                case QUOTED -> c == '"' ? CLOSING : QUOTED;
                case CLOSING -> c == '"' ? QUOTED : Lines.isEnd(c) ? UNQUOTED : elsewhere(c, delimiters, BROKEN);
                case CLOSED -> Lines.isEnd(c) ? UNQUOTED : elsewhere(c, delimiters, BROKEN);
                case BROKEN -> BROKEN;
            };
        }

        private static Quoting elsewhere(char c, String delimiters, Quoting otherwise) {
            return delimiters.indexOf(c) >= 0 ? CELL_START : otherwise;
        }
    }
}
