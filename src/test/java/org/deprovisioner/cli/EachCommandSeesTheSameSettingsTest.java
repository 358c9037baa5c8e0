package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.AllSettings;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every command, with settings by the environment alone, written in every way in which an environment may hold them: all of
 * them work on one data folder, and do what the settings say.
 */
class EachCommandSeesTheSameSettingsTest {

    /** What the simulator needs, and what keeps the broker's port free; all else may be written otherwise. */
    private static final List<String> NEEDED = List.of(
            "deprovision.graph.base-url",
            "deprovision.tls.ca-file",
            "deprovision.authority",
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET");

    private static final Pattern ENDED = Pattern.compile("\\|([a-z]+)\\|(\\d+)\\|");

    /** A way to write the settings, and the data folder that it means. */
    enum Written {
        BLANK("  ", "data") {
            @Override
            void write(Map<String, String> environment) {
                AllSettings.keys().stream()
                        .filter(key -> !NEEDED.contains(key))
                        .forEach(key -> environment.put(key, "  "));
            }
        },
        PADDED("\tkept  ", "kept") {
            @Override
            void write(Map<String, String> environment) {
                environment.put("deprovision.dry-run", " FALSE ");
                environment.put("deprovision.mode", "\tSingle ");
                environment.put("deprovision.resolve", " True");
                environment.put("deprovision.guard.approval", " Over-Limit ");
                environment.put("deprovision.retention", " OFF ");
                environment.put("deprovision.inbox.quiet", " 1s ");
                NEEDED.forEach(key -> environment.computeIfPresent(key, (same, value) -> "  " + value + "\t"));
            }
        },
        RELATIVE("./here/../here/kept", "here/kept") {
            @Override
            void write(Map<String, String> environment) {
                environment.put("deprovision.guard.protected", "config/../config/protected-devices.csv");
            }
        },
        ODD("100% done {{a}}#1 ${b}", "100% done {{a}}#1 ${b}") {
            @Override
            void write(Map<String, String> environment) {
                environment.put("deprovision.reason.default", "50% {{off}} ${body}");
                environment.put("CAMEL_COMPONENT_PROPERTIES_ENVIRONMENT_VARIABLE_MODE", "2");
            }
        };

        private final String data;
        private final String means;

        Written(String data, String means) {
            this.data = data;
            this.means = means;
        }

        abstract void write(Map<String, String> environment);
    }

    @TempDir
    private Path folder;

    private Stage stage;
    private Path home;
    private Map<String, String> environment;

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(folder);
        home = Files.createDirectories(folder.resolve("installed"));
        Installed.in(home);
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path route : routes.toList()) {
                Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
            }
        }
        environment = new TreeMap<>(stage.settings());
        environment.keySet().retainAll(NEEDED);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Path file(String name, ManagedDevice device) throws Exception {
        return Files.writeString(home.resolve(name), Stage.HEADER + "\n" + Stage.row(device) + "\n");
    }

    private void write(Written written) {
        written.write(environment);
        environment.put("deprovision.data", written.data);
        environment.put("deprovision.broker.url", written == Written.PADDED ? " None " : "none");
    }

    private Map<String, Integer> typed(String... commands) throws Exception {
        Path lines = Files.write(home.resolve("commands"), List.of(commands));
        Path log = home.resolve("commands.log");
        List<String> arguments = List.of(home.toString(), lines.toString());
        try (Forked process = Forked.start(List.of(), TypedCommands.class, arguments, environment, log)) {
            process.awaitEnd();
        }
        Map<String, Integer> codes = new TreeMap<>();
        Matcher ended = ENDED.matcher(Files.readString(log));
        while (ended.find()) {
            codes.put(ended.group(1), Integer.valueOf(ended.group(2)));
        }
        return codes;
    }

    @ParameterizedTest
    @EnumSource
    void everyCommandWorksOnTheOneFolderThatIsMeant(Written written) throws Exception {
        write(written);
        ManagedDevice device = stage.next();
        Path file = file("leavers.csv", device);

        Map<String, Integer> codes = typed(
                "doctor",
                "plan\t" + file,
                "submit\t" + file + "\t--wait\t--yes",
                "status\tleavers",
                "results\tleavers",
                "pause",
                "resume",
                "audit\t" + device.id(),
                "approve\tleavers\t--devices\t1",
                "cancel\tleavers",
                "replay\tleavers",
                "backup\t" + home.resolve("copy.db"));

        Path data = home.resolve(written.means).normalize();
        String said = Files.readString(home.resolve("commands.log"));
        assertThat(codes)
                .as(said)
                .containsAllEntriesOf(Map.of(
                        "plan", 0, "submit", 0, "status", 0, "results", 0, "pause", 0, "resume", 0, "audit", 0,
                        "backup", 0));
        assertThat(codes.keySet()).contains("doctor", "approve", "cancel", "replay");
        assertThat(said).contains("ok  ").doesNotContain("Dry run");
        assertThat(stage.actions(device)).hasSize(1);
        assertThat(stage.simulator.calls()).noneMatch(call -> call.path().contains("$batch"));
        assertThat(data.resolve("results/leavers.csv")).content().contains("deprovisioned");
        assertThat(home.resolve("copy.db")).isNotEmptyFile();
        assertThatNothingElseWasMade(data);
    }

    @Test
    void aPlanBesideAServiceShowsItsOwnFileAndTheServiceTakesWhatIsDroppedMeanwhile() throws Exception {
        write(Written.PADDED);
        List<ManagedDevice> dropped = stage.next(5);
        ManagedDevice planned = stage.next();
        Path file = file("leavers.csv", planned);
        Path data = home.resolve("kept");
        try (Forked service = Forked.service(home, environment, home.resolve("service.log"))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.isDirectory(data.resolve("inbox/.working")));
            List<Map<String, Integer>> plans = new ArrayList<>();
            for (ManagedDevice device : dropped) {
                Path part = file("drop.part", device);
                Files.move(part, data.resolve("inbox").resolve(device.serialNumber() + ".csv"));
                if (plans.isEmpty()) {
                    plans.add(typed("plan\t" + file));
                }
            }
            assertThat(plans).containsExactly(Map.of("plan", 0));
            assertThat(home.resolve("commands.log")).content().contains(planned.serialNumber());
            await().atMost(Duration.ofMinutes(1)).until(() -> stage.executed(dropped) == dropped.size());
            assertThat(service.isAlive()).isTrue();
        }
        assertThat(stage.actions(planned)).isEmpty();
        try (Ledger ledger = Ledger.open("jdbc:sqlite:" + data.resolve("ledger.db"), Clock.systemUTC())) {
            assertThat(ledger.batches().all()).hasSize(dropped.size());
        }
        assertThatNothingElseWasMade(data);
    }

    private void assertThatNothingElseWasMade(Path data) throws Exception {
        try (Stream<Path> made = Files.walk(home)) {
            assertThat(made.filter(path -> path.endsWith("ledger.db") || path.endsWith("inbox")))
                    .allMatch(path -> path.startsWith(data));
        }
        assertThat(Path.of("here")).doesNotExist();
        assertThat(Path.of("kept")).doesNotExist();
    }
}
