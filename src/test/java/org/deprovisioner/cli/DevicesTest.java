package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.cli.FleetStandIn.Answer;
import org.deprovisioner.cli.Installed.Ended;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tenant's devices are listed whole, each once, or what is missing is said. */
class DevicesTest {

    private static final int DEVICES = 10_000;

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private FleetStandIn graph;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(home);
        graph = new FleetStandIn(DEVICES);
        stage.set("deprovision.graph.base-url", graph.baseUrl());
        installed = Installed.in(home).with(stage.settings());
    }

    @AfterEach
    void end() {
        graph.close();
        stage.close();
    }

    private Ended devices(String... arguments) throws Exception {
        String[] all = Stream.concat(Stream.of("devices"), Stream.of(arguments)).toArray(String[]::new);
        return installed.run(all);
    }

    private static List<String> ids(String csv) {
        return csv.lines().skip(1).map(line -> line.split(",", 2)[0]).toList();
    }

    @Test
    void allPagesAreReadAndWhatTheGuardWouldRefuseIsLeftOutAndSaid() throws Exception {
        Ended listed = devices();
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(listed.out().lines().findFirst())
                .contains("managedDeviceId,serialNumber,deviceName,userPrincipalName,model,enrolledDateTime,"
                        + "lastSyncDateTime,managementState,deprovisionReason,listedUtc");
        assertThat(ids(listed.out()))
                .hasSize(DEVICES / 2)
                .doesNotHaveDuplicates()
                .contains(FleetStandIn.id(9_998));
        assertThat(listed.err())
                .contains("5,000 devices listed of 10,000 that were read", "5,000 of another operating system");
        assertThat(graph.queries()).hasSize(10);
    }

    @Test
    void filtersLeaveOutAndSayHowManyAndWhy() throws Exception {
        graph.with(FleetStandIn.device(FleetStandIn.id(DEVICES), "CB-Ω1", "Chrome OS", "0001-01-01T00:00:00Z"));
        Ended old = devices("--not-synced-for", "180d", "--name", "cb-*");
        assertThat(ids(old.out())).hasSize(DEVICES / 4);
        assertThat(old.err()).contains("2,500 synced since", "1 whose last sync Graph does not tell");
        Ended early = devices("--enrolled-before", "2019-08-01", "--os", "any", "--model", "=model*");
        assertThat(ids(early.out())).isEmpty();
        assertThat(early.err()).contains("10,001 not enrolled before that");
        assertThat(ids(devices("--name", "cb-ω*").out())).containsExactly(FleetStandIn.id(DEVICES));
        assertThat(devices("--user", " ").code()).isEqualTo(2);
        assertThat(devices("--not-synced-for", "soon").err()).contains("'soon' is not a span of time");
    }

    @Test
    void aFilterThatGraphIgnoresIsAppliedAllTheSameAndOneThatItRejectsToo() throws Exception {
        Ended ignored = devices("--user", "CB-00042@school.example");
        assertThat(ids(ignored.out())).containsExactly(FleetStandIn.id(42));
        assertThat(graph.queries().get(0)).contains("$filter=userPrincipalName eq 'CB-00042@school.example'");
        graph.answering((page, request) -> graph.queries().get(request - 1).contains("$filter")
                ? Optional.of(FleetStandIn.error(400, "BadRequest"))
                : Optional.empty());
        Ended rejected = devices("--name", "cb-00042");
        assertThat(rejected.code()).isZero();
        assertThat(ids(rejected.out())).containsExactly(FleetStandIn.id(42));
        assertThat(rejected.err()).contains("Graph does not filter by this");
    }

    @Test
    void whatIsAnsweredWith429Or503IsAskedForAgain() throws Exception {
        graph.answering((page, request) -> request % 3 == 1
                ? Optional.of(FleetStandIn.error(429, "TooManyRequests"))
                : request == 5 ? Optional.of(FleetStandIn.error(503, "ServiceUnavailable")) : Optional.empty());
        Ended listed = devices();
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(ids(listed.out())).hasSize(DEVICES / 2).doesNotHaveDuplicates();
    }

    @Test
    void aPageThatComesTwiceIsListedOnceAndSaid() throws Exception {
        graph.answering((page, request) ->
                page == 3 ? Optional.of(new Answer(200, graph.page(2, Optional.of(4)))) : Optional.empty());
        Ended listed = devices();
        assertThat(listed.code()).isEqualTo(1);
        assertThat(ids(listed.out())).hasSize(4_500).doesNotHaveDuplicates();
        assertThat(listed.err())
                .contains("1,000 came more than once, and are listed once")
                .contains("PERHAPS MISSING: 1 page");
    }

    @Test
    void aListThatGoesInACircleEndsAndIsNoFile() throws Exception {
        graph.answering((page, request) ->
                page == 4 ? Optional.of(new Answer(200, graph.page(4, Optional.of(4)))) : Optional.empty());
        Path file = home.resolve("all.csv");
        Ended circle = devices("--output", file.toString());
        assertThat(circle.code()).isEqualTo(1);
        assertThat(circle.err()).contains("MISSING", "circle", "was not written");
        graph.answering((page, request) ->
                page >= 4 ? Optional.of(new Answer(200, graph.page(4, Optional.of(page + 1)))) : Optional.empty());
        assertThat(devices("--output", file.toString()).err()).contains("MISSING", "brings no new device");
        assertThat(file).doesNotExist();
        assertThat(home).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void theNextPageIsNeverFollowedToAnotherHost() throws Exception {
        graph.answering((page, request) -> page == 0
                ? Optional.of(new Answer(
                        200,
                        graph.page(0, Optional.of(1)).replace(graph.link(1), String.valueOf(FleetStandIn.elsewhere()))))
                : Optional.empty());
        Ended listed = devices();
        assertThat(listed.code()).isEqualTo(1);
        assertThat(ids(listed.out())).hasSize(500);
        assertThat(listed.err()).contains("MISSING: all devices after the 1,000 that were read", "never followed");
    }

    @Test
    void whatCannotBeReadIsSaidWithItsExitCode() throws Exception {
        graph.answering((page, request) ->
                page == 2 ? Optional.of(FleetStandIn.error(500, "InternalServerError")) : Optional.empty());
        Ended broken = devices();
        assertThat(broken.code()).isEqualTo(5);
        assertThat(broken.err()).contains("MISSING: all devices after the 2,000 that were read");
        graph.answering((page, request) -> Optional.of(FleetStandIn.error(403, "Forbidden")));
        Ended forbidden = devices();
        assertThat(forbidden.code()).isEqualTo(3);
        assertThat(forbidden.err()).contains("DeviceManagementManagedDevices.Read.All");
        graph.answering((page, request) -> Optional.of(new Answer(200, "{\"value\":[{\"id\":7}]}")));
        Ended strange = devices();
        assertThat(strange.code()).isEqualTo(1);
        assertThat(strange.err()).contains("MISSING: 1 entry of Graph's list is not like a device");
    }

    @Test
    void aFileIsWrittenWholeAndNeverOverAnother() throws Exception {
        Path file = home.resolve("all.csv");
        Ended written = devices("--output", file.toString());
        assertThat(written.code()).as(written.err()).isZero();
        assertThat(written.out()).isEmpty();
        assertThat(written.err()).contains("Written: " + file, "deprovision plan " + file);
        assertThat(file).content().startsWith("\ufeffmanagedDeviceId,").contains(",'=Model 1,");
        String before = Files.readString(file);
        Ended again = devices("--output", file.toString(), "--os", "any");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("is there already");
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void aListIsPlannedAsItIsAndARowWithoutAReasonIsInvalidWhateverTheDefault() throws Exception {
        stage.settings().remove("deprovision.graph.base-url");
        stage.settings().putAll(SimulatorCommand.settings(stage.simulator));
        stage.set("deprovision.reason.default", "Device returned");
        installed.with(stage.settings());
        Path list = home.resolve("all.csv");
        assertThat(devices("--output", list.toString()).code()).isZero();
        List<String> lines = Files.readAllLines(list);
        List<String> some =
                Stream.of(lines.get(0), reasoned(lines.get(1)), lines.get(2)).toList();
        Path edited = Files.write(home.resolve("edited.csv"), some);
        Files.createDirectories(home.resolve("routes"));
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path route : routes.toList()) {
                Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
            }
        }
        Ended plan = installed.run("plan", edited.toString());
        assertThat(plan.out())
                .contains("1 would be deprovisioned", "1 would be refused", "no default fills it")
                .contains("carried along unread: 'model', 'enrolledDateTime', 'lastSyncDateTime', 'managementState',");
    }

    @Test
    void severalTenantsAreListedWithTheirNamesAndOneThatRefusesIsSaid() throws Exception {
        try (EntraStandIn fabrikam = new EntraStandIn(stage)) {
            Path secret = Files.writeString(home.resolve("secret"), stage.simulator.clientSecret());
            stage.set("deprovision.tenants.contoso.tenant-id", stage.simulator.tenantId())
                    .set("deprovision.tenants.fabrikam.tenant-id", "fabrikam.example.com")
                    .set("deprovision.tenants.fabrikam.authority", fabrikam.authority())
                    .set("deprovision.tenants.fabrikam.client-secret-file", secret.toString());
            installed.with(stage.settings());
            Ended both = devices("--name", "CB-0000*");
            assertThat(both.code()).as(both.err()).isZero();
            assertThat(both.out().lines().findFirst().orElse("")).endsWith(",listedUtc,tenant");
            assertThat(both.out().lines().filter(line -> line.endsWith(",contoso")))
                    .hasSize(5);
            assertThat(both.out().lines().filter(line -> line.endsWith(",fabrikam")))
                    .hasSize(5);
            Files.writeString(secret, "revoked");
            Ended refused = devices("--name", "CB-0000*");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.out().lines().filter(line -> line.endsWith(",contoso")))
                    .hasSize(5);
            assertThat(refused.err()).contains("Tenant 'fabrikam': 0 devices listed", "MISSING", "AADSTS7000215");
            assertThat(devices("--tenant", "contoso", "--name", "CB-0000*").code())
                    .isZero();
            assertThat(devices("--tenant", "adatum").err()).contains("'adatum' is not a configured tenant");
        }
    }

    private static String reasoned(String line) {
        return line.replaceFirst(",,(\\d{4}-[^,]*)$", ",Device returned,$1");
    }
}
