package org.deprovisioner.settings;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextFileTest {

    static final String SECRET = "s3cr3t~Q.é";

    @TempDir
    private Path folder;

    /** As the shells and editors of Windows, and others, write it. */
    public static Stream<byte[]> spellings() {
        return Stream.of(
                SECRET.getBytes(UTF_8),
                (SECRET + "\n").getBytes(UTF_8),
                (SECRET + "\r\n\r\n").getBytes(UTF_8),
                (SECRET + "\0").getBytes(UTF_8),
                (" " + SECRET + "\n\0\0").getBytes(UTF_8),
                ("\uFEFF" + SECRET + "\r\n").getBytes(UTF_8),
                ("\uFEFF\uFEFF" + SECRET).getBytes(UTF_8),
                ("\uFEFF" + SECRET + "\r\n").getBytes(UTF_16LE),
                ("\uFEFF" + SECRET + "\0").getBytes(UTF_16BE),
                (SECRET + "\r\n").getBytes(UTF_16LE),
                SECRET.getBytes(UTF_16BE));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void aTextIsReadHoweverItIsWritten(byte[] written) throws IOException {
        assertThat(TextFile.read(file(written))).isEqualTo(SECRET);
    }

    static Stream<byte[]> noTexts() {
        return Stream.of(
                SECRET.getBytes(StandardCharsets.ISO_8859_1),
                "s3cr3t\0more".getBytes(UTF_8),
                "s3cr3t€".getBytes(UTF_16LE),
                new byte[] {(byte) 0xff, (byte) 0xfe, 's'},
                new byte[] {0x30, (byte) 0x82, 0, 1, (byte) 0xff});
    }

    @ParameterizedTest
    @MethodSource("noTexts")
    void whatIsNoTextIsRefusedAndNotShown(byte[] written) {
        assertThatThrownBy(() -> TextFile.read(file(written)))
                .isInstanceOf(TextFile.NoTextException.class)
                .hasNoCause()
                .hasMessageContainingAll(folder.resolve("file").toString(), "UTF-8")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> TextFile.read(folder.resolve("gone")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void pemIsToldFromABinaryFileWhateverEncodingItsRemarksHave() throws IOException {
        String pem = "Bag Attributes: Schlüssel\n-----BEGIN CERTIFICATE-----";
        for (byte[] written : new byte[][] {
            pem.getBytes(UTF_8), pem.getBytes(StandardCharsets.ISO_8859_1), ("\uFEFF" + pem).getBytes(UTF_16LE)
        }) {
            assertThat(TextFile.pem(written).orElseThrow()).contains("-----BEGIN CERTIFICATE-----");
        }
        byte[] pfx = {0x30, (byte) 0x82, 0, 1, (byte) 0xff};
        assertThat(TextFile.pem(pfx)).isEmpty();
        assertThat(TextFile.readPemOrBinary(file(pfx))).isEqualTo(pfx);
    }

    private Path file(byte[] written) throws IOException {
        return Files.write(folder.resolve("file"), written);
    }
}
