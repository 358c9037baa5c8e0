package org.deprovisioner.request;

import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The objects of a JSON Lines file: each on a line of its own; blank lines are skipped and counted. */
final class JsonLines implements JsonTexts {

    private final Lines lines;
    private final UnaryOperator<String> decoding;
    private long line;
    private Skipped skipped = Skipped.NOTHING;

    JsonLines(PlainText.ByRecord text) {
        lines = new Lines(text.reader(), MAX_LENGTH);
        decoding = text.decoding();
    }

    @Override
    public Optional<RawRow> next() throws IOException {
        String text = take();
        while (!text.isEmpty() && text.isBlank()) {
            skipped = skipped.andEmpty(1);
            text = take();
        }
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean longer = text.length() > MAX_LENGTH;
        String object = decoding.apply(longer ? text.substring(0, MAX_LENGTH) : text.strip());
        return Optional.of(new RawRow(line, object, JsonTexts.tooLong(longer)));
    }

    @Override
    public Skipped skipped() {
        return skipped;
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
