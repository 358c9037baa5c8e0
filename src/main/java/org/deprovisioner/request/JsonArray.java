package org.deprovisioner.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.deprovisioner.text.JsonFault;

/**
 * The elements of a JSON array, or the one object that a file holds. An element that is JSON but no good request costs
 * itself only; of a file that is no JSON nothing is taken.
 */
final class JsonArray implements JsonTexts {

    private static final int MAX_DEPTH = 1_000;

    /** A name or number is held in memory while it is read, which a text in an object is not. */
    private static final int MAX_NAME = 4_000_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH + 1)
                    .maxStringLength(MAX_NAME)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NAME)
                    .build())
            .build();

    private final Element element;
    private final JsonParser json;
    private final UnaryOperator<String> decoding;
    private boolean begun;
    private boolean inArray;

    JsonArray(PlainText.ByRecord text) {
        element = new Element(text.reader());
        decoding = text.decoding();
        try {
            json = JSON.createParser(element);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // nothing is read yet
        }
    }

    @Override
    public Optional<RawRow> next() throws IOException, UnusableFileException {
        try {
            if (!begun) {
                begun = true;
                inArray = begin() == JsonToken.START_ARRAY;
                if (!inArray) {
                    return Optional.of(read());
                }
            }
            if (inArray) {
                element.beginBehind(json.currentLocation().getCharOffset());
                if (json.nextToken() != JsonToken.END_ARRAY) {
                    return Optional.of(read());
                }
                inArray = false;
            }
        } catch (JsonProcessingException broken) {
            throw unreadable(place(broken), words(broken));
        }
        checkEnd();
        return Optional.empty();
    }

    private JsonToken begin() throws IOException, UnusableFileException {
        JsonToken first = null;
        JsonLocation at;
        try {
            first = json.nextToken();
            at = json.currentTokenLocation();
        } catch (JsonProcessingException noJson) {
            at = place(noJson);
        }
        if (first != JsonToken.START_ARRAY && first != JsonToken.START_OBJECT) {
            throw new UnusableFileException(
                    ("The file is not a JSON array: it does not begin with a bracket (line %d, column %d)."
                                    + " Hand over an array of objects; one object a line is named .jsonl.")
                            .formatted(at.getLineNr(), at.getColumnNr()));
        }
        return first;
    }

    private RawRow read() throws IOException {
        JsonLocation start = json.currentTokenLocation();
        json.skipChildren();
        json.finishToken();
        long length = json.currentLocation().getCharOffset() - start.getCharOffset();
        return new RawRow(
                start.getLineNr(), decoding.apply(element.text(length)), JsonTexts.tooLong(length > MAX_LENGTH));
    }

    private void checkEnd() throws IOException, UnusableFileException {
        JsonLocation behind;
        try {
            if (json.nextToken() == null) {
                return;
            }
            behind = json.currentTokenLocation();
        } catch (JsonProcessingException noJson) {
            behind = place(noJson);
        }
        throw unreadable(behind, "there is something behind the end of the JSON (one object a line is named .jsonl)");
    }

    private JsonLocation place(JsonProcessingException broken) {
        return Optional.ofNullable(broken.getLocation()).orElseGet(json::currentLocation);
    }

    private static UnusableFileException unreadable(JsonLocation at, String why) {
        return new UnusableFileException(
                "The JSON cannot be read (line %d, column %d): %s. Nothing of the file was taken; fix it and drop it again."
                        .formatted(at.getLineNr(), at.getColumnNr(), why));
    }

    private static String words(JsonProcessingException broken) {
        if (broken instanceof JsonEOFException) {
            return "the file ends before what was begun is closed";
        }
        if (broken instanceof StreamConstraintsException) {
            return "it is nested deeper than %d levels, or has a name or number of more than %,d characters"
                    .formatted(MAX_DEPTH, MAX_NAME);
        }
        return JsonFault.of(broken);
    }

    @Override
    public void close() throws IOException {
        json.close();
    }

    /** Passes a text on to the parser, and keeps as much of the element that the parser is in as may be looked at. */
    private static final class Element extends Reader {

        private final Reader text;
        private final StringBuilder kept = new StringBuilder();
        /** What the parser was given last; it asks for more only when it has used all of it. */
        private char[] block = {};

        private long blockStart;

        Element(Reader text) {
            this.text = text;
        }

        /** From now on it is the next element that is kept, the first thing behind a position that is no space or comma. */
        void beginBehind(long position) {
            kept.setLength(0);
            keep((int) (position - blockStart));
        }

        /** The text of an element of this length, or of what is kept of it. */
        String text(long length) {
            return kept.substring(0, (int) Math.min(length, MAX_LENGTH));
        }

        @Override
        public int read(char[] into, int offset, int most) throws IOException {
            int count = text.read(into, offset, most);
            if (count > 0) {
                blockStart += block.length;
                block = new char[count];
                System.arraycopy(into, offset, block, 0, count);
                keep(0);
            }
            return count;
        }

        private void keep(int from) {
            int start = from;
            while (kept.isEmpty() && start < block.length && isBetween(block[start])) {
                start++;
            }
            kept.append(block, start, Math.min(block.length - start, MAX_LENGTH - kept.length()));
        }

        private static boolean isBetween(char c) {
            return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
        }

        @Override
        public void close() throws IOException {
            text.close();
        }
    }
}
