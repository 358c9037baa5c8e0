package org.deprovisioner.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.impl.DefaultCamelContext;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.settings.Secret;
import org.deprovisioner.settings.SecretReference;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.Credential.ClientCertificate;
import org.deprovisioner.settings.Settings.Credential.ClientSecret;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.settings.UnreadableSecretException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets that settings refer to, in a vault over TLS. */
class VaultTest {

    private static final String SECRET = "planted-client-secret";
    private static final String REFERENCE = "{{hashicorp:secret:apps/deprovisioner#key}}";
    private static final String PATH = "secret/data/apps/deprovisioner";

    @TempDir
    private Path home;

    private final Map<String, String> settings = new TreeMap<>();
    private StandIn vault;

    @BeforeEach
    void start() throws IOException {
        vault = new StandIn().put(PATH, "{\"key\":\"" + SECRET + "\"}");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/protected-devices.csv"), "id\n");
        settings.putAll(vault.settings());
        settings.put("deprovision.tls.ca-file", vault.caFile(home).toString());
        settings.put("AZURE_TENANT_ID", "contoso.onmicrosoft.com");
        settings.put("AZURE_CLIENT_ID", "4d5e6f70-0000-4000-8000-000000000001");
        settings.put("AZURE_CLIENT_SECRET", REFERENCE);
    }

    @AfterEach
    void stop() throws IOException {
        vault.close();
    }

    private SettingsReader reader() {
        return SettingsReader.of(home, Map.of(), Map.of(), settings).withVaults(HashicorpFunction::new);
    }

    private Settings read() {
        return reader().readWithCredentials().settings();
    }

    private static SecretReference clientSecret(Settings settings, String tenant) {
        return ((ClientSecret) settings.tenants().get(tenant).credential()).secret();
    }

    /** The one problem that stops the start; it shows nothing of any secret. */
    private String problem() {
        SettingsException refused = catchThrowableOfType(SettingsException.class, this::read);
        assertThat(refused.problems()).hasSize(1);
        String problem = refused.problems().get(0);
        assertThat(problem).doesNotContain(SECRET, StandIn.TOKEN);
        return problem;
    }

    @Test
    void aSecretIsReadInTheVaultAtTheStartAndEachTimeItIsNeeded() {
        SecretReference secret = clientSecret(read(), "default");
        assertThat(vault.requests()).singleElement().asString().startsWith("GET /v1/" + PATH + " ");

        vault.put(PATH, "{\"key\":\"renewed\"}");
        assertThat(secret.now()).isEqualTo(new Secret("renewed"));
        assertThat(secret.toString()).doesNotContain("renewed", SECRET);
    }

    @Test
    void aSecretThatStandsTwiceIsNone() {
        vault.put(PATH, "{\"key\":\"other\",\"key\":\"" + SECRET + "\"}");

        assertThat(problem()).contains("not a vault");
    }

    @Test
    void everySecretOfTheSettingsMayLieThere() throws IOException {
        settings.put("deprovision.broker.user", "desk");
        settings.put("deprovision.broker.password", REFERENCE);
        settings.put("deprovision.tenants.contoso.client-secret", "{{hashicorp:secret:contoso#one@2}}");
        settings.put("deprovision.tenants.contoso.tenant-id", "contoso.onmicrosoft.com");
        settings.put("deprovision.tenants.fabrikam.tenant-id", "fabrikam.onmicrosoft.com");
        settings.put("deprovision.tenants.fabrikam.auth", "client-certificate");
        settings.put(
                "deprovision.tenants.fabrikam.certificate",
                Files.writeString(home.resolve("app.pfx"), "").toString());
        settings.put("deprovision.tenants.fabrikam.certificate-password", REFERENCE);
        vault.put("secret/data/contoso?version=2", "{\"one\":\"of-contoso\"}");

        Settings read = read();
        assertThat(read.broker().password().orElseThrow().now().value()).isEqualTo(SECRET);
        assertThat(clientSecret(read, "contoso").now().value()).isEqualTo("of-contoso");
        ClientCertificate certificate =
                (ClientCertificate) read.tenants().get("fabrikam").credential();
        assertThat(certificate.password().orElseThrow().now().value()).isEqualTo(SECRET);
    }

