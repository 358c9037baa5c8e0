package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.Fault.Ending;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that contradict themselves, that answer something else, that have no end or are too large. */
class EndToEndStrangeAnswersTest {

    private static final String SERIALS = "serialNumber,deprovisionReason\n";

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @BeforeEach
    void prepare() throws Exception {
        stage = Stage.in(folder).set("deprovision.retry.max-attempts", "2");
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private static Effect answer(String body) {
        return new Effect(
                false, Duration.ZERO, Ending.ANSWER, 200, null, Map.of("Content-Type", "application/json"), body);
    }

    private static Fault.Match lookAt(ManagedDevice device) {
        return Fault.Match.ALL.method("GET").device(device.id());
    }

    private String list(String next) {
        return "{\"value\":[],\"@odata.nextLink\":\"" + stage.simulator.graphBaseUrl()
                + "/deviceManagement/managedDevices?" + next + "\"}";
    }

    private List<ManagedDevice> settledBeside(String batch, ManagedDevice strange, String outcome, int others)
            throws Exception {
        List<ManagedDevice> devices = new ArrayList<>(stage.next(others));
        devices.add(1, strange);
        stage.submit(batch, devices);
        stage.start();
        assertThat(stage.settled(batch, others + 1)).isEqualTo(Map.of("deprovisioned", (long) others, outcome, 1L));
        assertThat(stage.executions(strange)).isZero();
        assertThat(stage.ledger().pauses().all()).isEmpty();
        return devices;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'ID','operatingSystem':'Windows','operatingSystem':'ChromeOS'}",
                "{'value':[{'id':'ID','operatingSystem':'ChromeOS'}]}",
                "{'id':'00000000-0000-4000-8000-00000000abcd','operatingSystem':'ChromeOS'}",
                "{'id':'ID','operatingSystem':'ChromeOS','deviceActionResults':{}}"
            })
    void aDeviceThatIsAnsweredWithSomethingElseIsNotActedOnAndHoldsUpNoOther(String body) throws Exception {
        ManagedDevice strange = stage.next();
        stage.simulator.fault(lookAt(strange), answer(body.replace('\'', '"').replace("ID", strange.id())));
        settledBeside("strange", strange, "retries-exhausted", 3);
        assertThat(stage.results("strange").get(1).error()).contains("Graph was asked for device " + strange.id());
    }

    @Test
    void amongManyThatAreLookedAtTogetherTheOneThatIsTooLargeEndsAlone() throws Exception {
        ManagedDevice large = stage.next();
        stage.simulator.fault(
                lookAt(large), answer("{\"id\":\"" + large.id() + "\",\"notes\":\"" + "x".repeat(1 << 20) + "\"}"));
        settledBeside("large", large, "rejected-by-graph", 40);
        assertThat(stage.results("large").get(1).error()).contains("larger than 1 MiB");
    }

    @Test
    void aFleetThatIsAnsweredWithListsPausesAndNoneOfItIsTakenForMissing() throws Exception {
        List<ManagedDevice> devices = stage.next(30);
        stage.simulator.fault(Fault.Match.ALL.method("GET").path("/managedDevices/[^/]+$"), answer("{\"value\":[]}"));
        stage.submit("lists", devices);
        stage.start();
        assertThat(stage.paused("strange-answers").kind()).isEqualTo(Pause.EndsBy.RESUME);
        assertThat(stage.until("lists", now -> now.rows() == 30).in(OutcomeClass.FAILED))
                .isZero();
        stage.simulator.clearFaults();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            stage.resume(); // looks that were under way may pause once more
            assertThat(stage.ledger().batches().progress("lists").orElseThrow().in(State.DONE))
                    .isEqualTo(30);
        });
        assertThat(stage.settled("lists", 30)).isEqualTo(Map.of("deprovisioned", 30L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$skiptoken=1", "$skiptoken=a\\r\\nERROR all is lost"})
    void aSearchThatGoesInACircleOrNowhereEndsThatRowAlone(String next) throws Exception {
        ManagedDevice circle = stage.next();
        ManagedDevice good = stage.next();
        stage.simulator.fault(
                Fault.Match.ALL.method("GET").path("/managedDevices$").times(200), answer(list(next)));
        stage.submit("circle", SERIALS + circle.serialNumber() + "," + Stage.REASON + "\n");
        stage.submit("good", good);
        stage.start();
        assertThat(stage.settled("circle", 1)).isEqualTo(Map.of("rejected-by-graph", 1L));
        assertThat(stage.results("circle").get(0).error())
                .contains("cannot be read to its end", circle.serialNumber())
                .doesNotContain("all is lost");
        assertThat(stage.settled("good", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.ledger().pauses().all()).isEmpty();
        assertThat(stage.simulator.calls())
                .filteredOn(call -> call.path().endsWith("/managedDevices"))
                .hasSizeLessThan(5);
        assertThat(stage.executions(circle)).isZero();
    }

    @Test
    void aFleetWhoseListGoesInACircleIsNotCountedForEver() throws Exception {
        stage.set("deprovision.guard.max-fleet-percent", "50");
        stage.simulator.fault(Fault.Match.ALL.method("GET").path("/managedDevices$"), answer(list("$skiptoken=1")));
        stage.submit("fleet", stage.next(2));
        stage.start();
        Pause pause = stage.paused("fleet");
        assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
        assertThat(pause.message()).contains("goes in a circle");
        stage.simulator.clearFaults();
        stage.resume();
        assertThat(stage.settled("fleet", 2)).isEqualTo(Map.of("deprovisioned", 2L));
    }

    @Test
    void anActionThatIsRefusedWithWordsThatContradictThemselvesIsSentAgainOnceItIsGraphThatAnswers() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(
                Fault.Match.DEPROVISION.device(device.id()).times(1),
                new Effect(
                        false,
                        Duration.ZERO,
                        Ending.ANSWER,
                        400,
                        null,
                        Map.of("Content-Type", "application/json"),
                        "{\"error\":{\"code\":\"BadRequest\",\"code\":\"Accepted\"}}"));
        stage.submit("contradicted", device);
        stage.start();
        assertThat(stage.paused("not-graph").kind()).isEqualTo(Pause.EndsBy.PROBE);
        stage.probeNow();
        assertThat(stage.settled("contradicted", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(device)).isOne();
        await().untilAsserted(() -> assertThat(stage.ledger().pauses().all()).isEmpty());
    }
}
