package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deprovisioner.doctor.Remark;
import org.deprovisioner.doctor.ServiceUserCheck;
import org.deprovisioner.graph.Certificates;
import org.deprovisioner.graph.RawServer;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import org.deprovisioner.simulator.SimulatorOptions.App;
import org.deprovisioner.vault.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command doctor as a user types it, against the simulator. */
class DoctorTest {

    @TempDir
    private Path home;

    private final Map<String, String> settings = new TreeMap<>();
    private Simulator simulator;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void start() throws Exception {
        installed = Installed.in(home);
        simulate(App.REGISTERED);
        settings.put("deprovision.broker.url", "none");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void simulate(App app) throws Exception {
        SimulatorOptions of = SimulatorOptions.in(home.resolve("simulator"));
        simulator =
                Simulator.start(new SimulatorOptions(of.folder(), 0, of.population(), of.limits(), app, of.showing()));
        settings.putAll(SimulatorCommand.settings(simulator));
    }

    private record Ended(int code, String out) {}

    private Ended doctor(String... options) throws Exception {
        Installed.Ended ended = installed
                .with(settings)
                .run(Stream.concat(Stream.of("doctor"), Stream.of(options)).toArray(String[]::new));
        assertThat(ended.all())
                .as("neither token nor secret")
                .doesNotContain("eyJ")
                .doesNotContain(settings.getOrDefault("AZURE_CLIENT_SECRET", simulator.clientSecret()));
        return new Ended(ended.code(), ended.all());
    }

    @Test
    void allIsWellAndNothingWasSentButReads() throws Exception {
        Ended well = doctor();
        assertThat(well.code()).as(well.out()).isZero();
        assertThat(well.out().lines()).allSatisfy(line -> assertThat(line).startsWith("ok "));
        assertThat(well.out())
                .contains(
                        "settings:",
                        "folders",
                        "ledger:",
                        "broker:",
                        "dns",
                        "tls",
                        "clock",
                        "token",
                        "permissions",
                        "read",
                        "licence",
                        "DeviceManagementManagedDevices.PrivilegedOperations.All")
                .doesNotContain("(no)");
        assertThat(simulator.calls())
                .filteredOn(call -> !call.path().endsWith("/token"))
                .extracting(Call::method)
                .containsOnly("GET");
    }

    @Test
    void whereApprovalIsAskedForItNamesThePermissionToSeeHowItStands() throws Exception {
        settings.put("deprovision.approval.justification", "Returned at the desk");
        assertThat(doctor().code()).isZero();
        simulator.close();
        simulate(App.REGISTERED.roles(Set.of(
                "DeviceManagementManagedDevices.PrivilegedOperations.All", "DeviceManagementManagedDevices.Read.All")));
        Ended lacking = doctor();
        assertThat(lacking.code()).isZero();
        assertThat(lacking.out())
                .containsPattern("warning  permissions .*lacks DeviceManagementRBAC.Read.All.*approval requests stand");
    }

    @Test
    void aVaultIsSaidToAnswerAndASealedOneWithWhatLiesInIt() throws Exception {
        try (StandIn vault = new StandIn()) {
            vault.put("secret/data/graph", "{\"key\":\"" + simulator.clientSecret() + "\"}");
            settings.putAll(vault.settings());
            Path both = home.resolve("both.pem");
            Files.writeString(
                    both,
                    Files.readString(Path.of(settings.getOrDefault("deprovision.tls.ca-file", ""))) + "\n"
                            + Files.readString(vault.caFile(home)));
            settings.put("deprovision.tls.ca-file", both.toString());
            settings.put("AZURE_CLIENT_SECRET", "{{hashicorp:secret:graph#key}}");
            Ended well = doctor();
            assertThat(well.code()).as(well.out()).isZero();
            assertThat(well.out())
                    .containsPattern("ok +vault \\(https://127.0.0.1:\\d+\\): It answers and is unsealed.");

            vault.seal(true);
            Ended sealed = doctor();
            assertThat(sealed.code()).isEqualTo(3);
            assertThat(sealed.out()).contains("AZURE_CLIENT_SECRET=********", "is sealed. Unseal it.");

            settings.put("AZURE_CLIENT_SECRET", simulator.clientSecret());
            Ended unused = doctor();
            assertThat(unused.code()).isEqualTo(5);
            assertThat(unused.out()).contains("error    vault", "It is sealed.");
            assertThat(unused.out()).doesNotContain(StandIn.TOKEN);
        }
    }

    @Test
    void jsonHasEveryLineAndTheExitCode() throws Exception {
        JsonNode json = JsonMapper.builder().build().readTree(doctor("--json").out());
        assertThat(json.get("exitCode").asInt()).isZero();
        assertThat(json.get("checks").findValuesAsText("level")).containsOnly("ok");
        assertThat(json.get("checks").get(0).fieldNames())
                .toIterable()
                .containsExactly("check", "subject", "level", "words", "remedy");
    }

    @Test
    void aWrongSecretIsSaidWithEntrasCodeAndTheRemedy() throws Exception {
        settings.put("AZURE_CLIENT_SECRET", "revoked-secret");
        Ended wrong = doctor();
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.out()).contains("error    token (default)", "AADSTS7000215", "-> The client secret is wrong");
    }

