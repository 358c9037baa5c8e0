package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a file was read is said wherever somebody might wonder, and a slip in its header sends nothing. */
class EndToEndReadingTest {

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(home).set("deprovision.reason.default", Stage.REASON);
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

    private String file(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "managedDeviceId,serialNumber*",
                "managedDeviceId,\u201cserialNumber\u201d",
                "managedDeviceId,Serial",
                "\"managedDeviceId\", \"serialNumber\"",
                "managedDeviceId,Serial Number 2",
                "managedDeviceId,s\u0435rialNumber"
            })
    void aRowWhoseSerialNumberIsAnotherDevicesIsNeverSentHoweverItsHeaderIsWritten(String header) throws Exception {
        ManagedDevice device = stage.next();
        ManagedDevice other = stage.next();
        String file = file("leavers.csv", header + "\n" + device.id() + "," + other.serialNumber() + "\n");

        Ended planned = installed.run("plan", file);
        Ended sent = installed.run("submit", "--yes", "--wait", file);

        assertThat(planned.code()).isEqualTo(1);
        assertThat(sent.code()).isEqualTo(1);
        assertThat(planned.out() + planned.err()).containsAnyOf("mismatch", "is nearly serialNumber");
        assertThat(stage.actions()).isEmpty();
    }

    @Test
    void whatWasSkippedAndHowTheColumnsWereReadIsSaidInPlanSubmitAndStatus() throws Exception {
        List<ManagedDevice> devices = stage.next(2);
        String file = file(
                "ghost.csv",
                "ticket,Device ID,Serial,email\n" + "4710," + devices.get(0).id() + ",,\n" + "#4711,"
                        + devices.get(1).id() + ",,\n" + ",,,\n".repeat(30));
        String skipped = "Skipped 30 lines without content and 1 line that begins with '#' (line 3).";
        String columns = "Columns read: 'Device ID' as managedDeviceId, 'Serial' as serialNumber; carried along unread:"
                + " 'email', 'ticket'.";

        Ended planned = installed.run("plan", file);
        assertThat(planned.code()).as(planned.err()).isZero();
        assertThat(planned.out()).contains(skipped, columns, "1 would be deprovisioned");
        JsonNode plan = JsonMapper.builder()
                .build()
                .readTree(installed.run("plan", "--json", file).out());
        assertThat(plan.at("/read/skippedEmpty").asInt()).isEqualTo(30);
        assertThat(plan.at("/read/skippedComments").asInt()).isEqualTo(1);

        Ended sent = installed.run("submit", "--yes", "--wait", file);
        assertThat(sent.code()).as(sent.err()).isZero();
        assertThat(sent.out()).contains(skipped, columns);
        assertThat(stage.results("ghost"))
                .singleElement()
                .satisfies(row -> assertThat(row.outcome()).contains(Outcome.DEPROVISIONED));

        assertThat(installed.run("status").out()).contains("Batch 'ghost': " + skipped);
        assertThat(installed.run("status", "ghost").out()).contains(skipped, columns);
        JsonNode status = JsonMapper.builder()
                .build()
                .readTree(installed.run("status", "--json").out());
        assertThat(status.at("/batches/0/skippedLines/empty").asInt()).isEqualTo(30);
    }

    @Test
    void aRejectedFileSaysWhatItsColumnsWereUnderstoodAs() throws Exception {
        String file =
                file("list.csv", "Device ID,Device names,Room\n" + stage.next().id() + ",CB-1,7\n");
        Ended refused = installed.run("submit", "--yes", "--wait", file);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("'Device names' is nearly deviceName", "'Device ID' as managedDeviceId", "'Room'");
        assertThat(stage.data.resolve("rejected").resolve("list.csv")).exists();
    }

    @Test
    void ofRowsWithOneKeyTheFirstIsPlannedAndSent() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        String file = file(
                "requests.csv",
                "Request ID,managedDeviceId,serialNumber\n"
                        + String.join(
                                "\n",
                                devices.stream()
                                        .map(device -> "REQ0012345," + device.id() + "," + device.serialNumber())
                                        .toList())
                        + "\n");
        Ended planned = installed.run("plan", file);
        assertThat(planned.out()).contains("1 would be deprovisioned").containsPattern("(?m)^2 +deprovision");
        installed.run("submit", "--yes", "--wait", file);
        assertThat(stage.results("requests"))
                .extracting(row -> row.outcome().orElseThrow())
                .containsExactly(Outcome.DEPROVISIONED, Outcome.INVALID, Outcome.INVALID);
    }
}