    @Test
    void theTokenMayLieInAFileThatAnAgentRenewsAndTheNamespaceIsSaid() throws IOException {
        Path file = Files.writeString(home.resolve("token"), StandIn.TOKEN + "\n");
        settings.remove("camel.vault.hashicorp.token");
        settings.put("deprovision.vault.token-file", file.toString());
        settings.put("camel.vault.hashicorp.namespace", "it/desk");

        SecretReference secret = clientSecret(read(), "default");
        assertThat(vault.requests().get(0)).contains("X-Vault-Namespace: it/desk\r\n");
        Files.writeString(file, "ended");
        assertThat(catchThrowableOfType(UnreadableSecretException.class, secret::now))
                .hasMessageEndingWith("refuses to read " + PATH + ".");
        Files.writeString(file, StandIn.TOKEN);
        assertThat(secret.now().value()).isEqualTo(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | refuses to read " + PATH + ". Check camel.vault.hashicorp.token",
                "404 | has nothing at " + PATH + ". Check engine, path",
                "503 | is sealed. Unseal it.",
                "307 | redirect, which is never followed with a token",
                "500 | answers 500. Look at the vault",
                "200 | has no text in the field key of " + PATH + ". Check the field's name.",
            })
    void whatTheVaultDoesNotGiveStopsTheStartWithTheReasonAndTheRemedy(int status, String words) {
        vault.answers(RawServer.json(
                status, "{\"errors\":[\"" + SECRET + StandIn.TOKEN + "\"]}", "Location: https://127.0.0.1:1/"));
        assertThat(problem()).startsWith("AZURE_CLIENT_SECRET=********").contains(words);
        assertThat(vault.requests()).hasSize(1);
    }

    @Test
    void aVaultThatDoesNotAnswerStopsTheStart() throws IOException {
        settings.put("deprovision.broker.user", "desk");
        settings.put("deprovision.broker.password", REFERENCE);
        vault.close();
        SettingsException refused = catchThrowableOfType(SettingsException.class, this::read);
        assertThat(refused.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("cannot be reached", "Check camel.vault"));
    }

    @Test
    void aVaultThatHangsStopsTheStartAndIsWaitedForOnce() {
        settings.put("deprovision.broker.user", "desk");
        settings.put("deprovision.broker.password", REFERENCE);
        settings.put("deprovision.timeout", "300ms");
        vault.hangs();
        SettingsException refused = catchThrowableOfType(SettingsException.class, this::read);
        assertThat(refused.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("cannot be reached", "Check camel.vault"));
        assertThat(vault.requests()).hasSize(1);
    }

    @Test
    @Timeout(60)
    void aVaultWhoseAnswerDripsIsGivenUp() {
        settings.put("deprovision.timeout", "300ms");
        vault.drips();
        assertThat(problem()).contains("cannot be reached", "no answer within 300 ms");
    }

    @Test
    void aStrangerAndAServerThatIsNotTrustedAreNamed() {
        vault.answers("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
        assertThat(problem()).contains("is not a vault", "captive portal");
        settings.remove("deprovision.tls.ca-file");
        assertThat(problem()).contains("cannot be reached", "deprovision.tls.ca-file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AZURE_CLIENT_SECRET | {{hashicorp:secret}} | not of the form engine:path#field",
                "AZURE_CLIENT_SECRET | {{hashicorp:secret:../sys#key}} | not of the form engine:path#field",
                "AZURE_CLIENT_SECRET | {{hashicorp:secret:app#key:changeit}} | not of the form engine:path#field",
                "AZURE_CLIENT_SECRET | {{azure:secret}} | names the vault azure, which is not known",
                "camel.vault.hashicorp.host | '' | lies in a vault. Set camel.vault.hashicorp.host",
                "camel.vault.hashicorp.tokn | hunter2 | is not a setting. Did you mean camel.vault.hashicorp.token?",
            })
    void aReferenceOrSettingThatCannotBeUsedIsNamed(String key, String value, String words) {
        settings.put(key, value);
        assertThat(problem()).contains(words).doesNotContain("changeit", "hunter2");
    }

    @Test
    void theTokenNeverTravelsInTheClearAndMustBeThere() {
        settings.put("AZURE_CLIENT_SECRET", SECRET);
        settings.put("camel.vault.hashicorp.host", "vault.example.org");
        settings.put("camel.vault.hashicorp.scheme", "http");
        assertThat(problem()).contains("camel.vault.hashicorp.scheme=http", "loopback addresses alone");
        settings.remove("camel.vault.hashicorp.scheme");
        settings.remove("camel.vault.hashicorp.token");
        assertThat(problem()).startsWith("camel.vault.hashicorp.token is missing.");
    }

    @Test
    void commandsThatDoNotCallGraphAskNoVault() {
        settings.put("deprovision.broker.user", "desk");
        settings.put("deprovision.broker.password", REFERENCE);
        assertThat(reader().read().placeholders().toString()).doesNotContain(StandIn.TOKEN, "hashicorp");
        assertThat(vault.requests()).isEmpty();
    }

    @Test
    void aUsersOwnRoutesReferToItInCamelsWords() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            new VaultConfiguration(read()).configure(camel);
            assertThat(camel.resolvePropertyPlaceholders("{{hashicorp:secret:apps/deprovisioner#key}}"))
                    .isEqualTo(SECRET);
        }
    }
}
