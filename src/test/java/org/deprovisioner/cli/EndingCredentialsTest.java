package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deprovisioner.token.Identity;
import org.deprovisioner.vault.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands say of a credential that ends soon, and of a vault that holds one and hangs. */
class EndingCredentialsTest {

    private static final String REFERENCE = "{{hashicorp:secret:graph#key}}";

    @TempDir
    private Path home;

    private final Map<String, String> settings = new TreeMap<>();
    private StandIn vault;

    @BeforeEach
    void start() throws Exception {
        Files.copy(
                Path.of("config/logback.xml"),
                Files.createDirectories(home.resolve("config")).resolve("logback.xml"));
        Files.writeString(home.resolve("config/protected-devices.csv"), "id,serialNumber\n");
        vault = new StandIn().put("secret/data/graph", "{\"key\":\"correct horse\"}");
        settings.putAll(vault.settings());
        settings.put("deprovision.tls.ca-file", vault.caFile(home).toString());
        settings.put("deprovision.timeout", "10m");
        settings.put("deprovision.broker.url", "none");
        settings.put("deprovision.auth", "client-certificate");
        settings.put("AZURE_TENANT_ID", "contoso.onmicrosoft.com");
        settings.put("AZURE_CLIENT_ID", "4d5e6f70-0000-4000-8000-000000000001");
    }

    @AfterEach
    void stop() throws Exception {
        vault.close();
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String... arguments) throws Exception {
        Files.writeString(
                home.resolve("config/application.properties"),
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n")));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Deprovisioner.commandLine(home)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = commandLine.execute(arguments);
        assertThat(out.toString() + err).doesNotContain("correct horse", StandIn.TOKEN);
        return new Ended(code, out.toString(), err.toString());
    }

    private void certificate(String password) throws Exception {
        Path file = Identity.made("CN=app").pfx(home.resolve("app.pfx"), "correct horse");
        settings.put("AZURE_CLIENT_CERTIFICATE_PATH", file.toString());
        settings.put("AZURE_CLIENT_CERTIFICATE_PASSWORD", password);
    }

    @Test
    void statusSaysThatACertificateEndsSoonWhereverItsPasswordLies() throws Exception {
        certificate("correct horse");
        assertThat(run("status").out()).contains("The certificate of tenant default ends on ");
        assertThat(run("status", "--json").out())
                .contains("\"credentialsEndingSoon\":[\"The certificate of tenant default ends on ");
        certificate(REFERENCE);
        assertThat(run("status").out()).contains("The certificate of tenant default ends on ");
        settings.put("AZURE_CLIENT_CERTIFICATE_PASSWORD", "wrong");
        assertThat(run("status").out()).doesNotContain("certificate").contains("Service: not running");
    }

    @Test
    void statusDoesNotWaitForAVaultThatHangs() throws Exception {
        certificate(REFERENCE);
        vault.hangs();
        Ended status = run("status", "--json");
        assertThat(status.code()).isZero();
        assertThat(status.out()).contains("\"credentialsEndingSoon\":[]");
        assertThat(status.err()).contains("Whether a certificate ends soon is not known", "vault");
    }

    @Test
    void statusAsksNoVaultForASecretThatTellsNothing() throws Exception {
        settings.put("deprovision.auth", "client-secret");
        settings.put("AZURE_CLIENT_SECRET", REFERENCE);
        vault.hangs();
        assertThat(run("status").code()).isZero();
        assertThat(vault.requests()).isEmpty();
    }

    @Test
    void runEndsWithThreeWhereTheVaultHangsOrRefuses() throws Exception {
        settings.put("deprovision.timeout", "500ms");
        settings.put("deprovision.auth", "client-secret");
        settings.put("AZURE_CLIENT_SECRET", REFERENCE);
        vault.hangs();
        Ended hanging = run("run");
        assertThat(hanging.code()).isEqualTo(3);
        assertThat(hanging.err()).contains("AZURE_CLIENT_SECRET=********", "cannot be reached", "Check camel.vault");

        settings.put("camel.vault.hashicorp.token", "ended");
        Ended refused;
        try (StandIn other = new StandIn()) {
            settings.put("camel.vault.hashicorp.port", other.settings().get("camel.vault.hashicorp.port"));
            settings.put("deprovision.tls.ca-file", other.caFile(home).toString());
            refused = run("run");
        }
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("refuses to read secret/data/graph", "it may have ended");
    }
}
