package org.deprovisioner.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.cli.ServiceWithOneDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients of {@code docs/messages.md} do what the page says, and the page shows their code. */
class ClientsTest {

    private static final Path PAGE = Path.of("docs/messages.md");
    private static final Path JAVA = Path.of("src/test/java/org/deprovisioner/docs/SendRequest.java");
    private static final Path PYTHON = Path.of("samples/clients/send_request.py");

    @TempDir
    private Path folder;

    @Test
    void thePageShowsTheCodeOfBothClients() throws IOException {
        String java = Files.readString(JAVA);
        String shown = java.substring(java.indexOf("// page\n") + 8, java.indexOf("        // end"));
        assertThat(block("java")).isEqualTo(shown.replaceAll("(?m)^ {8}", ""));
        assertThat(block("python")).isEqualTo(Files.readString(PYTHON));
    }

    private static String block(String language) {
        return Page.read(PAGE).blocks().stream()
                .filter(block -> block.language().equals(language))
                .findFirst()
                .orElseThrow()
                .text();
    }

    @Test
    void theJavaClientGetsItsReply() throws Exception {
        try (ServiceWithOneDevice service = service()) {
            assertThat(SendRequest.send(service.clientProperties())).contains("\"outcome\":\"deprovisioned\"");
        }
    }

    /** Where no Python with Proton is to be had, this is skipped and says so. */
    @Test
    void thePythonClientGetsItsReply() throws Exception {
        Optional<String> python = python();
        assumeThat(python).as("a python3 with python-qpid-proton").isPresent();
        try (ServiceWithOneDevice service = service()) {
            Path out = folder.resolve("out");
            Process client = new ProcessBuilder(
                            python.orElseThrow(),
                            PYTHON.toString(),
                            service.clientProperties().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            assertThat(client.waitFor()).as(Files.readString(out)).isZero();
            assertThat(out).hasContent("leaver-4711 deprovisioned\n");
        }
    }

    private ServiceWithOneDevice service() throws Exception {
        return ServiceWithOneDevice.in(folder, "3fa85f64-5717-4562-b3fc-2c963f66afa6", "5CD1234ABC");
    }

    private static Optional<String> python() throws InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            try {
                if (new ProcessBuilder(python, "-c", "import proton.utils")
                                .start()
                                .waitFor()
                        == 0) {
                    return Optional.of(python);
                }
            } catch (IOException none) {
                // the next one, or none
            }
        }
        return Optional.empty();
    }
}
