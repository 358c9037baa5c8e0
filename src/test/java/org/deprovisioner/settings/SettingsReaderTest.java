package org.deprovisioner.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.settings.Settings.Credential.ClientCertificate;
import org.deprovisioner.settings.Settings.Credential.ClientSecret;
import org.deprovisioner.settings.Settings.Credential.DeviceCode;
import org.deprovisioner.settings.Settings.Credential.ManagedIdentity;
import org.deprovisioner.settings.Settings.Credential.WorkloadIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private static final String SECRET = "hunter2-hunter2";

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> system = new HashMap<>();
    private final Map<String, String> program = new HashMap<>();

    @BeforeEach
    void signedIn() {
        environment.put("AZURE_TENANT_ID", "contoso.onmicrosoft.com");
        environment.put("AZURE_CLIENT_ID", "4d5e6f70-0000-4000-8000-000000000001");
        environment.put("AZURE_CLIENT_SECRET", SECRET);
    }

    @Test
    void withoutAnySettingTheDefaultsOfTheContractHold() {
        Settings settings = settings();

        assertThat(settings.data()).isEqualTo(home.resolve("data"));
        assertThat(settings.ledgerUrl()).isEqualTo("jdbc:sqlite:" + home.resolve("data/ledger.db"));
        assertThat(settings.graph().baseUrl()).isEqualTo(URI.create("https://graph.microsoft.com/beta"));
        assertThat(settings.pace())
                .isEqualTo(new Settings.Pace(
                        200, Duration.ofSeconds(20), 1800, 16, Settings.Mode.SINGLE, 100, 10, Duration.ofHours(24)));
        assertThat(settings.guard())
                .isEqualTo(new Settings.Guard(
                        Set.of("ChromeOS"),
                        500,
                        1000,
                        50,
                        Optional.empty(),
                        home.resolve("config/protected-devices.csv"),
                        Settings.ApprovalRule.OVER_LIMIT,
                        false,
                        Map.of(),
                        Optional.empty(),
                        Duration.ZERO));
        assertThat(settings.broker().url()).isEqualTo("embedded");
        assertThat(settings.tenants().get("default").authority())
                .isEqualTo(URI.create("https://login.microsoftonline.com/contoso.onmicrosoft.com"));
    }

    @Test
    void thePeopleAreReadFromTheirFileAndEachLineThatIsNoneStopsTheStart() throws IOException {
        Path people = home.resolve("people.txt");
        Files.writeString(
                people,
                "# ours\nAda = 0A000000-0000-4000-8000-000000000001\r\n\n ada-admin=0a000000-0000-4000-8000-000000000001");
        file("deprovision.guard.people=" + people);
        assertThat(reader().read().settings().guard().people())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ada", "0a000000-0000-4000-8000-000000000001",
                        "ada-admin", "0a000000-0000-4000-8000-000000000001"));

        Files.writeString(
                people,
                "bob\nada=0a000000-0000-4000-8000-000000000001\nADA=0a000000-0000-4000-8000-000000000002\neve=eve@contoso.com");
        assertThat(String.join("\n", problems()))
                .contains("line 1", "line 3", "'ada' again", "line 4", "deprovision.guard.people");
    }

    @Test
    void theFileIsWeakerThanTheEnvironmentThatThanTheCommandLineAndThatThanTheProgram() throws IOException {
        file(
                "deprovision.concurrency=1",
                "deprovision.timeout=1s",
                "deprovision.quota.reads=1",
                "deprovision.data=one");
        environment.put("DEPROVISION_TIMEOUT", "2s");
        environment.put("DEPROVISION_QUOTA_READS", "2");
        environment.put("DEPROVISION_DATA", "two");
        system.put("deprovision.quota.reads", "3");
        system.put("deprovision.data", "three");
        program.put("deprovision.data", "four");

        assertThat(settings().pace().concurrency()).isEqualTo(1);
        assertThat(settings().graph().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings().pace().reads()).isEqualTo(3);
        assertThat(settings().data()).isEqualTo(home.resolve("four"));
    }

    @Test
    void aBlankValueCountsAsNotGiven() throws IOException {
        file("deprovision.guard.max-per-batch=20", "deprovision.guard.operating-system=");
        environment.put("DEPROVISION_GUARD_MAX_PER_BATCH", " ");

        assertThat(settings().guard().maxPerBatch()).isEqualTo(20);
        assertThat(settings().guard().operatingSystems()).containsExactly("ChromeOS");
    }

    @Test
    void whenADeviceInDoubtIsReadBackIsAListOfDurations() throws IOException {
        file("deprovision.in-doubt.read-back=1s, 2m,3h", "deprovision.in-doubt=resend", "deprovision.verify=true");
        assertThat(settings().doubt())
                .isEqualTo(new Settings.Doubt(
                        true, List.of(Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofHours(3)), true));
        file("deprovision.in-doubt.read-back=1s,,soon", "deprovision.in-doubt=retry");
        assertThat(problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("durations with commas between, each from 10ms to 30d"))
                .anyMatch(problem -> problem.contains("must be hold or resend"));
    }

    @Test
    void everyProblemIsToldAtOnceEachInOneLine() throws IOException {
        file(
                "deprovision.timeout=soon",
                "deprovision.concurrency=0",
                "deprovision.guard.max-refused-percent=101",
                "deprovision.resolve=yes",
                "deprovision.mode=group",
                "deprovision.bulk.size=101");
        environment.clear();

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "deprovision.timeout=soon (config/application.properties) must be a duration from 100ms to 10m,"
                                + " such as 500ms, 30s, 2m, 24h or 30d. Correct it or leave it out (30s).",
                        "deprovision.concurrency=0 (config/application.properties) must be a whole number from 1 to 1,000."
                                + " Correct it or leave it out (16).",
                        "deprovision.guard.max-refused-percent=101 (config/application.properties) must be a whole number"
                                + " from 0 to 100. Correct it or leave it out (50).",
                        "deprovision.resolve=yes (config/application.properties) must be true or false."
                                + " Correct it or leave it out (true).",
                        "deprovision.mode=group (config/application.properties) must be single, batch or bulk."
                                + " Correct it or leave it out (single).",
                        "deprovision.bulk.size=101 (config/application.properties) must be a whole number from 1 to 100."
                                + " Correct it or leave it out (100).",
                        "AZURE_TENANT_ID is missing. Set it in the environment, or AZURE_TENANT_ID_FILE to a file that"
                                + " holds it.",
                        "AZURE_CLIENT_ID is missing. Set it in the environment, or AZURE_CLIENT_ID_FILE to a file that"
                                + " holds it.",
                        "AZURE_CLIENT_SECRET is missing. Set it in the environment, or AZURE_CLIENT_SECRET_FILE to a file"
                                + " that holds it.")
                .noneMatch(problem -> problem.contains("\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "DEPROVISION_TENANTS_CONTOSO_TENANTID, DEPROVISION_TENANTS_CONTOSO_TENANT_ID",
        "DEPROVISION_TENANTS_CONTOSO_EAST_CLIENTID, DEPROVISION_TENANTS_CONTOSO_EAST_CLIENT_ID",
        "DEPROVISION_TENANT_CONTOSO_CLIENT_ID, DEPROVISION_TENANTS_CONTOSO_CLIENT_ID",
        "DEPROVISION_TENANTS_CONTOSO_QUOTA_REQUEST, DEPROVISION_TENANTS_CONTOSO_QUOTA_REQUESTS"
    })
    void ofATenantsSettingTheNearestOneOfThatTenantIsNamed(String typo, String meant) {
        environment.put(typo, "x");

        assertThat(problems()).anyMatch(problem -> problem.endsWith("is not a setting. Did you mean " + meant + "?"));
    }

    @ParameterizedTest
    @CsvSource({
        "deprovision.guard.max-per-bach, deprovision.guard.max-per-batch",
        "deprovision.guard.maxPerBatch, deprovision.guard.max-per-batch",
        "deprovision.max-per-batch, deprovision.guard.max-per-batch",
        "deprovison.quota.requests, deprovision.quota.requests",
        "deprovision.dryrun, deprovision.dry-run",
    })
    void anUnknownKeyStopsTheStartAndTheNearestOneIsNamed(String typo, String meant) throws IOException {
        file(typo + "=10");

        assertThat(problems())
                .containsExactly(
                        typo + "=10 (config/application.properties) is not a setting. Did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deprovision_dry_run",
                "Deprovision_Dry_Run",
                "deprovision.dry-run",
                "DEPROVISION_DRY-RUN",
                "DEPROVISION.DRY.RUN",
                "DEPROVISON_DRY_RUN",
                "DEPROVISION-DRY-RUN"
            })
    void aVariableThatIsMeantForUsAndWrittenInAnotherWayStopsTheStart(String written) {
        environment.put(written, "true");

        assertThat(problems())
                .containsExactly(
                        written + "=true (the environment) is not a setting. Did you mean DEPROVISION_DRY_RUN?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprovison.dry-run", "DEPROVISION_DRY_RUN", "Deprovision.dry-run"})
    void soDoesAPropertyOfTheCommandLine(String written) {
        system.put(written, "true");

        assertThat(problems())
                .containsExactly(
                        written + "=true (the command line) is not a setting. Did you mean deprovision.dry-run?");
    }

    @Test
    void aVariableThatOthersGiveTheProgramIsLeftAlone() {
        environment.put("DEPROVISIONER_SERVICE_HOST", "10.0.0.1");
        environment.put("DEPROVISIONER_PORT", "tcp://10.0.0.1:80");

        assertThat(settings().requests().dryRun()).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aBackslashInAFoldersNameIsRefusedWhereItEndsNoName() {
        environment.put("DEPROVISION_DATA", "/srv/back\\slash");

        assertThat(problems())
                .singleElement()
                .asString()
                .contains("DEPROVISION_DATA", "must be a path, written with /");
    }

    @Test
    void anUnknownVariableStopsTheStartToo() {
        environment.put("DEPROVISION_GUARD_MAXPERDAY", "7");
        environment.put("DEPROVISION_JAVA_OPTS", "-Xmx1g");

        assertThat(problems())
                .containsExactly("DEPROVISION_GUARD_MAXPERDAY=7 (the environment) is not a setting."
                        + " Did you mean DEPROVISION_GUARD_MAX_PER_DAY?");
    }

    @Test
    void hoursThatCannotBeUnderstoodStopTheStartAndSayHowTheyAreWritten() throws IOException {
        file("deprovision.guard.hours=08:00-16:00");
        assertThat(problems()).singleElement().asString().contains("Mon-Fri 08:00-16:00 Europe/Berlin");
    }

    @Test
    void aDryRunSendsNothingAndWaitsNeitherForHoursNorForAGracePeriod() throws IOException {
        file("deprovision.guard.hours=Mon-Fri 08:00-16:00 Europe/Berlin", "deprovision.guard.grace=1h");
        assertThat(settings().guard().hours()).isPresent();
        assertThat(settings().guard().grace()).isEqualTo(Duration.ofHours(1));
        environment.put("DEPROVISION_DRY_RUN", "true");
        assertThat(settings().guard().hours()).isEmpty();
        assertThat(settings().guard().grace()).isZero();
    }

    @Test
    void aLedgerOfPostgresqlWantsABrokerThatAllMachinesReachOrNone() throws IOException {
        file("deprovision.ledger.url=jdbc:postgresql://db.example.org:5432/ledger");
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("deprovision.broker.url=embedded does not go together with a ledger of PostgreSQL");
        environment.put("DEPROVISION_BROKER_URL", "none");
        assertThat(settings().ledgerIsShared()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://user:secret@db/ledger",
                "jdbc:postgresql://db/ledger?password=secret",
                "jdbc:postgresql://db/ledger?sslmode=disable",
                "jdbc:postgresql://db/ledger?sslmode=require",
                "jdbc:postgresql:ledger",
                "jdbc:mysql://db/ledger"
            })
    void aLedgersUrlHoldsNoPasswordAndAServerBeyondThisMachineProvesWhoItIs(String url) throws IOException {
        environment.put("DEPROVISION_BROKER_URL", "none");
        file("deprovision.ledger.url=" + url);
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("deprovision.ledger.url")
                .doesNotContain("secret");
    }

    @Test
    void whoSignsInToALedgerThatIsAFileHasMeantAnotherOne() throws IOException {
        file("deprovision.ledger.user=ledger", "deprovision.ledger.password=hidden");
        assertThat(problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem)
                        .contains("is for a ledger of PostgreSQL alone")
                        .doesNotContain("hidden"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "bulk"})
    void whereApprovalIsAskedForDevicesGoOneByOne(String mode) throws IOException {
        file("deprovision.mode=" + mode, "deprovision.approval.justification=Ticket {ticket}");

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("deprovision.mode=" + mode)
                .contains("deprovision.approval.justification", "Set deprovision.mode=single");
    }

    @Test
    void theDefaultOfWhatIsNotBuiltYetMayBeWritten() throws IOException {
        file(KnownSettings.all().stream()
                .filter(setting -> !setting.credential() && !setting.standard().isEmpty())
                .map(setting -> setting.key() + "=" + setting.standard())
                .filter(line -> !line.startsWith(KnownSettings.PROTECTED.key()))
                .toArray(String[]::new));

        assertThat(settings())
                .isEqualTo(SettingsReader.ofDefaults(home, credentials())
                        .readWithCredentials()
                        .settings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://graph.example.com/beta",
                "http://127.0.0.1.example.com",
                "http://localhost@example.com",
                "ftp://localhost",
                "https://user:word@example.com",
                "https://example.com/?a=b",
                "example.com",
                "https:///beta",
            })
    void anAddressThatATokenMustNotGoToIsRefused(String url) {
        program.put("deprovision.graph.base-url", url);

        assertThat(problems()).singleElement().asString().contains("https://").doesNotContain("word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080/beta/", "http://localhost:1", "http://[::1]:80", "https://host"})
    void loopbackMayBePlainAndASlashAtTheEndIsDropped(String url) {
        program.put("deprovision.graph.base-url", url);

        assertThat(settings().graph().baseUrl()).hasToString(url.replaceFirst("/$", ""));
    }

    @Test
    void settledRequestsStayForEverOrForATime() {
        assertThat(settings().requests().retention()).isEmpty();
        program.put("deprovision.retention", "90d");
        assertThat(settings().requests().retention()).contains(Duration.ofDays(90));
        program.put("deprovision.retention", "1h");
        assertThat(problems()).singleElement().asString().contains("from 1d to 3650d", "or off");
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "2m, 120000"})
    void durationsHaveUnits(String text, long millis) {
        program.put("deprovision.timeout", text);

        assertThat(settings().graph().timeout()).hasMillis(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "1 s", "-1s", "PT1S", "11m", "99ms", "1.5s", "30S"})
    void aDurationWithoutAUnitOrOutOfRangeIsRefused(String text) {
        program.put("deprovision.timeout", text);

        assertThat(problems()).singleElement().asString().startsWith("deprovision.timeout=" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "embedded",
                "none",
                "tcp://broker.example.com:61616",
                "tcp://b:1?sslEnabled=true",
                "amqps://b:5671"
            })
    void theBrokerIsOursOrNoneOrAnother(String url) {
        program.put("deprovision.broker.url", url);

        assertThat(settings().broker().url()).isEqualTo(url);
    }

    @Test
    void aWindowsPathThatAPropertiesFileHasEatenIsRefused() throws IOException {
        file("deprovision.data=C:\\deprovisioner\\data");

        assertThat(problems()).singleElement().asString().contains("C:deprovisionerdata", "/ instead of \\");
    }

    @Test
    void aFileThatCannotBeUnderstoodIsAProblemAndNoAccident() throws IOException {
        file("deprovision.data=C:\\users\\data");
        assertThat(problems()).singleElement().asString().contains("config/application.properties", "/ instead of \\");

        Files.write(home.resolve("config/application.properties"), new byte[] {'a', '=', (byte) 0xe4, '\n'});
        assertThat(problems()).singleElement().asString().contains("UTF-8");
    }

    @Test
    void notepadsByteOrderMarkDoesNotHideTheFirstKey() throws IOException {
        file("\uFEFFdeprovision.concurrency=3");

        assertThat(settings().pace().concurrency()).isEqualTo(3);
    }

    @Test
    void aFileOfProtectedDevicesThatIsNotThereIsAProblem() {
        program.put("deprovision.guard.protected", "config/protected-device.csv");

        assertThat(problems()).singleElement().asString().contains("config/protected-device.csv", "not a file");
    }

    @Test
    void operatingSystemsAreAListAndAnyIsNoLimit() {
        program.put("deprovision.guard.operating-system", "Chrome OS, Windows");
        assertThat(settings().guard().operatingSystems()).containsExactly("Chrome OS", "Windows");

        program.put("deprovision.guard.operating-system", "any");
        assertThat(settings().guard().operatingSystems()).isEmpty();
    }

    @Test
    void columnsThatAreOnlyCarriedAlongAreAList() {
        assertThat(settings().requests().carriedColumns()).isEmpty();
        program.put("deprovision.columns.carried", "Serial Number 2, Device IP");
        assertThat(settings().requests().carriedColumns()).containsExactlyInAnyOrder("Serial Number 2", "Device IP");
    }

    @Test
    void aDefaultReasonThatIsNotAllowedIsAProblem() {
        program.put("deprovision.reason.allowed", "retired, lost");
        program.put("deprovision.reason.default", "sold");

        assertThat(problems()).singleElement().asString().startsWith("deprovision.reason.default=sold");
    }

    @Test
    void credentialsMayStandInFiles() throws IOException {
        Files.writeString(home.resolve("secret.txt"), SECRET + "\n");
        environment.remove("AZURE_CLIENT_SECRET");
        environment.put("AZURE_CLIENT_SECRET_FILE", "secret.txt");
        assertThat(settings().tenants().get("default").credential())
                .isEqualTo(new ClientSecret(
                        new SecretReference(new Secret(SECRET), Optional.of(home.resolve("secret.txt")))));

        environment.put("AZURE_CLIENT_SECRET", SECRET);
        assertThat(problems()).singleElement().asString().contains("both").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @MethodSource("org.deprovisioner.settings.TextFileTest#spellings")
    void aFileOfASecretMayBeWrittenByAnyShell(byte[] written) throws IOException {
        Path file = Files.write(home.resolve("secret.txt"), written);
        environment.remove("AZURE_CLIENT_SECRET");
        environment.put("AZURE_CLIENT_SECRET_FILE", "secret.txt");
        environment.put("CAMEL_VAULT_HASHICORP_HOST", "vault.example.com");
        environment.put("DEPROVISION_VAULT_TOKEN_FILE", "secret.txt");

        SecretReference kept = new SecretReference(new Secret(TextFileTest.SECRET), Optional.of(file));
        assertThat(only(settings()).credential()).isEqualTo(new ClientSecret(kept));
        assertThat(settings().vault().orElseThrow().token()).isEqualTo(kept);
        assertThat(kept.now()).isEqualTo(kept.atStart());
    }

    @Test
    void aFileOfASecretThatIsNoTextIsAProblemThatDoesNotShowIt() throws IOException {
        Files.write(home.resolve("secret.txt"), (SECRET + "é").getBytes(StandardCharsets.ISO_8859_1));
        environment.remove("AZURE_CLIENT_SECRET");
        environment.put("AZURE_CLIENT_SECRET_FILE", "secret.txt");

        assertThat(problems())
                .singleElement()
                .asString()
                .contains("AZURE_CLIENT_SECRET_FILE=secret.txt", "neither UTF-8 nor UTF-16", "Save it as UTF-8")
                .doesNotContain(SECRET);
    }

    @Test
    void aFileOfACredentialThatIsMissingOrEmptyIsAProblem() throws IOException {
        environment.remove("AZURE_CLIENT_SECRET");
        environment.put("AZURE_CLIENT_SECRET_FILE", "secret.txt");
        assertThat(problems()).singleElement().asString().contains("secret.txt", "cannot be read");

        Files.writeString(home.resolve("secret.txt"), "\n");
        assertThat(problems()).singleElement().asString().contains("secret.txt", "empty");
    }

    @Test
    void commandsThatDoNotCallGraphNeedNoCredentials() {
        environment.clear();

        Settings settings = reader().read().settings();

        assertThat(settings.tenants()).containsOnlyKeys("default");
    }

    @Test
    void aSecretIsNeverTakenFromTheCommandLine() {
        environment.put("DEPROVISION_BROKER_USER", "service");
        system.put("deprovision.broker.password", SECRET);

        assertThat(problems()).singleElement().asString().contains("command line", "DEPROVISION_BROKER_PASSWORD");
    }

    @Test
    void noSecretIsEverShown() throws IOException {
        environment.put("DEPROVISION_BROKER_USER", "service");
        environment.put("DEPROVISION_BROKER_PASSWORD", SECRET);
        file("camel.main.name=test");
        Configuration configuration = reader().readWithCredentials();
        assertThat(configuration.toString()).doesNotContain(SECRET);

        file(
                "deprovision.broker.pasword=" + SECRET,
                "deprovision.clientsecret=" + SECRET,
                "deprovision.tenants.north.client-secret=" + SECRET,
                "deprovision.ledger.url=jdbc:postgresql://me:" + SECRET + "@db/ledger?password=" + SECRET,
                "deprovision.graph.base-url=https://me:" + SECRET + "@example.com",
                "AZURE_CLIENT_CERTIFICATE_PASSWORD=" + SECRET);
        system.put("deprovision.broker.password", SECRET);
        assertThat(problems()).hasSize(6).noneMatch(problem -> problem.contains(SECRET));
    }

    @Test
    void foreignKeysReachCamelUntouchedTogetherWithTheEffectiveSettings() throws IOException {
        file("camel.main.name=mine", "teams.url=https://example.com", "deprovision.quota.window=5s");

        Configuration configuration = reader().read();
        assertThat(configuration.others())
                .containsEntry("camel.main.name", "mine")
                .containsEntry("teams.url", "https://example.com");
        assertThat(configuration.placeholders())
                .containsEntry("deprovision.quota.window", "5s")
                .containsEntry("deprovision.data", home.resolve("data").toString())
                .doesNotContainKeys("AZURE_CLIENT_SECRET", "deprovision.broker.password", "deprovision.reason.default");
    }

    @Test
    void theDefaultsForADemoTakeOnlyForeignKeysOfAUser() throws IOException {
        file("deprovision.concurrency=1", "deprovision.nonsense=1", "camel.main.name=mine");

        Configuration configuration =
                SettingsReader.ofDefaults(home, credentials()).readWithCredentials();

        assertThat(configuration.settings().pace().concurrency()).isEqualTo(16);
        assertThat(configuration.others()).containsOnlyKeys("camel.main.name");
    }

    @Test
    void anotherFolderMayHoldTheFileAndMustThenHaveIt() throws IOException {
        environment.put("DEPROVISION_CONFIG", "elsewhere");
        assertThat(problems()).singleElement().asString().contains("elsewhere", "is not there");

        Files.createDirectory(home.resolve("elsewhere"));
        Files.writeString(home.resolve("elsewhere/application.properties"), "deprovision.concurrency=5");
        assertThat(settings().pace().concurrency()).isEqualTo(5);
        assertThat(reader().read().folder()).isEqualTo(home.resolve("elsewhere"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS_PROXY", "https_proxy"})
    void aProxyIsTakenAsOtherProgramsTakeIt(String name) {
        environment.put(name, "http://jane:p%40ss%3A%2F@proxy.example.com:3128/");
        environment.put(name.replace("HTTPS", "NO").replace("https", "no"), "localhost, .example.com");

        assertThat(settings().graph().proxy())
                .contains(new Settings.Proxy(
                        "proxy.example.com",
                        3128,
                        Optional.of("jane"),
                        Optional.of(new Secret("p@ss:/")),
                        Set.of("localhost", ".example.com")));
    }

    @Test
    void aProxyThatCannotBeUsedIsAProblemThatShowsNoPassword() {
        environment.put("HTTPS_PROXY", "https://jane:" + SECRET + "@proxy:3128");

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("HTTPS_PROXY=********")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "global, https://login.microsoftonline.com, https://graph.microsoft.com/beta",
        "usgov, https://login.microsoftonline.us, https://graph.microsoft.us/beta",
        "usgov-dod, https://login.microsoftonline.us, https://dod-graph.microsoft.us/beta",
        "china, https://login.chinacloudapi.cn, https://microsoftgraph.chinacloudapi.cn/beta",
    })
    void aCloudSetsSignInAndGraphTogether(String cloud, String authority, String graph) {
        environment.put("DEPROVISION_CLOUD", cloud);

        Configuration configuration = reader().readWithCredentials();
        assertThat(configuration.settings().graph().baseUrl()).hasToString(graph);
        assertThat(configuration.placeholders()).containsEntry("deprovision.graph.base-url", graph);
        assertThat(only(configuration.settings()).authority()).hasToString(authority + "/contoso.onmicrosoft.com");

        environment.put("AZURE_AUTHORITY_HOST", authority + "/");
        assertThat(only(settings()).authority()).hasToString(authority + "/contoso.onmicrosoft.com");
        environment.put("AZURE_AUTHORITY_HOST", authority.replace("https://", ""));
        assertThat(only(settings()).authority()).hasToString(authority + "/contoso.onmicrosoft.com");
    }

    @ParameterizedTest
    @CsvSource({
        "AZURE_AUTHORITY_HOST, https://login.microsoftonline.us, DEPROVISION_DRY_RUN, false",
        "AZURE_AUTHORITY_HOST, https://login.chinacloudapi.cn, DEPROVISION_CLOUD, usgov",
        "DEPROVISION_GRAPH_BASE_URL, https://graph.microsoft.us/beta, DEPROVISION_DRY_RUN, false",
        "DEPROVISION_GRAPH_BASE_URL, https://graph.microsoft.us/beta, DEPROVISION_CLOUD, usgov-dod",
        "DEPROVISION_AUTHORITY, https://login.microsoftonline.com/x, DEPROVISION_CLOUD, china",
    })
    void aMixOfCloudsIsRefused(String one, String value, String other, String otherValue) {
        environment.put(one, value);
        environment.put(other, otherValue);

        assertThat(problems()).singleElement().asString().contains(value, "mixes clouds", "deprovision.cloud");
    }

    @Test
    void aCertificateAMachineAClusterOrAPersonSignsInWithoutASecret() throws IOException {
        environment.remove("AZURE_CLIENT_SECRET");
        Path file = Files.writeString(home.resolve("app.pem"), "certificate");
        Path password = Files.writeString(home.resolve("password"), SECRET);
        environment.put("DEPROVISION_AUTH", "client-certificate");
        assertThat(problems()).singleElement().asString().startsWith("AZURE_CLIENT_CERTIFICATE_PATH is missing");
        environment.put("AZURE_CLIENT_CERTIFICATE_PATH", "app.pem");
        environment.put("AZURE_CLIENT_CERTIFICATE_PASSWORD_FILE", "password");
        environment.put("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "true");
        assertThat(only(settings()).credential())
                .isEqualTo(new ClientCertificate(
                        file, Optional.of(new SecretReference(new Secret(SECRET), Optional.of(password))), true));

        environment.put("DEPROVISION_AUTH", "workload-identity");
        environment.put("AZURE_FEDERATED_TOKEN_FILE", "app.pem");
        assertThat(only(settings()).credential()).isEqualTo(new WorkloadIdentity(file));
        environment.put("AZURE_FEDERATED_TOKEN_FILE", "nowhere");
        assertThat(problems()).singleElement().asString().contains("nowhere", "not a file");

        environment.put("DEPROVISION_AUTH", "device-code");
        assertThat(only(settings()).credential()).isEqualTo(new DeviceCode());

        environment.put("DEPROVISION_AUTH", "managed-identity");
        environment.remove("AZURE_TENANT_ID");
        environment.remove("AZURE_CLIENT_ID");
        assertThat(only(settings()).credential()).isEqualTo(new ManagedIdentity());
    }

    @Test
    void namedTenantsHaveWhatTheySayAndElseWhatIsSetForAll() throws IOException {
        file(
                "deprovision.tenants.north.tenant-id=north.example.com",
                "deprovision.tenants.north-east.tenant-id=ne.example.com",
                "deprovision.tenants.north-east.quota.requests=50",
                "deprovision.tenants.north-east.auth=client-certificate",
                "deprovision.tenants.north-east.certificate=config/application.properties");
        Files.writeString(home.resolve("secret.txt"), "of-the-west");
        environment.put("DEPROVISION_TENANTS_WEST_TENANT_ID", "west.example.com");
        environment.put("DEPROVISION_TENANTS_WEST_CLIENT_SECRET_FILE", "secret.txt");
        environment.put("DEPROVISION_TENANTS_NORTH_EAST_CLIENT_ID", "app-ne");
        environment.put("DEPROVISION_QUOTA_READS", "900");

        Map<String, Settings.Tenant> tenants = settings().tenants();
        assertThat(tenants).containsOnlyKeys("north", "north-east", "west");
        Settings.Tenant north = tenants.get("north");
        assertThat(north.authority()).hasToString("https://login.microsoftonline.com/north.example.com");
        assertThat(north.clientId()).isEqualTo("4d5e6f70-0000-4000-8000-000000000001");
        assertThat(north.credential())
                .isEqualTo(new ClientSecret(new SecretReference(new Secret(SECRET), Optional.empty())));
        assertThat(north.quota()).isEqualTo(new Settings.Quota(200, Duration.ofSeconds(20), 900));
        assertThat(tenants.get("north-east").clientId()).isEqualTo("app-ne");
        assertThat(tenants.get("north-east").quota()).isEqualTo(new Settings.Quota(50, Duration.ofSeconds(20), 900));
        assertThat(tenants.get("north-east").credential()).isInstanceOf(ClientCertificate.class);
        assertThat(tenants.get("west").credential())
                .isEqualTo(new ClientSecret(
                        new SecretReference(new Secret("of-the-west"), Optional.of(home.resolve("secret.txt")))));
        Map<String, Settings.Tenant> unread = reader().read().settings().tenants();
        assertThat(unread).containsOnlyKeys("north", "north-east", "west");
        assertThat(unread.get("north-east").credential())
                .isEqualTo(new ClientCertificate(Path.of(""), Optional.empty(), false));
        assertThat(unread.get("west").credential())
                .isEqualTo(new ClientSecret(new SecretReference(new Secret(""), Optional.empty())));
    }

    @Test
    void aNamedTenantMustSayWhichItIsAndItsKeysAreKnownToo() throws IOException {
        file("deprovision.tenants.north.client-id=app", "deprovision.tenants.north.clientsecret=" + SECRET);

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "deprovision.tenants.north.tenant-id is missing. Set it, or DEPROVISION_TENANTS_NORTH_TENANT_ID in"
                                + " the environment.",
                        "deprovision.tenants.north.clientsecret=******** (config/application.properties) is not a setting."
                                + " Did you mean deprovision.tenants.north.client-secret?");
    }

    @Test
    void aTenantUnderTwoNamesIsAProblemThatNamesBothWhateverTheCase() throws IOException {
        file(
                "deprovision.tenants.north.tenant-id=Contoso.onmicrosoft.com",
                "deprovision.tenants.other.tenant-id=other.example.com");
        environment.put("DEPROVISION_TENANTS_SOUTH_TENANT_ID", " contoso.onmicrosoft.COM ");

        assertThat(problems())
                .singleElement()
                .asString()
                .contains(
                        "deprovision.tenants.north.tenant-id=Contoso.onmicrosoft.com",
                        "SOUTH",
                        "both name one tenant",
                        "Remove all but one")
                .doesNotContain("other");
    }

    @Test
    void twoIdentitiesOfThisMachineAreOfOneTenant() throws IOException {
        file(
                "deprovision.auth=managed-identity",
                "deprovision.tenants.north.client-id=one",
                "deprovision.tenants.south.tenant-id=south.example.com");

        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem).startsWith("deprovision.tenants.north.tenant-id is missing"))
                .anySatisfy(problem -> assertThat(problem).contains("the tenant whose identity this machine has"));
    }

    private static Settings.Tenant only(Settings settings) {
        return settings.tenants().get("default");
    }

    @Test
    void theShippedFileShowsEverySettingThatIsBuiltWithItsDefaultAndCanBeUsedAsItIs() throws IOException {
        Path shipped = Path.of("config/application.properties");
        List<String> shown = Files.readAllLines(shipped).stream()
                .filter(line -> line.matches("#[A-Za-z._-]+=.*"))
                .map(line -> line.substring(1))
                .toList();

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(KnownSettings.all().stream()
                        .filter(setting -> !setting.kind().rule().contains("is not built yet ("))
                        .filter(setting ->
                                !setting.key().endsWith("_FILE") || setting.equals(KnownSettings.FEDERATED_TOKEN))
                        .map(setting -> setting.key() + "=" + setting.standard())
                        .toList());
        file(Files.readString(shipped));
        assertThat(settings())
                .isEqualTo(SettingsReader.ofDefaults(home, credentials())
                        .readWithCredentials()
                        .settings());
    }

    @Test
    void noTwoSettingsShareAVariable() {
        assertThat(KnownSettings.all().stream().map(Setting::variable)).doesNotHaveDuplicates();
    }

    private Map<String, String> credentials() {
        return Map.copyOf(environment);
    }

    private void file(String... lines) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), String.join("\n", lines));
    }

    private SettingsReader reader() {
        return SettingsReader.of(home, environment, system, program);
    }

    private Settings settings() {
        return reader().readWithCredentials().settings();
    }

    private List<String> problems() {
        return catchThrowableOfType(SettingsException.class, () -> reader().readWithCredentials())
                .problems();
    }
}
