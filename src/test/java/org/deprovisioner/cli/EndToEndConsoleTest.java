package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.deprovisioner.console.ConsoleFolder;
import org.deprovisioner.faults.Forked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console of the real service, in a process of its own. */
class EndToEndConsoleTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aServiceServesItsConsoleTellsWhereItIsAndCountsItsCalls() throws Exception {
        try (Stage stage = Stage.in(folder).set("deprovision.console.listen", "127.0.0.1:0")) {
            stage.submit("phones", stage.next(3));
            try (Forked service = run(stage, "run")) {
                service.awaitSaying("Running.");
                String address = ConsoleFolder.address(stage.data).orElseThrow().toString();
                assertThat(body(address + "/health/live")).isEqualTo("up\n");
                assertThat(body(address + "/health/ready")).isEqualTo("up\n");
                assertThat(stage.settled("phones", 3)).isEqualTo(Map.of("deprovisioned", 3L));
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(body(address + "/metrics"))
                                .contains(
                                        "deprovisioner_graph_calls_total{kind=\"action\",status=\"204\",tenant=\"default\"} 3.0",
                                        "deprovisioner_requests{state=\"done\"} 3.0",
                                        "deprovisioner_quota_places{kind=\"action\",tenant=\"default\"} 2000.0"));

                try (Forked console = run(stage, "console", "--print")) {
                    assertThat(console.awaitEnd()).as(console.output()).isZero();
                    assertThat(console.output())
                            .contains(address)
                            .doesNotContain(Files.readString(stage.data.resolve("console/password"))
                                    .strip());
                }
                service.tellToEnd();
                assertThat(service.awaitEnd()).isZero();
                assertThat(service.output())
                        .doesNotContain(Files.readString(stage.data.resolve("console/password"))
                                .strip());
            }
            assertThat(ConsoleFolder.address(stage.data)).isEmpty();
            try (Forked console = run(stage, "console")) {
                assertThat(console.awaitEnd()).isEqualTo(5);
                assertThat(console.output()).contains("No service is running", "deprovision run");
            }
        }
    }

    private Forked run(Stage stage, String... arguments) throws IOException {
        return Forked.command(
                Stage.home(), stage.settings(), Files.createTempFile(folder, arguments[0], ".log"), arguments);
    }

    private String body(String address) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }
}
