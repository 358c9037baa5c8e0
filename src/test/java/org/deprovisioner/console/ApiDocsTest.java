package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/api.md says works as it stands there. */
class ApiDocsTest {

    private static final Path PAGE = Path.of("docs/api.md");
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theSampleForCurlHandsOverOnceHoweverOftenItIsRun() throws Exception {
        assumeTrue(run("curl --version").code() == 0, "there is no curl on this machine");
        try (ConsoleStage stage = ConsoleStage.in(folder).start()) {
            Matcher sample = SHELL.matcher(Files.readString(PAGE));
            assertThat(sample.find()).isTrue();
            String script = sample.group(1).replace("http://127.0.0.1:8480", "http://127.0.0.1:" + stage.port());
            for (int time = 1; time <= 2; time++) {
                Run done = run(script);
                assertThat(done.code()).as(done.output()).isZero();
                assertThat(done.output())
                        .contains("\"again\":" + (time == 2))
                        .contains("\"batch\":\"leavers\"", "\"batch\":\"returns\"", "\"serialNumber\":\"5CD1234ABC\"");
            }
            Ledger ledger = stage.ledger();
            assertThat(ledger.batches().all()).hasSize(2).allMatch(batch -> batch.rows() == 1);
        }
    }

    private record Run(int code, String output) {}

    private Run run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-euc", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    @Test
    void thePageNamesEachOperation() throws IOException {
        JsonNode paths = ApiTest.DESCRIPTION.get("paths");
        String page = Files.readString(PAGE);
        TreeSet<String> missing = new TreeSet<>();
        paths.fieldNames().forEachRemaining(path -> {
            String name = path.replace("/api/v1/", "");
            if (!page.contains("`" + name)
                    && !page.contains(" " + name + "`")
                    && !page.contains(" " + name + "?")
                    && !page.contains(name + "`")) {
                missing.add(path);
            }
        });
        assertThat(missing).isEmpty();
    }
}
