package org.deprovisioner.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a file as text in the encoding that its content shows: by its byte order mark UTF-8 or UTF-16, without one UTF-8,
 * and Windows-1252 when it is not valid UTF-8. For that the whole file is read once, in constant memory.
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
     * Opens the file behind its byte order mark.
     *
     * @throws UnusableFileException when it is empty or no text
     */
    public static Reader open(Path file) throws IOException, UnusableFileException {
        String start;
        try (InputStream bytes = Files.newInputStream(file)) {
            start = new String(bytes.readNBytes(8), ISO_8859_1);
        }
        if (start.isEmpty()) {
            throw new UnusableFileException(
                    "The file is empty. Hand over a CSV file with a header and a row a device.");
        }
        for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
            if (start.startsWith(foreign.getKey())) {
                throw new UnusableFileException(
                        "The file is %s, whatever its name says. Save it as CSV (UTF-8) and hand that over."
                                .formatted(foreign.getValue()));
            }
        }
        Optional<String> mark =
                BYTE_ORDER_MARKS.keySet().stream().filter(start::startsWith).findFirst();
        int skipped = mark.map(String::length).orElse(0);
        Charset charset =
                verified(file, skipped, mark.map(BYTE_ORDER_MARKS::get).orElse(UTF_8));
        return decode(file, skipped, lenient(charset));
    }

    private static Charset verified(Path file, int skipped, Charset expected)
            throws IOException, UnusableFileException {
        try (Reader text = decode(file, skipped, expected.newDecoder())) {
            checkNoBinary(text);
            return expected;
        } catch (CharacterCodingException malformed) {
            Charset actual = expected.equals(UTF_8) ? WINDOWS_1252 : expected;
            try (Reader text = decode(file, skipped, lenient(actual))) {
                checkNoBinary(text);
                return actual;
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
                    throw new UnusableFileException("The file is binary, damaged, or UTF-16 without a byte order mark:"
                            + " it holds NUL characters. Save it as CSV (UTF-8) and hand that over.");
                }
            }
        }
    }
}
