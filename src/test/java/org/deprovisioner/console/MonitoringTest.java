package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.console.Browser.Answer;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.service.ServiceFigures;
import org.deprovisioner.token.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitoringTest {

    private static final Pattern METRIC = Pattern.compile("deprovisioner_[a-z_]+");
    private static final Path SAMPLES = Path.of("samples/monitoring");

    private static final ServiceFigures AT_WORK = new ServiceFigures(
            List.of(
                    new ServiceFigures.Calls("north \"1\"\\\n", true, 204, 41),
                    new ServiceFigures.Calls("north", false, 0, 2)),
            List.of(new Pace.Usage("north", true, 200, 50, Duration.ofSeconds(20))),
            true,
            true);

    @TempDir
    Path folder;

    @Test
    void healthIsUpOrDownWhateverTheHost() throws IOException {
        try (ConsoleStage stage = ConsoleStage.in(folder).start();
                Browser browser = stage.browser()) {
            Map<String, String> probe = Map.of("Host", "10.1.2.3:8480");
            assertThat(browser.get("/health/live", probe).body()).isEqualTo("up\n");
            assertThat(browser.get("/health/ready", probe).body()).isEqualTo("up\n");

            stage.ledger().pauses().pause("north", Pause.EndsBy.RESUME, "asked", "Asked for.", "Resume.", "ada");
            assertThat(browser.get("/health/ready", probe).status()).isEqualTo(200);
            stage.ledger().pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "asked", "Asked for.", "Resume.", "ada");
            Answer paused = browser.get("/health/ready", probe);
            assertThat(paused.status()).isEqualTo(503);
            assertThat(paused.body()).isEqualTo("down\n");
            assertThat(browser.get("/health/live", probe).status()).isEqualTo(200);
            stage.ledger().pauses().resume(Pause.ALL, "ada");
            assertThat(browser.get("/health/ready", probe).status()).isEqualTo(200);

            Files.writeString(stage.data().resolve("STOP"), "");
            assertThat(browser.get("/health/ready", probe).status()).isEqualTo(503);
        }
    }

    @Test
    void aServiceWhoseWriterHasEndedLivesNoMore() throws IOException {
        try (ConsoleStage stage = ConsoleStage.in(folder)
                        .working(new ServiceFigures(List.of(), List.of(), true, false))
                        .start();
                Browser browser = stage.browser()) {
            assertThat(browser.get("/health/live").status()).isEqualTo(503);
        }
    }

    @Test
    void everyMetricThatASampleOrThePageNamesIsThere() throws Exception {
        String metrics = metrics();
        Set<String> served = names(metrics.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList()
                .toString());
        assertThat(names(Files.readString(SAMPLES.resolve("alerts.yml")))).isSubsetOf(served);
        assertThat(names(Files.readString(SAMPLES.resolve("grafana-dashboard.json"))))
                .isSubsetOf(served);
        Set<String> documented = names(Files.readString(Path.of("docs/monitoring.md")));
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void theDashboardIsOne() throws IOException {
        JsonNode dashboard = JsonMapper.builder()
                .build()
                .readTree(SAMPLES.resolve("grafana-dashboard.json").toFile());
        assertThat(dashboard.path("panels")).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("targets"))
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(target.path("expr").asText()).contains("deprovisioner_"));
        });
    }

    @Test
    void prometheusOwnToolTakesMetricsAndRules() throws Exception {
        assumeTrue(promtool("", "--version") == 0, "promtool is not installed");
        assertThat(promtool(metrics(), "check", "metrics")).isZero();
        assertThat(promtool("", "check", "rules", SAMPLES.resolve("alerts.yml").toString()))
                .isZero();
        assertThat(promtool(
                        "", "check", "config", SAMPLES.resolve("prometheus.yml").toString()))
                .isZero();
    }

    @Test
    void whoComesThroughAProxyHasToShowTheToken() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "metrics-token\n");
        try (ConsoleStage stage = ConsoleStage.in(folder)
                        .set("deprovision.console.metrics-token-file", token.toString())
                        .start();
                Browser browser = stage.browser()) {
            assertThat(browser.get("/metrics").status()).isEqualTo(200);
            for (String header : List.of("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host")) {
                assertThat(browser.get("/metrics", Map.of(header, "192.0.2.1")).status())
                        .isEqualTo(401);
                assertThat(browser.get("/metrics", Map.of(header, "192.0.2.1", "Authorization", "Bearer metrics-token"))
                                .status())
                        .isIn(200, 429);
            }
        }
    }

    @Test
    void withoutATokenNobodyComesThroughAProxy() throws IOException {
        try (ConsoleStage stage = ConsoleStage.in(folder).start();
                Browser browser = stage.browser()) {
            assertThat(browser.get("/metrics", Map.of("X-Forwarded-For", "192.0.2.1", "Authorization", "Bearer "))
                            .status())
                    .isEqualTo(401);
        }
    }

    private String metrics() throws Exception {
        Path certificate = Identity.made("CN=north").pem(folder.resolve("app.pem"), "");
        try (ConsoleStage stage = ConsoleStage.in(folder)
                        .set("deprovision.auth", "client-certificate")
                        .set("AZURE_CLIENT_CERTIFICATE_PATH", certificate.toString())
                        .working(AT_WORK)
                        .start();
                Browser browser = stage.browser()) {
            stage.ledger().pauses().pause("north", Pause.EndsBy.PROBE, "asked", "Asked for.", "Resume.", "ada");
            Answer answer = browser.get("/metrics");
            assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
            return answer.body();
        }
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = METRIC.matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    private static int promtool(String input, String... arguments) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                            .toList())
                    .inheritIO()
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            try (var in = process.outputWriter()) {
                in.write(input);
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
