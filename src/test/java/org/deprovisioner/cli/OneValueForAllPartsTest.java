package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.service.ShownToRoutes;
import org.deprovisioner.settings.AllSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in the environment, routes see each setting as it was read: in a process of its own, with the real Camel. */
class OneValueForAllPartsTest {

    private static final String NOTHING = "(nothing)";
    private static final Pattern SAID = Pattern.compile("\\|([^|]+)\\|([^|]*)\\|");

    /** A value that each setting takes, otherwise written than its own way, and that way. */
    private static final Map<String, List<String>> GIVEN = Map.ofEntries(
            Map.entry("deprovision.retention", List.of("OFF", "off")),
            Map.entry(
                    "deprovision.graph.base-url", List.of("https://graph.example/beta/", "https://graph.example/beta")),
            Map.entry("deprovision.timeout", List.of("31s", "31s")),
            Map.entry("deprovision.quota.requests", List.of("+201", "201")),
            Map.entry("deprovision.mode", List.of("Batch", "batch")),
            Map.entry("deprovision.resolve", List.of("FALSE", "false")),
            Map.entry("deprovision.dry-run", List.of("True", "true")),
            Map.entry("deprovision.in-doubt", List.of("RESEND", "resend")),
            Map.entry("deprovision.verify", List.of("tRUE", "true")),
            Map.entry("deprovision.reason.default", List.of("50% {{off}} ${body}", "50% {{off}} ${body}")),
            Map.entry("deprovision.guard.approval", List.of("ALWAYS", "always")),
            Map.entry("deprovision.guard.max-fleet-percent", List.of("Off", "off")),
            Map.entry("deprovision.broker.url", List.of("NONE", "none")));

    @TempDir
    private Path home;

    @BeforeEach
    void install() throws Exception {
        Installed.in(home);
    }

    private Map<String, String> shown(Map<String, String> environment, String... options) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of(options));
        Path log = home.resolve("shown.log");
        try (Forked process = Forked.start(all, ShownToRoutes.class, List.of(home.toString()), environment, log)) {
            process.awaitEnd();
        }
        Map<String, String> shown = new TreeMap<>();
        Matcher said = SAID.matcher(Files.readString(log));
        while (said.find()) {
            shown.put(said.group(1), said.group(2));
        }
        assertThat(shown).as(Files.readString(log)).containsKey("working");
        return shown;
    }

    private Map<String, String> standards() {
        Map<String, String> standards = new TreeMap<>(AllSettings.standards());
        standards.replaceAll((key, standard) -> standard.isEmpty() ? NOTHING : standard);
        Path data = home.resolve("data");
        standards.put("deprovision.data", data.toString());
        standards.put("deprovision.ledger.url", "jdbc:sqlite:" + data.resolve("ledger.db"));
        standards.put(
                "deprovision.guard.protected",
                home.resolve("config/protected-devices.csv").toString());
        return standards;
    }

    @Test
    void aBlankValueIsNotGiven() throws Exception {
        Map<String, String> environment = new HashMap<>();
        AllSettings.keys().forEach(key -> environment.put(key, "  "));

        Map<String, String> shown = shown(environment);

        assertThat(shown).containsAllEntriesOf(standards());
        assertThat(shown).containsEntry("inbox", home.resolve("data/inbox").toString());
    }

    @Test
    void aPaddedValueIsStrippedAndWrittenInItsOneWay() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("my.own", " as Camel reads it "));
        Map<String, String> expected = standards();
        GIVEN.forEach((key, value) -> {
            environment.put(key, "\t" + value.get(0) + "  ");
            expected.put(key, value.get(1));
        });

        Map<String, String> shown = shown(environment);

        assertThat(shown)
                .containsAllEntriesOf(expected)
                .containsEntry("settings.dry-run", "true")
                .containsEntry("settings.mode", "BATCH")
                .containsEntry("my.own", " as Camel reads it ");
    }

    @Test
    void aSecretIsNotShown() throws Exception {
        Map<String, String> shown = shown(Map.of(
                "deprovision.broker.user", "service",
                "deprovision.broker.password", "planted",
                "AZURE_CLIENT_SECRET", "planted"));

        assertThat(shown.toString()).doesNotContain("planted");
    }

    @Test
    void aSystemPropertyAndTheEnvironmentAreReadOnceForAll() throws Exception {
        Map<String, String> shown = shown(
                Map.of(
                        "deprovision.broker.url", "none",
                        "deprovision.dry-run", "false",
                        "CAMEL_COMPONENT_PROPERTIES_ENVIRONMENT_VARIABLE_MODE", "2",
                        "CAMEL_COMPONENT_PROPERTIES_SYSTEM_PROPERTIES_MODE", "2"),
                "-Ddeprovision.dry-run= TRUE ",
                "-Ddeprovision.mode= ",
                "-Dmy.own=mine");

        assertThat(shown)
                .containsEntry("deprovision.dry-run", "true")
                .containsEntry("settings.dry-run", "true")
                .containsEntry("deprovision.mode", "single")
                .containsEntry("deprovision.broker.url", "none")
                .containsEntry("my.own", "mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kept/here",
                "./100% done",
                "50%41",
                "what?x=1",
                "a%20b",
                "spaces in it",
                "number #1",
                "{{braces}}",
                "open{{",
                "R&D + more",
                "${body}",
                "RAW(x)",
                "na\u00efve;a=b"
            })
    void aFolderMayBeCalledAnything(String name) throws Exception {
        Path data = home.resolve(name).normalize();

        Map<String, String> shown = shown(Map.of("deprovision.data", " " + name + " "));

        assertThat(shown)
                .containsEntry("deprovision.data", data.toString())
                .containsEntry("settings.data", data.toString())
                .containsEntry("inbox", data.resolve("inbox").toString())
                .containsEntry("working", data.resolve("inbox/.working").toString());
        assertThat(data.resolve("ledger.db")).exists();
        assertThat(Optional.of(home.resolve("data")))
                .get()
                .satisfies(other -> assertThat(other).doesNotExist());
    }
}
