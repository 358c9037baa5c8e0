package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings by the environment alone, and commands as processes of their own: what a user has there is not touched. */
class OwnFoldersOfPlanAndDemoTest {

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private Path waiting;

    @SuppressWarnings("NullAway.Init")
    private Path halfTaken;

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(home);
        Installed.in(home);
        Path routes = Files.createDirectories(home.resolve("routes"));
        try (Stream<Path> ours = Files.list(Path.of("routes"))) {
            for (Path route : ours.toList()) {
                Files.copy(route, routes.resolve(route.getFileName()));
            }
        }
        Path working = Files.createDirectories(stage.data.resolve("inbox/.working"));
        waiting = Files.writeString(stage.data.resolve("inbox/others.csv"), "a user's own");
        halfTaken = Files.writeString(
                working.resolve(stage.ledger().intakes().openFile("half.csv", "ada") + "-half.csv"), "left by a kill");
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private int run(Map<String, String> more, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(stage.settings());
        environment.putAll(more);
        try (Forked command = Forked.command(home, environment, home.resolve("command.log"), arguments)) {
            return command.awaitEnd();
        }
    }

    private String said() throws IOException {
        return Files.readString(home.resolve("command.log"));
    }

    private void assertThatNothingWasTouched() {
        assertThat(waiting).hasContent("a user's own");
        assertThat(halfTaken).hasContent("left by a kill");
        assertThat(stage.ledger().batches().all()).isEmpty();
        assertThat(stage.actions()).isEmpty();
    }

    @Test
    void aPlanShowsTheAskedFileAloneAndLeavesWhatAKillHasLeft() throws Exception {
        ManagedDevice device = stage.next();
        Path file = Files.writeString(home.resolve("leavers.csv"), Stage.HEADER + "\n" + Stage.row(device) + "\n");

        int exit = run(
                Map.of(
                        "CAMEL_MAIN_ROUTES_INCLUDE_PATTERN",
                        "file:" + home.resolve("routes") + "/collect-files.camel.yaml"),
                "plan",
                file.toString());

        assertThat(exit).as(said()).isZero();
        assertThat(said()).contains(device.serialNumber(), "1 would be deprovisioned");
        assertThatNothingWasTouched();
    }

    @Test
    void aDemoEndsByItselfWithItsOwnSample() throws Exception {
        int exit = run(
                Map.of("deprovision.dry-run", "true ", "deprovision.mode", " ", "deprovision.broker.url", "none"),
                "demo");

        assertThat(exit).as(said()).isZero();
        assertThat(said()).contains("All went as expected.");
        assertThatNothingWasTouched();
    }
}
