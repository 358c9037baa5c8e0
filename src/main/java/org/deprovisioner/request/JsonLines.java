package org.deprovisioner.request;

import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** The objects of a JSON Lines file: each on a line of its own; blank lines are skipped. */
final class JsonLines implements JsonTexts {

    private final Lines lines;
    private long line;

    JsonLines(Reader text) {
        lines = new Lines(text, MAX_LENGTH);
    }

    @Override
    public Optional<RawRow> next() throws IOException {
        String text = take();
        while (!text.isEmpty() && text.isBlank()) {
            text = take();
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean longer = text.length() > MAX_LENGTH;
        return Optional.of(
                new RawRow(line, longer ? text.substring(0, MAX_LENGTH) : text.strip(), JsonTexts.tooLong(longer)));
    }

    private String take() throws IOException {
        line++;
        return lines.next();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