    @Test
    void wrongSettingsAreLinesToo() throws Exception {
        settings.remove("AZURE_CLIENT_SECRET");
        Ended wrong = doctor();
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.out())
                .contains("error    settings: AZURE_CLIENT_SECRET is missing", "ok       ledger:", "ok       folders");
        settings.put("deprovision.quota.request", "1");
        assertThat(doctor().out()).contains("deprovision.quota.requests");
    }

    @Test
    void missingPermissionsAreNamed() throws Exception {
        simulator.close();
        simulate(App.REGISTERED.roles(Set.of("DeviceManagementManagedDevices.Read.All")));
        Ended reading = doctor();
        assertThat(reading.code()).as(reading.out()).isZero();
        assertThat(reading.out())
                .contains(
                        "warning  permissions (default): The token lacks DeviceManagementManagedDevices.PrivilegedOperations.All",
                        "answered with 403");
        settings.put("deprovision.mode", "bulk");
        assertThat(doctor().out())
                .contains("warning  permissions (default): The token lacks", "deprovision.mode=bulk needs it");
        simulator.close();
        simulate(App.REGISTERED.roles(Set.of("User.Read.All")));
        Ended none = doctor();
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.out())
                .contains(
                        "error    permissions (default): The token has no permission that is known for deprovision",
                        "warning  permissions (default): The token lacks DeviceManagementManagedDevices.Read.All");
    }

    @Test
    void whatCannotBeReachedEndsWithFive() throws Exception {
        simulator.close();
        Ended away = doctor();
        assertThat(away.code()).as(away.out()).isEqualTo(5);
        assertThat(away.out()).contains("error    connection (localhost): No answer");
    }

    @Test
    void anAuthorityThatIsNotTrustedIsNamed() throws Exception {
        settings.remove("deprovision.tls.ca-file");
        Ended stranger = doctor();
        assertThat(stranger.code()).isEqualTo(5);
        assertThat(stranger.out()).contains("error    tls (localhost): Not trusted", "the chain ends with the issuer");
    }

    @Test
    void anEntraThatNobodyVouchesForIsToldFromAGraphThatIsTrusted() throws Exception {
        try (RawServer stranger =
                RawServer.tls(Certificates.selfSigned("127.0.0.1"), RawServer.always(RawServer.json(200, "{}")))) {
            settings.put("deprovision.authority", stranger.uri("/contoso").toString());
            Ended ended = doctor();
            assertThat(ended.code()).isEqualTo(5);
            assertThat(ended.out())
                    .contains(
                            "ok       tls (localhost)",
                            "error    tls (127.0.0.1): Not trusted",
                            "'CN=127.0.0.1', good until ",
                            "itself alone (self-signed)",
                            "error    token (default)");
            assertThat(stranger.requests).isEmpty();
        }
    }

    @Test
    void aTenantWithoutALicenceIsSaid() throws Exception {
        simulator.fault(
                Fault.Match.ALL.path("/managedDevices$"),
                Effect.error(400, "Request_NotApplicableToTargetTenant: the tenant has no valid license"));
        Ended none = doctor();
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.out()).contains("error    licence (default)");
    }

    @Test
    void aPauseAndAStopFileAreWarnings() throws Exception {
        Path data = Files.createDirectories(home.resolve("data"));
        try (Ledger ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), Clock.systemUTC())) {
            ledger.pauses().pause("default", Pause.EndsBy.PROBE, "token", "No token.", "Mend it.", "Deprovisioner");
        }
        Files.createFile(data.resolve("STOP"));
        Ended paused = doctor();
        assertThat(paused.code()).isZero();
        assertThat(paused.out()).contains("warning  ledger (default): Paused since", "stops every call");
    }

    @Test
    void whatCannotBeARuleOfTheProtectedListIsNamedLineByLine() throws Exception {
        protect("id,serialNumber,Remark\n,1.23457E+14,\n3f9d6a4e-6c1b,,the head's\n,,a note\n");
        Ended flawed = doctor();
        assertThat(flawed.code()).isEqualTo(3);
        assertThat(flawed.out())
                .contains(
                        "error    protected: ",
                        "line 2, column serialNumber: '1.23457E+14' is a number that a spreadsheet has rounded",
                        "line 3, column managedDeviceId: '3f9d6a4e-6c1b' is not a whole id",
                        "line 4, nothing stands in a column that protects",
                        "nothing is sent");
    }

    @Test
    void rulesThatFitNoDeviceAreNamed() throws Exception {
        String real = simulator.population().devices().findFirst().orElseThrow().serialNumber();
        protect("serialNumber,Remark\n" + real.toLowerCase(java.util.Locale.ROOT) + ",\nNO-SUCH-SERIAL,lent\n");
        Ended mistyped = doctor();
        assertThat(mistyped.code()).isZero();
        assertThat(mistyped.out())
                .contains("ok       protected: 2 rules", "No rules are in the columns: Remark")
                .containsPattern(
                        "warning  protected: 1 of 2 rules match none of the [\\d,]+ devices of the tenants: line 3,"
                                + " serialNumber 'NO-SUCH-SERIAL'");
        protect("serialNumber\n" + real + "\n");
        assertThat(doctor().out()).contains("ok       protected: Each rule matches a device");
    }

    private void protect(String list) throws Exception {
        Path file = Files.writeString(home.resolve("protected.csv"), list);
        settings.put("deprovision.guard.protected", file.toString());
    }

    @Test
    void aDataFolderThatCannotBeMadeIsSaidBeforeRunFailsOnIt() throws Exception {
        Path file = Files.writeString(home.resolve("a-file"), "");
        settings.put("deprovision.data", file.resolve("data").toString());
        Ended wrong = doctor();
        assertThat(wrong.code()).as(wrong.out()).isEqualTo(3);
        assertThat(wrong.out())
                .contains("error    folders (data): " + file.resolve("data") + " cannot be made, for " + file
                        + " is no folder.");
        Path deep = home.resolve("a/b/data");
        settings.put("deprovision.data", deep.toString());
        assertThat(doctor().out())
                .contains("ok       folders (data): " + deep + " is not there yet and can be made")
                .contains("MiB left");
        assertThat(home.resolve("a")).as("it looks and leaves nothing").doesNotExist();
    }

    @Test
    void aFileInThePlaceOfAFolderOfOursIsNamed() throws Exception {
        Path data = Files.createDirectories(home.resolve("data"));
        Files.writeString(data.resolve("results"), "");
        Ended wrong = doctor();
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.out()).contains("error    folders (data): " + data.resolve("results") + " is no folder");
    }

    @Test
    void whoIsNotTheServicesUserIsToldThatThisHoldsForHimAlone() throws Exception {
        Path data = Files.createDirectories(home.resolve("data"));
        String owner = Files.getOwner(data).getName();
        Settings read = SettingsReader.ofDefaults(home, Map.of("deprovision.data", data.toString()))
                .read()
                .settings();
        assertThat(new ServiceUserCheck(read, owner).look())
                .singleElement()
                .extracting(Remark::level)
                .isEqualTo(Remark.Level.OK);
        assertThat(new ServiceUserCheck(read, "visitor").look()).singleElement().satisfies(remark -> {
            assertThat(remark.level()).isEqualTo(Remark.Level.WARNING);
            assertThat(remark.words()).contains("You are 'visitor'", "belongs to '" + owner + "'");
        });
    }

    @Test
    void aLedgerOfAnOlderVersionIsAnErrorForNothingButTheStartOfAServiceBringsItUpToDate() throws Exception {
        Path file = Files.createDirectories(home.resolve("data")).resolve("ledger.db");
        Ledger.open("jdbc:sqlite:" + file, Clock.systemUTC()).close();
        assertThat(doctor().out()).contains("ok       ledger: It can be read and written, and is of this version");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from flyway_schema_history where version = '230'");
        }
        byte[] before = Files.readAllBytes(file);
        Ended older = doctor();
        assertThat(older.code()).as(older.out()).isEqualTo(Exit.SETTINGS.code());
        assertThat(older.out())
                .contains(
                        "error    ledger: " + file + " is of an older version", "Restart the service: deprovision run");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void itWorksBesideAService() throws Exception {
        Path data = Files.createDirectories(home.resolve("data"));
        try (ServiceLock service = ServiceLock.acquireOrRefuse(data)) {
            assertThat(service).isNotNull();
            assertThat(doctor().code()).isZero();
        }
    }
}
