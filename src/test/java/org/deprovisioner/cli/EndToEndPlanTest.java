package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Plan;
import org.deprovisioner.service.HandOver;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a file would do is seen before anything is done, and then that is done and nothing else. */
class EndToEndPlanTest {

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(home).set("deprovision.guard.max-per-batch", "5");
        installed = Installed.in(home).with(stage.settings());
        Path routes = Files.createDirectories(home.resolve("routes"));
        try (Stream<Path> ours = Files.list(Path.of("routes"))) {
            for (Path route : ours.toList()) {
                Files.copy(route, routes.resolve(route.getFileName()));
            }
        }
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Ended run(String... arguments) {
        return installed.run(arguments);
    }

    private String file(String name, String... rows) throws IOException {
        return Files.writeString(home.resolve(name), Stage.HEADER + "\n" + String.join("\n", rows) + "\n")
                .toString();
    }

    private ManagedDevice changed(ManagedDevice device, String user, String owner, Instant lastSync) {
        ManagedDevice other = new ManagedDevice(
                device.id(),
                device.deviceName(),
                device.serialNumber(),
                device.operatingSystem(),
                device.osVersion(),
                device.model(),
                user,
                device.azureADDeviceId(),
                owner,
                device.managementState(),
                device.enrolledDateTime(),
                lastSync,
                List.of());
        stage.simulator.population().add(other);
        return other;
    }

    private Map<String, Outcome> outcomes(String batch) {
        return stage.results(batch).stream()
                .collect(java.util.stream.Collectors.toMap(
                        row -> row.cells().get(0), row -> row.outcome().orElseThrow()));
    }

