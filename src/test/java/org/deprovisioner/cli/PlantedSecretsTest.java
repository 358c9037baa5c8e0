package org.deprovisioner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.vault.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nothing that the program writes holds a secret or a token, with everything logged that can be. */
@Isolated
class PlantedSecretsTest {

    @AfterEach
    void stopLogging() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    @Test
    void aSecretAndEveryTokenAreFoundNowhere(@TempDir Path folder) throws Exception {
        PrintStream console = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, UTF_8));
        try (Stage stage = Stage.in(folder)) {
            String secret = stage.simulator.clientSecret();
            Path file = Files.writeString(folder.resolve("secret"), "planted-and-wrong");
            stage.settings().remove("AZURE_CLIENT_SECRET");
            stage.set("AZURE_CLIENT_SECRET_FILE", file.toString());
            logEverything(stage);

            ManagedDevice rejected = stage.next();
            stage.simulator.fault(Fault.Match.DEPROVISION.device(rejected.id()), Effect.error(400, "BadRequest"));
            ManagedDevice unauthorized = stage.next();
            stage.simulator.fault(
                    Fault.Match.DEPROVISION.device(unauthorized.id()).times(1),
                    Effect.error(401, "InvalidAuthenticationToken"));
            stage.start();
            stage.submit("planted", rejected, unauthorized, stage.next());
            stage.paused("token-refused");
            Files.writeString(file, secret);
            assertThat(stage.settled("planted", 3)).isEqualTo(Map.of("deprovisioned", 2L, "rejected-by-graph", 1L));
            Stage.written(stage.data.resolve("dead-letter/planted.csv"), "rejected-by-graph");

            foundNowhere(stage, shown, "planted-and-wrong", secret, "eyJ0eXAi");
        } finally {
            System.setErr(console);
        }
    }

    @Test
    void aSecretOfAVaultAndItsTokenAreFoundNowhereAndWorkWaitsWhileItIsSealed(@TempDir Path folder) throws Exception {
        PrintStream console = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, UTF_8));
        try (Stage stage = Stage.in(folder);
                StandIn vault = new StandIn()) {
            String secret = stage.simulator.clientSecret();
            vault.put("secret/data/graph", "{\"key\":\"" + secret + "\"}");
            vault.settings().forEach(stage::set);
            stage.set("AZURE_CLIENT_SECRET", "{{hashicorp:secret:graph#key}}");
            stage.set("deprovision.tls.ca-file", bothAuthorities(folder, stage, vault));
            logEverything(stage);
            System.setProperty(
                    "camel.vault.hashicorp.token", StandIn.TOKEN); // Camel takes it for its own, as in CAMEL_…
            stage.start();
            vault.seal(true);
            stage.submit("vaulted", stage.next());
            Pause pause = stage.paused("token");
            assertThat(pause.message()).contains("The vault at https://127.0.0.1:", " is sealed.");
            assertThat(pause.remedy()).contains("Unseal it.");
            vault.seal(false);
            assertThat(stage.settled("vaulted", 1)).isEqualTo(Map.of("deprovisioned", 1L));

            foundNowhere(stage, shown, secret, StandIn.TOKEN, "eyJ0eXAi");
        } finally {
            System.clearProperty("camel.vault.hashicorp.token");
            System.setErr(console);
        }
    }

    private static String bothAuthorities(Path folder, Stage stage, StandIn vault) throws IOException {
        String simulators = Files.readString(Path.of(stage.settings().getOrDefault("deprovision.tls.ca-file", "")));
        String vaults = Files.readString(vault.caFile(folder));
        return Files.writeString(folder.resolve("both.pem"), simulators + "\n" + vaults)
                .toString();
    }

    private static void logEverything(Stage stage) {
        Logging.start(stage.configuration(), Logging.To.CONSOLE_AND_FILE, true);
        var everything = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        everything.setLevel(Level.DEBUG);
        // the simulator's own server, which is no part of the service
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("org.eclipse.jetty")
                .setLevel(Level.INFO);
    }

    private static void foundNowhere(Stage stage, ByteArrayOutputStream shown, String... secrets) {
        String logged = shown.toString(UTF_8);
        assertThat(logged.contains(" DEBUG ")).isTrue();
        assertThat(List.of(secrets)).allSatisfy(planted -> {
            assertThat(logged.lines().filter(line -> line.contains(planted)))
                    .as("lines with " + planted)
                    .isEmpty();
            assertThat(stage.filesWith(planted)).isEmpty();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains(planted));
            assertThat(ProcessHandle.current().info().commandLine().orElse("")).doesNotContain(planted);
        });
    }
}
