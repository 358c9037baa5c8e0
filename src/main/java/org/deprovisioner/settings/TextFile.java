package org.deprovisioner.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads small files that people write, secrets above all, whatever their editor or shell makes of them: UTF-8, or UTF-16 as
 * Windows PowerShell writes it, with or without a byte order mark.
 */
public final class TextFile {

    private static final Map<String, Charset> BYTE_ORDER_MARKS = Map.of(
            "efbbbf", StandardCharsets.UTF_8, "fffe", StandardCharsets.UTF_16LE, "feff", StandardCharsets.UTF_16BE);

    private static final String PEM = "-----BEGIN ";

    private TextFile() {}

    /**
     * The text, without what stands around it: spaces, line ends, NULs, a byte order mark.
     *
     * @throws NoTextException when it is neither UTF-8 nor UTF-16
     * @throws IOException when it cannot be read; no message shows anything of what it holds
     */
    public static String read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            String text = decoded(bytes, encoding(bytes).orElse(StandardCharsets.UTF_8));
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException undecodable) {
            // said below, without the bytes
        }
        throw new NoTextException(file);
    }

    /**
     * The content of a certificate's file as UTF-8 where it is PEM, else as it is.
     *
     * @throws IOException when it cannot be read
     */
    public static byte[] readPemOrBinary(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return pem(bytes).map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(bytes);
    }

    /** The text where it is PEM, in whatever encoding its remarks are; empty for a binary file. */
    public static Optional<String> pem(byte[] bytes) {
        try {
            return Optional.of(decoded(bytes, encoding(bytes).orElse(StandardCharsets.ISO_8859_1)))
                    .filter(text -> text.contains(PEM));
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    /** The encoding that the first bytes tell; empty where they do not. */
    private static Optional<Charset> encoding(byte[] bytes) {
        String start = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 3));
        return BYTE_ORDER_MARKS.entrySet().stream()
                .filter(mark -> start.startsWith(mark.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> unmarked(bytes));
    }

    /** UTF-16 without a mark: of the two bytes of each character, a Latin one leaves the same one empty. */
    private static Optional<Charset> unmarked(byte[] bytes) {
        if (bytes.length == 0 || bytes.length % 2 != 0) {
            return Optional.empty();
        }
        boolean little = IntStream.range(0, bytes.length / 2).allMatch(index -> bytes[2 * index + 1] == 0);
        boolean big = IntStream.range(0, bytes.length / 2).allMatch(index -> bytes[2 * index] == 0);
        return little == big
                ? Optional.empty()
                : Optional.of(little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }

    private static String decoded(byte[] bytes, Charset encoding) throws CharacterCodingException {
        String text = encoding.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == 0 || Character.isWhitespace(text.charAt(end - 1)))) {
            end--;
        }
        return text.substring(0, end).replaceFirst("^\uFEFF+", "").strip();
    }

    /** A file is no text. The message names it and what to do, and shows nothing of what it holds. */
    public static final class NoTextException extends CharacterCodingException {

        private static final long serialVersionUID = 1L;

        private final String file;

        NoTextException(Path file) {
            this.file = file.toString();
        }

        @Override
        public String getMessage() {
            return file + " is neither UTF-8 nor UTF-16, so its text cannot be read";
        }
    }
}
