package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Opens a file as text in the encoding that its content shows: by its byte order mark UTF-8 or UTF-16, without one UTF-8,
 * and Windows-1252, as a whole or record by record, when it is not valid UTF-8. For that the whole file is read once, in
 * constant memory.
 */
public final class PlainText {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int BUFFER_SIZE = 1 << 16;

    private static final Map<String, Charset> BYTE_ORDER_MARKS =
            Map.of("\u00ef\u00bb\u00bf", UTF_8, "\u00ff\u00fe", UTF_16LE, "\u00fe\u00ff", UTF_16BE);

    private static final Map<String, String> FOREIGN = new LinkedHashMap<>();

    static {
        FOREIGN.put("PK\u0003\u0004", "an Excel workbook (.xlsx) or zip archive");
        FOREIGN.put("PK\u0005\u0006", "a zip archive");
        FOREIGN.put("\u00d0\u00cf\u0011\u00e0", "an old Excel workbook (.xls)");
        FOREIGN.put("%PDF-", "a PDF document");
        FOREIGN.put("\u0089PNG", "a picture");
        FOREIGN.put("\u00ff\u00d8\u00ff", "a picture");
        FOREIGN.put("GIF8", "a picture");
        FOREIGN.put("\u001f\u008b", "a gzip archive");
        FOREIGN.put("7z\u00bc\u00af", "a 7-Zip archive");
    }

    private PlainText() {}

    /**
     * A text of which each record may be encoded in its own way.
     *
     * @param reader what is cut into records at line ends, quotes and delimiters, all of them ASCII
     * @param decoding makes the text of a record of what was read
     */
    record ByRecord(Reader reader, UnaryOperator<String> decoding) {}

    /**
     * Opens the file behind its byte order mark, as a whole in one encoding.
     *
     * @throws UnusableFileException when it is empty or no text
     */
    public static Reader open(Path file) throws IOException, UnusableFileException {
        Found found = look(file);
        return decode(file, found.skipped, lenient(found.isMixed ? WINDOWS_1252 : found.charset));
    }

    /**
     * Opens the file behind its byte order mark. Where it is neither UTF-16 nor UTF-8 as a whole, as when two exports were
     * put together, each record is UTF-8 or else Windows-1252.
     *
     * @throws UnusableFileException when it is empty or no text
     */
    static ByRecord openByRecord(Path file) throws IOException, UnusableFileException {
        Found found = look(file);
        return found.isMixed
                ? new ByRecord(decode(file, found.skipped, ISO_8859_1.newDecoder()), PlainText::decoded)
                : new ByRecord(decode(file, found.skipped, lenient(found.charset)), UnaryOperator.identity());
    }

    /** The text of a record whose bytes were read as a character each. */
    private static String decoded(String bytes) {
        byte[] record = bytes.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString();
        } catch (CharacterCodingException noUtf8) {
            return new String(record, WINDOWS_1252);
        }
    }

    /** What a file's bytes show. */
    private record Found(int skipped, Charset charset, boolean isMixed) {}

    private static Found look(Path file) throws IOException, UnusableFileException {
        String start;
        try (InputStream bytes = Files.newInputStream(file)) {
            start = new String(bytes.readNBytes(8), ISO_8859_1);
        }
        if (start.isEmpty()) {
            throw new UnusableFileException(
                    "The file is empty. Hand over a CSV file with a header and one row per device.");
        }
        for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
            if (start.startsWith(foreign.getKey())) {
                throw new UnusableFileException(
                        "The file is %s, whatever its name says. Save it as CSV and hand that over (in Excel: File > Save As > CSV UTF-8)."
                                .formatted(foreign.getValue()));
            }
        }
        Optional<String> mark =
                BYTE_ORDER_MARKS.keySet().stream().filter(start::startsWith).findFirst();
        int skipped = mark.map(String::length).orElse(0);
        Charset charset = mark.map(BYTE_ORDER_MARKS::get).orElse(UTF_8);
        try (Reader text = decode(file, skipped, charset.newDecoder())) {
            checkNoBinary(text);
            return new Found(skipped, charset, false);
        } catch (CharacterCodingException malformed) {
            boolean mixed = charset.equals(UTF_8);
            try (Reader text = decode(file, skipped, lenient(mixed ? WINDOWS_1252 : charset))) {
                checkNoBinary(text);
                return new Found(skipped, charset, mixed);
            }
        }
    }

    private static CharsetDecoder lenient(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    private static Reader decode(Path file, int skipped, CharsetDecoder decoder) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        bytes.skipNBytes(skipped);
        return new InputStreamReader(bytes, decoder);
    }

    private static void checkNoBinary(Reader text) throws IOException, UnusableFileException {
        char[] buffer = new char[BUFFER_SIZE];
        for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\0') {
                    throw new UnusableFileException(
                            "The file is binary, damaged, or UTF-16 without a byte order mark:"
                                    + " it holds NUL characters. Save it as CSV and hand that over (in Excel: File > Save As > CSV UTF-8).");
                }
            }
        }
    }
}