    @Test
    void aPlanShowsEachDeviceAndSendsAndRecordsNothing() throws Exception {
        ManagedDevice plain = stage.next();
        ManagedDevice ada = changed(stage.next(), "ada@school.example", "personal", Instant.now());
        String file = file("leavers.csv", Stage.row(plain), Stage.row(ada), "CB-1,x", Stage.row(plain));
        Files.writeString(
                home.resolve("routes").resolve("tell-the-world.camel.yaml"), """
                - route:
                    id: tell-the-world
                    description: A route of the user's own.
                    from:
                      uri: ledger:dead-letters
                      steps:
                        - to:
                            id: tell
                            uri: file:%s
                """.formatted(home.resolve("told")));

        Ended shown = run("plan", file);

        assertThat(shown.code()).isEqualTo(1);
        assertThat(LoggerFactory.getLogger("org.deprovisioner.intake").isInfoEnabled())
                .as("that rows were taken in would be said, and is not true")
                .isFalse();
        assertThat(shown.out())
                .contains(plain.deviceName(), plain.serialNumber(), plain.model(), "ada@school.example")
                .contains("look twice: active in the last 7 days, personal device")
                .contains("CB-1", "is not a device id", "Waits for leavers line")
                .contains("2 would be deprovisioned", "1 would be refused", "1 would wait")
                .contains("2 devices take at least", Stage.REASON, "Nothing was sent");
        assertThat(stage.actions()).isEmpty();
        assertThat(stage.ledger().batches().all()).isEmpty();
        assertThat(home.resolve("told")).doesNotExist();
        try (Stream<Path> left = Files.list(stage.data)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".plan"));
        }
    }

    @Test
    void ofManyRowsThatAreRefusedAlikeTheFirstFiveSayWhy() throws Exception {
        String[] strangers = IntStream.range(10, 18)
                .mapToObj("0a0a0a0a-0000-4000-8000-0000000000%d,Device returned"::formatted)
                .toArray(String[]::new);
        Ended shown = run("plan", file("strangers.csv", strangers));
        assertThat(shown.out().lines().filter(line -> line.contains("  refuse")))
                .hasSize(strangers.length);
        assertThat(shown.out().lines().filter(line -> line.contains("not-found: ")))
                .hasSize(5);
        assertThat(shown.out().replaceAll("\\s+", " "))
                .contains("the first 5 say why, and 3 more do not. --json shows all.");
    }

    @Test
    void aPlanForeseesWhatTheLedgerKnowsAndTheLimits() throws Exception {
        List<ManagedDevice> devices = stage.next(6);
        assertThat(run("submit", "--yes", "--wait", file("first.csv", Stage.row(devices.get(0))))
                        .code())
                .isZero();

        Ended again = run("plan", "--json", file("first.csv", Stage.row(devices.get(0))));
        assertThat(again.code()).isZero();
        assertThat(again.out()).doesNotContain("more than usual");
        JsonNode plan = JsonMapper.builder().build().readTree(again.out());
        assertThat(plan.at("/rows/0/would").asText()).isEqualTo("skip");
        assertThat(plan.at("/rows/0/outcome").asText()).isEqualTo("duplicate");

        Ended many =
                run("plan", file("many.csv", devices.stream().map(Stage::row).toArray(String[]::new)));
        assertThat(many.code()).isZero();
        assertThat(many.out()).contains("5 devices are more than usual", "has 1 row.");
        List<ManagedDevice> more = stage.next(6);
        Ended tooMany =
                run("plan", file("more.csv", more.stream().map(Stage::row).toArray(String[]::new)));
        assertThat(tooMany.code()).isEqualTo(4);
        assertThat(tooMany.out()).contains("6 would be held", "deprovision.guard.max-per-batch");
        assertThat(stage.actions()).hasSize(1);
    }

    @Test
    void aPlanIsAppliedAsItWasShownAndNoDeviceThatHasChangedSince() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        String unknown = "0a0a0a0a-0000-4000-8000-00000000000a";
        String file = file(
                "leavers.csv",
                Stage.row(devices.get(0)),
                Stage.row(devices.get(1)),
                unknown + ",Device returned",
                Stage.row(devices.get(2)));
        String plan = home.resolve("plan.json").toString();
        assertThat(run("plan", file, "--out", plan).code()).isEqualTo(1);

        changed(devices.get(1), "somebody@else.example", "company", Instant.EPOCH);
        ManagedDevice late = devices.get(3);
        stage.simulator
                .population()
                .add(new ManagedDevice(
                        unknown,
                        late.deviceName(),
                        "LATE",
                        late.operatingSystem(),
                        late.osVersion(),
                        late.model(),
                        late.userPrincipalName(),
                        late.azureADDeviceId(),
                        "company",
                        "managed",
                        late.enrolledDateTime(),
                        late.lastSyncDateTime(),
                        List.of()));
        Ended applied = run("submit", "--yes", "--wait", "--plan", plan);

        assertThat(applied.code()).as(applied.err()).isEqualTo(1);
        assertThat(outcomes("leavers"))
                .isEqualTo(Map.of(
                        devices.get(0).id(),
                        Outcome.DEPROVISIONED,
                        devices.get(1).id(),
                        Outcome.MISMATCH,
                        unknown,
                        Outcome.MISMATCH,
                        devices.get(2).id(),
                        Outcome.DEPROVISIONED));
        assertThat(stage.results("leavers"))
                .extracting(Result::error)
                .anyMatch(error -> error.contains("somebody@else.example"))
                .anyMatch(error -> error.contains("The plan sends nothing for this row"));
        assertThat(stage.actions()).hasSize(2);
    }

    @Test
    void aPlanThatIsSubmittedOnAPageSendsNothingAtAllWhereOneDeviceHasChanged() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        Path plan = home.resolve("plan.json");
        String file = file("leavers.csv", devices.stream().map(Stage::row).toArray(String[]::new));
        assertThat(run("plan", file, "--out", plan.toString()).code()).isZero();
        changed(devices.get(1), "somebody@else.example", "company", Instant.EPOCH);
        stage.start();
        submitOnAPage(file, "first.csv", plan);
        stage.until("first", now -> now.rows() == 3 && now.in(State.DEAD) == 3);
        assertThat(outcomes("first"))
                .isEqualTo(Map.of(
                        devices.get(0).id(),
                        Outcome.REFUSED_BY_GUARD,
                        devices.get(1).id(),
                        Outcome.MISMATCH,
                        devices.get(2).id(),
                        Outcome.REFUSED_BY_GUARD));
        assertThat(stage.results("first"))
                .extracting(Result::error)
                .anyMatch(error -> error.contains("1 device of its plan has changed"));
        assertThat(stage.actions()).isEmpty();

        assertThat(run("plan", file, "--out", plan.toString()).code()).isZero();
        submitOnAPage(file, "second.csv", plan);
        stage.until("second", now -> now.rows() == 3 && now.in(State.DONE) == 3);
        assertThat(stage.actions()).hasSize(3);
    }

    private void submitOnAPage(String file, String name, Path plan) throws IOException {
        new HandOver(stage.configuration().settings(), stage.ledger())
                .handOver(Path.of(file), name, Optional.of("ada"), Optional.of(Plan.read(plan)));
    }

    @Test
    void aPlanOfAFileThatHasChangedOrOneThatWasChangedItselfIsRefusedAsAWhole() throws Exception {
        ManagedDevice device = stage.next();
        String file = file("leavers.csv", Stage.row(device));
        Path plan = home.resolve("plan.json");
        assertThat(run("plan", file, "--out", plan.toString()).code()).isZero();

        file("leavers.csv", Stage.row(device), Stage.row(stage.next()));
        Ended changed = run("submit", "--yes", "--wait", "--plan", plan.toString());
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.err()).contains("has changed since it was planned");

        Files.writeString(plan, Files.readString(plan).replace(device.serialNumber(), "5CD0000OTHER"));
        Ended forged = run("submit", "--plan", plan.toString());
        assertThat(forged.code()).isEqualTo(2);
        assertThat(forged.err()).contains("was changed since it was made");
        assertThat(stage.ledger().batches().all()).isEmpty();
        assertThat(stage.actions()).isEmpty();
    }

    @Test
    void jsonIsPlannedAndHandedOverAsCsvIs() throws Exception {
        ManagedDevice planned = stage.next();
        Path array =
                Files.writeString(home.resolve("array.json"), "[" + json(planned) + ",{\"managedDeviceId\":\"CB-1\"}]");
        Ended shown = run("plan", array.toString());
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.out()).contains(planned.serialNumber(), "1 would be deprovisioned", "1 would be refused");
        assertThat(stage.actions()).isEmpty();

        List<ManagedDevice> devices = stage.next(2);
        Path lines = Files.writeString(
                home.resolve("lines.jsonl"), json(devices.get(0)) + "\n" + json(devices.get(1)) + "\n");
        Ended sent = run("submit", "--yes", "--wait", lines.toString());
        assertThat(sent.code()).as(sent.err()).isZero();
        assertThat(stage.results("lines"))
                .extracting(row -> row.outcome().orElseThrow())
                .containsExactly(Outcome.DEPROVISIONED, Outcome.DEPROVISIONED);
        assertThat(stage.executed(devices)).isEqualTo(2);
        assertThat(stage.actions()).hasSize(2);
    }

    private static String json(ManagedDevice device) {
        return "{\"managedDeviceId\":\"" + device.id() + "\",\"deprovisionReason\":\"" + Stage.REASON + "\"}";
    }

    @Test
    void aPlanThatCannotReachGraphSaysSoAndIsNoPlan() throws Exception {
        String file = file("leavers.csv", Stage.row(stage.next()));
        String plan = home.resolve("plan.json").toString();
        stage.simulator.fault(
                org.deprovisioner.simulator.Fault.Match.ALL.method("GET"),
                org.deprovisioner.simulator.Fault.Effect.page(403, "<h1>Blocked by the proxy</h1>"));
        Ended ended = run("plan", file, "--out", plan);
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.out()).contains("it was not Graph that answered", "1 could not be looked at");
        assertThat(Path.of(plan)).doesNotExist();
    }
}
