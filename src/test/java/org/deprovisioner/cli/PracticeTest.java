package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the simulator hands over is all that it takes to practise. */
class PracticeTest {

    private static final Pattern EXPORT = Pattern.compile("export (\\w+)='(.*)'");

    @TempDir
    private Path home;

    private Path folder = Path.of("");

    @BeforeEach
    void folder() throws Exception {
        folder = Files.createDirectories(home.resolve("it's simulated"));
        Installed.in(home);
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path route : routes.toList()) {
                Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
            }
        }
    }

    private Map<String, String> pasted(Practice practice) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : practice.forSh()) {
            Matcher setting = EXPORT.matcher(line);
            assertThat(setting.matches()).as(line).isTrue();
            environment.put(setting.group(1), setting.group(2).replace("'\\''", "'"));
        }
        return environment;
    }

    @Test
    void withTheSettingsPastedThePlanOfItsDevicesIsMadeAgainstTheSimulator() throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorOptions.in(folder).population(new Population(20)))) {
            Practice practice = new Practice(folder, simulator, 1);
            practice.write(simulator);
            Path log = home.resolve("command.log");

            try (Forked plan = Forked.command(
                    home, pasted(practice), log, "plan", practice.devices().toString())) {
                assertThat(plan.awaitEnd()).as(plan.output()).isEqualTo(1);
            }

            assertThat(log).content().contains("20 rows", "would be deprovisioned", "would be refused");
            assertThat(simulator.calls())
                    .anyMatch(call -> call.path()
                                    .endsWith("/managedDevices/"
                                            + simulator.population().device(0).id())
                            || call.path().endsWith("/$batch"));
            assertThat(folder.resolve("data")).isDirectory();
            assertThat(home.resolve("data")).doesNotExist();
        }
    }

    @Test
    void theSettingsArePrintedForEachShellAsItWantsThem() throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorOptions.in(folder).population(new Population(1)))) {
            Practice practice = new Practice(folder, simulator, 1);
            assertThat(practice.forSh())
                    .contains("export DEPROVISION_DATA='"
                            + folder.resolve("data").toString().replace("'", "'\\''") + "'");
            assertThat(practice.forPowerShell())
                    .contains("$env:DEPROVISION_DATA = '"
                            + folder.resolve("data").toString().replace("'", "''") + "'");
        }
    }
}
