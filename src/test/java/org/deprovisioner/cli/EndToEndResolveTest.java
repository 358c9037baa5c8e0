package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows without an id find their one device, or none. */
class EndToEndResolveTest {

    private static final String HEADER = "serialNumber,deviceName,userPrincipalName,deprovisionReason\n";

    @TempDir
    private static Path folder;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.in(folder).start();
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    /** A device like another, with names of its own. */
    private static ManagedDevice added(String serial, String name, String user) {
        ManagedDevice like = stage.next();
        ManagedDevice device = new ManagedDevice(
                UUID.randomUUID().toString(),
                name,
                serial,
                like.operatingSystem(),
                like.osVersion(),
                like.model(),
                user,
                UUID.randomUUID().toString(),
                like.managedDeviceOwnerType(),
                like.managementState(),
                like.enrolledDateTime(),
                like.lastSyncDateTime(),
                List.of());
        stage.simulator.population().add(device);
        return device;
    }

    private static Map<String, Long> settled(String batch, String header, String... rows) throws Exception {
        stage.submit(batch, header + String.join("\n", rows) + "\n");
        return stage.settled(batch, rows.length);
    }

    private static Result only(String batch) {
        assertThat(stage.results(batch)).hasSize(1);
        return stage.results(batch).get(0);
    }

    @Test
    void aSerialNumberFindsItsOneDeviceWhateverCharactersItHas() throws Exception {
        ManagedDevice plain = stage.next();
        ManagedDevice quoted = added("O'Hara & Söhne #1+2", "CB-quoted", "o.hara@school.example");
        ManagedDevice prefix = added("PRE-1", "CB-prefix", "prefix@school.example");
        ManagedDevice longer = added("PRE-12", "CB-longer", "longer@school.example");

        assertThat(settled(
                        "serials",
                        "serialNumber,deprovisionReason\n",
                        " " + plain.serialNumber().toLowerCase(Locale.ROOT) + " ,Device returned",
                        quoted.serialNumber() + ",Device returned",
                        prefix.serialNumber() + ",Device returned",
                        "PRE-,Device returned"))
                .isEqualTo(Map.of("deprovisioned", 3L, "not-found", 1L));

        assertThat(List.of(plain, quoted, prefix))
                .allSatisfy(device -> assertThat(stage.executions(device)).isOne());
        assertThat(stage.executions(longer)).isZero();
    }

