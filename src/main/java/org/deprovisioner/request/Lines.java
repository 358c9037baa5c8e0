package org.deprovisioner.request;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;

/** The physical lines of a text, one at a time, each with the CRLF, LF or CR that ends it. */
final class Lines implements Closeable {

    private final Reader text;
    private final int maxLength;
    private final char[] buffer = new char[1 << 16];
    private int position;
    private int limit;

    /** Of a line that is longer than this, one character more is kept and the rest skipped. */
    Lines(Reader text, int maxLength) {
        this.text = text;
        this.maxLength = maxLength;
    }

    /** The next line, empty only at the end of the text. */
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        while (position < limit || fill()) {
            int start = position;
            while (position < limit && !isEnd(buffer[position])) {
                position++;
            }
            line.append(buffer, start, Math.min(position - start, maxLength + 1 - line.length()));
            if (position < limit) {
                char end = buffer[position++];
                line.append(end);
                if (end == '\r' && (position < limit || fill()) && buffer[position] == '\n') {
                    line.append(buffer[position++]);
                }
                return line.toString();
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, text.read(buffer));
        return limit > 0;
    }

    static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
