package org.deprovisioner.graph;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of certificate authorities, as Windows and others write it. */
class TrustTest {

    private static final Certificates OURS = new Certificates();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void itMayBePemInEachEncodingThatWindowsWrites(String encoding) throws Exception {
        Path file = OURS.caFile(folder);
        String pem = Files.readString(file).replace("\n", "\r\n");
        for (String mark : new String[] {"\uFEFF", ""}) {
            Files.write(file, (mark + "Schlüssel\r\n" + pem).getBytes(Charset.forName(encoding)));
            assertTrusted(file);
        }
    }

    @Test
    void itMayBeBinary() throws Exception {
        Path file = OURS.caFile(folder);
        Files.write(
                file,
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)))
                        .getEncoded());
        assertTrusted(file);
    }

    @Test
    void anotherFileIsRefusedAndNotShown() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "s3cr3t", StandardCharsets.UTF_16LE);
        assertThatThrownBy(() -> Trust.context(Optional.of(file), chain -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("deprovision.tls.ca-file=" + file, "PEM")
                .hasMessageNotContaining("s3cr3t");
    }

    private static void assertTrusted(Path file) throws Exception {
        try (RawServer server = RawServer.tls(OURS.server("127.0.0.1"), RawServer.always(RawServer.json(200, "{}")))) {
            URI address = server.uri("");
            try (SSLSocket socket = (SSLSocket) Trust.context(Optional.of(file), chain -> {})
                    .getSocketFactory()
                    .createSocket(address.getHost(), address.getPort())) {
                assertThatCode(socket::startHandshake).doesNotThrowAnyException();
            }
        }
    }
}