    @Test
    void aUserWithTwoDevicesIsAmbiguousUntilAnotherColumnTells() throws Exception {
        ManagedDevice first = added("TWO-1", "two-1", "two@school.example");
        ManagedDevice second = added("TWO-2", "two-2", "two@school.example");

        assertThat(settled("two", "userPrincipalName,deprovisionReason\n", "two@school.example,Device returned"))
                .isEqualTo(Map.of("ambiguous", 1L));
        assertThat(only("two").error())
                .startsWith("2 devices")
                .contains(first.id(), second.id(), "TWO-1", "two-2", "two@school.example", first.operatingSystem());
        assertThat(stage.executions(first) + stage.executions(second)).isZero();

        assertThat(settled(
                        "one-of-two",
                        "deviceName,userPrincipalName,deprovisionReason\n",
                        "TWO-2,two@school.example,Device returned"))
                .isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(second)).isOne();
        assertThat(stage.executions(first)).isZero();
    }

    private static List<ManagedDevice> twins(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> added(name + "-" + i, name, name + i + "@school.example"))
                .toList();
    }

    private static List<Call> searches(String text) {
        return stage.simulator.calls().stream()
                .filter(call -> String.valueOf(call.query()).contains(text))
                .toList();
    }

    @Test
    void ofManyTwinsNoMoreAreReadThanItTakesToKnow() throws Exception {
        twins("library", 60);
        assertThat(settled("library", "deviceName,deprovisionReason\n", "library,Device returned"))
                .isEqualTo(Map.of("ambiguous", 1L));
        assertThat(only("library").error()).startsWith("More than 10 devices");
        assertThat(searches("library")).hasSize(1);
    }

    @Test
    void theOneOfManyTwinsThatAgreesIsFoundOnALaterPage() throws Exception {
        ManagedDevice last = twins("laboratory", 60).get(59);
        assertThat(settled(
                        "laboratory",
                        "deviceName,userPrincipalName,deprovisionReason\n",
                        "laboratory," + last.userPrincipalName() + ",Device returned"))
                .isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(last)).isOne();
        assertThat(searches("laboratory")).extracting(Call::query).anyMatch(query -> query.contains("$skiptoken="));
    }

    @Test
    void aColumnThatDisagreesIsAMismatch() throws Exception {
        ManagedDevice device = stage.next();
        assertThat(settled(
                        "disagree",
                        HEADER,
                        device.serialNumber() + "," + device.deviceName() + ",somebody@else.example,Device returned"))
                .isEqualTo(Map.of("mismatch", 1L));
        assertThat(only("disagree").error()).contains("somebody@else.example", device.userPrincipalName());
        assertThat(stage.executions(device)).isZero();
    }

    @Test
    void anEntraIdInTheIdColumnIsNamedAsTheMistake() throws Exception {
        ManagedDevice device = stage.next();
        assertThat(settled("entra", Stage.HEADER + "\n", device.azureADDeviceId() + ",Device returned"))
                .isEqualTo(Map.of("not-found", 1L));
        assertThat(only("entra"))
                .satisfies(row -> assertThat(row.error()).contains("Entra device id", device.serialNumber()))
                .satisfies(row -> assertThat(row.remedy()).contains(device.id()))
                .satisfies(row -> assertThat(row.outcome()).contains(Outcome.NOT_FOUND));
        assertThat(settled("by-entra", "Entra device ID,reason\n", device.azureADDeviceId() + ",Device returned"))
                .isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(device)).isOne();
    }

    /** Whatever named the device, its results say who has it: somebody has to collect it. */
    @Test
    void resultsAndDeadLettersSayWhatGraphKnowsOfTheDeviceWhateverNamedIt() throws Exception {
        ManagedDevice bySerial = stage.next();
        ManagedDevice byState = stage.next();
        ManagedDevice rejected = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(rejected.id()).times(1), Fault.Effect.error(400, "BadRequest"));
        String header = "serialNumber,deviceHealthScriptId,deviceHealthScriptDeviceStateId,deprovisionReason\n";
        String script = "3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940";
        assertThat(settled(
                        "collected",
                        header,
                        bySerial.serialNumber() + ",,,x",
                        "," + script + "," + script + ":" + byState.id() + ",x",
                        "," + script + "," + script + ":" + rejected.id() + ",x"))
                .isEqualTo(Map.of("deprovisioned", 2L, "rejected-by-graph", 1L));

        assertThat(Stage.written(stage.data.resolve("results/collected.csv"), byState.deviceName()))
                .contains(known(bySerial), known(byState), known(rejected));
        String dead = Stage.written(stage.data.resolve("dead-letter/collected.csv"), rejected.deviceName());
        assertThat(dead).contains(known(rejected)).doesNotContain(known(byState));

        stage.submit("collected-again", dead);
        assertThat(stage.settled("collected-again", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(Stage.written(stage.data.resolve("results/collected-again.csv"), rejected.deviceName()))
                .as("columns that we added are replaced, not repeated")
                .startsWith("\ufeff" + header.strip() + ",outcome,error,remedy,foundName,");
    }

    private static String known(ManagedDevice device) {
        return String.join(",", device.deviceName(), device.serialNumber(), device.userPrincipalName(), device.model());
    }

    @Test
    void blanksWildcardsAndDamageNeverReachGraph() throws Exception {
        String[] rows = {
            "\u200b,x,x,Device returned", "*,x,x,Device returned", "1.23457E+14,x,x,Device returned",
            ",blank-serial,x@y.example,Device returned", " ,blank,x,Device returned", "5CD%,x,x,Device returned"
        };
        assertThat(settled("damaged", HEADER, rows)).isEqualTo(Map.of("invalid", 6L));
        assertThat(stage.simulator.calls())
                .extracting(call -> String.valueOf(call.query()))
                .noneMatch(query -> query.contains("1.23457") || query.contains("blank"));
    }
}
