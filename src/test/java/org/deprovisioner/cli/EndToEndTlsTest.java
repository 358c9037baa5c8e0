package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Graph or an Entra whose certificate is wrong. */
class EndToEndTlsTest {

    private static final Certificates CERTIFICATES = new Certificates();

    static Stream<Arguments> wrong() {
        SSLContext ended = CERTIFICATES.server("127.0.0.1", Duration.ofHours(-1));
        return Stream.concat(
                Stream.of("deprovision.graph.base-url", "deprovision.authority")
                        .flatMap(server -> Stream.of(
                                Arguments.of(
                                        server,
                                        Certificates.selfSigned("127.0.0.1"),
                                        "unable to find valid certification"),
                                Arguments.of(
                                        server, CERTIFICATES.server("graph.example"), "No subject alternative names"))),
                Stream.of(
                        Arguments.of("deprovision.graph.base-url", ended, "validity check failed"),
                        Arguments.of("deprovision.authority", ended, "the certificate has expired")));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void itIsRefusedWithTheReasonAndIsSentNothing(String server, SSLContext tls, String reason, @TempDir Path folder)
            throws Exception {
        try (Stage stage = Stage.in(folder);
                RawServer stranger = RawServer.tls(tls, RawServer.always(RawServer.json(200, "{}")))) {
            Path trusted = Files.writeString(
                    folder.resolve("trusted.pem"),
                    Files.readString(stage.simulator.caFile()) + Files.readString(CERTIFICATES.caFile(folder)));
            stage.set("deprovision.tls.ca-file", trusted.toString())
                    .set(server, stranger.uri("/beta").toString())
                    .start();
            stage.submit("untrusted", stage.next(3));
            Pause pause = await().until(
                            () -> stage.ledger().pauses().all().stream().findFirst(), Optional::isPresent)
                    .orElseThrow();
            assertThat(pause.kind()).isEqualTo(Pause.EndsBy.PROBE);
            assertThat(pause.message()).contains(reason);
            assertThat(pause.remedy()).contains("deprovision.tls.ca-file");
            assertThat(stage.until("untrusted", now -> true).in(OutcomeClass.FAILED))
                    .isZero();
            assertThat(stranger.requests).isEmpty();
        }
    }
}
