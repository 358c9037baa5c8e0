package org.deprovisioner.request;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The elements of a JSON array, or the one object that a file holds.
 *
 * <p>Only brackets and quotes are looked at, so an element that is no good JSON costs itself only. A string that is cut off
 * by the end of its line ends there, and its element too when the next one follows; where it cannot be told any more which
 * element a text belongs to, nothing of the file is taken.
 */
final class JsonArray implements JsonTexts {

    private static final int MAX_DEPTH = 1_000;
    private static final int END = -1;

    private final Reader text;
    private final UnaryOperator<String> decoding;
    private final char[] buffer = new char[1 << 16];
    private int position;
    private int limit;
    private long line = 1;
    private Next next = Next.START;

    JsonArray(PlainText.ByRecord text) {
        this.text = text.reader();
        this.decoding = text.decoding();
    }

    /** What has to come. */
    private enum Next {
        START,
        FIRST_ELEMENT,
        COMMA_OR_END,
        /** An element that lacks a quote may have swallowed the comma behind it. */
        PERHAPS_COMMA,
        NOTHING
    }

    @Override
    public Optional<RawRow> next() throws IOException, UnusableFileException {
        int c = peekBehindSpace();
        if (next == Next.START) {
            if (c == '{') {
                RawRow only = element();
                next = Next.NOTHING;
                return Optional.of(only);
            }
            if (c != '[') {
                throw new UnusableFileException("The file is no JSON array: it does not begin with a bracket."
                        + " Hand over an array of objects; one object a line is named .jsonl.");
            }
            take();
            next = Next.FIRST_ELEMENT;
            c = peekBehindSpace();
        } else if (next != Next.NOTHING && c == ',') {
            take();
            c = peekBehindSpace();
            if (c == ']') {
                throw broken("a comma, and no element behind it");
            }
        } else if (next == Next.COMMA_OR_END && c != ']') {
            throw broken(
                    c == END ? "the end of the file, and no closing bracket" : "an element, and no comma before it");
        }
        if (next == Next.NOTHING || c == ']') {
            return end(c);
        }
        return Optional.of(element());
    }

    private Optional<RawRow> end(int c) throws IOException, UnusableFileException {
        if (c == ']' && next != Next.NOTHING) {
            take();
            next = Next.NOTHING;
        }
        if (peekBehindSpace() != END) {
            throw broken("something behind the end of the JSON (one object a line is named .jsonl)");
        }
        return Optional.empty();
    }

    private RawRow element() throws IOException, UnusableFileException {
        long start = line;
        StringBuilder kept = new StringBuilder();
        StringBuilder open = new StringBuilder();
        boolean inString = false;
        boolean ended = false;
        next = Next.COMMA_OR_END;
        while (!ended) {
            int c = peek();
            if (c == END) {
                throw new UnusableFileException(
                        ("The JSON cannot be read: the element that begins on line %d does not end before the file does."
                                        + " Close it, and the array. Nothing of the file was taken.")
                                .formatted(start));
            }
            if (inString) {
                keep(kept, take());
                if (c == '\\' && peek() != END) {
                    keep(kept, take());
                } else if (c == '"') {
                    inString = false;
                    ended = open.isEmpty();
                } else if (Lines.isEnd((char) c)) {
                    inString = false;
                    int behind = peekBehindSpace();
                    ended = open.toString().equals("{") && (behind == '{' || behind == ']');
                    next = ended ? Next.PERHAPS_COMMA : next;
                }
            } else if ((open.isEmpty() && c == ',') || (c == ']' && open.indexOf("[") < 0)) {
                ended = true;
            } else {
                keep(kept, take());
                inString = c == '"';
                ended = nest(open, (char) c, start);
            }
        }
        boolean longer = kept.length() > MAX_LENGTH;
        String object = decoding.apply(
                longer ? kept.substring(0, MAX_LENGTH) : kept.toString().strip());
        return new RawRow(start, object, JsonTexts.tooLong(longer));
    }

    /** Follows a bracket; whether it closes the outermost one. A missing bracket is taken as closed by the one around it. */
    private static boolean nest(StringBuilder open, char c, long start) throws UnusableFileException {
        if (c == '{' || c == '[') {
            if (open.length() == MAX_DEPTH) {
                throw new UnusableFileException("The element that begins on line %d is nested deeper than %d levels."
                        .formatted(start, MAX_DEPTH));
            }
            open.append(c);
        } else if (c == '}' || c == ']') {
            int opened = open.lastIndexOf(c == '}' ? "{" : "[");
            if (opened >= 0) {
                open.setLength(opened);
                return opened == 0;
            }
        }
        return false;
    }

    private static void keep(StringBuilder kept, char c) {
        if (kept.length() <= MAX_LENGTH) {
            kept.append(c);
        }
    }

    private UnusableFileException broken(String found) {
        return new UnusableFileException(
                "The JSON cannot be read: on line %d there is %s. Nothing of the file was taken; mend it and drop it again."
                        .formatted(line, found));
    }

    private int peekBehindSpace() throws IOException {
        int c = peek();
        while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            take();
            c = peek();
        }
        return c;
    }

    private int peek() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, text.read(buffer));
        }
        return limit == 0 ? END : buffer[position];
    }

    private char take() throws IOException {
        char c = buffer[position++];
        if (c == '\n' || (c == '\r' && peek() != '\n')) {
            line++;
        }
        return c;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
