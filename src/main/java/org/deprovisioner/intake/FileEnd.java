package org.deprovisioner.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;

/** How a file ends: one whose last line is whole has more likely arrived than one that may have been cut off in a word. */
final class FileEnd {

    private static final int LOOKED_AT = 4_096;

    private FileEnd() {}

    /** Whether the last line has its line end, or the JSON array of a {@code .json} file is closed. */
    static boolean isWhole(Path file) throws IOException {
        String end = last(file);
        boolean isArray =
                String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".json");
        return end.endsWith("\n")
                || end.endsWith("\r")
                || (isArray && end.strip().endsWith("]"));
    }

    /** The last characters, as far as line ends and brackets are concerned: those are the same in all encodings but UTF-16. */
    private static String last(Path file) throws IOException {
        try (SeekableByteChannel bytes =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            String mark = read(bytes, 0, 2);
            String end = read(bytes, Math.max(0, bytes.size() - LOOKED_AT), LOOKED_AT);
            boolean isUtf16 = mark.equals("\u00ff\u00fe") || mark.equals("\u00fe\u00ff");
            return isUtf16 && bytes.size() % 2 == 0 ? end.replace("\0", "") : end;
        }
    }

    private static String read(SeekableByteChannel bytes, long from, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        bytes.position(from);
        while (buffer.hasRemaining() && bytes.read(buffer) >= 0) {
            // until all is read
        }
        return new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    }
}
