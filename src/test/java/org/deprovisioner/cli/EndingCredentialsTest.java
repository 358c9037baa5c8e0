package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.token.Identity;
import org.deprovisioner.vault.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of a credential that ends soon, and of a vault that holds one and hangs. */
class EndingCredentialsTest {

    private static final String REFERENCE = "{{hashicorp:secret:graph#key}}";

    @TempDir
    private Path home;

    private final Map<String, String> settings = new TreeMap<>();
    private StandIn vault;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void start() throws Exception {
        installed = Installed.in(home);
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

    private Installed.Ended run(String... arguments) throws Exception {
        Installed.Ended ended = installed.with(settings).run(arguments);
        assertThat(ended.all()).doesNotContain("correct horse", StandIn.TOKEN);
        return ended;
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
        Installed.Ended status = run("status", "--json");
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
        Installed.Ended hanging = run("run");
        assertThat(hanging.code()).isEqualTo(3);
        assertThat(hanging.err()).contains("AZURE_CLIENT_SECRET=********", "cannot be reached", "Check camel.vault");

        settings.put("camel.vault.hashicorp.token", "ended");
        Installed.Ended refused;
        try (StandIn other = new StandIn()) {
            settings.put("camel.vault.hashicorp.port", other.settings().get("camel.vault.hashicorp.port"));
            settings.put("deprovision.tls.ca-file", other.caFile(home).toString());
            refused = run("run");
        }
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("refuses to read secret/data/graph", "it may have ended");
    }
}
