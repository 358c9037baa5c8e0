package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file is handed over and waited for: what is asked first, what a dry run sends, and how long it takes. */
class SubmitWaitTest {

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(home);
        installed = Installed.in(home).with(stage.settings());
        try (Stream<Path> ours = Files.list(Path.of("routes"))) {
            for (Path route : ours.toList()) {
                Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
            }
        }
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private String file(String name, List<ManagedDevice> devices) throws IOException {
        StringBuilder content = new StringBuilder(Stage.HEADER);
        devices.forEach(device -> content.append('\n').append(Stage.row(device)));
        return Files.writeString(home.resolve(name + ".csv"), content.append('\n'))
                .toString();
    }

    /** A service in this process, which others see as they see one of another. */
    private ServiceLock service() throws Exception {
        ServiceLock lock = ServiceLock.acquireOrRefuse(stage.data);
        stage.start();
        return lock;
    }

    private Ended run(String... arguments) {
        return installed.run(arguments);
    }

    @Test
    void aScriptThatWouldSendByItselfHasToSayYes() throws Exception {
        String file = file("leavers", stage.next(2));
        Ended refused = run("submit", "--wait", file);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("no terminal to ask on", "Nothing is handed over", "--yes");
        assertThat(stage.ledger().batches().all()).isEmpty();
        assertThat(stage.data.resolve("inbox/.working")).doesNotExist();

        Ended sent = run("submit", "--wait", "--yes", file);
        assertThat(sent.code()).as(sent.all()).isZero();
        assertThat(sent.out()).contains("2 deprovisioned");
        assertThat(sent.all()).as("how it was read is said once").containsOnlyOnce("Columns read");
    }

    @Test
    void aPlanThatIsRefusedIsNotSaidToBeSentFirst() throws Exception {
        String file = file("planned", stage.next(2));
        String plan = home.resolve("leavers.plan").toString();
        assertThat(run("plan", file, "--out", plan).code()).isZero();
        Files.writeString(Path.of(file), "\n", StandardOpenOption.APPEND);
        Ended refused = run("submit", "--wait", "--yes", "--plan", plan);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.all())
                .contains("has changed since it was planned", "nothing of it is handed over")
                .doesNotContain("sends the batch itself");
    }

    @Test
    void besideAServiceAScriptGoesOnWithoutAQuestion() throws Exception {
        try (ServiceLock lock = service()) {
            assertThat(lock).isNotNull();
            Ended sent = run("submit", "--wait", file("leavers", stage.next(2)));
            assertThat(sent.code()).as(sent.all()).isZero();
        }
    }

    @Test
    void aDryRunIsNeverAskedForAndNeverSent() throws Exception {
        List<ManagedDevice> devices = stage.next(4);
        Ended option = run("submit", "--wait", "--dry-run", file("option", devices.subList(0, 2)));
        assertThat(option.code()).as(option.all()).isZero();
        assertThat(option.out()).contains("2 dry-run");
        installed.with(stage.set("deprovision.dry-run", "TRUE").settings());
        Ended setting = run("submit", "--wait", file("setting", devices.subList(2, 4)));
        assertThat(setting.code()).as(setting.all()).isZero();
        assertThat(stage.executed(devices)).isZero();
    }

    @Test
    void aDryRunBesideAServiceThatSendsIsNeverSentWithItsPlanNeither() throws Exception {
        List<ManagedDevice> devices = stage.next(3);
        String file = file("planned", devices);
        String plan = home.resolve("leavers.plan").toString();
        assertThat(run("plan", file, "--out", plan).code()).isZero();
        try (ServiceLock lock = service()) {
            assertThat(lock).isNotNull();
            Ended planned = run("submit", "--dry-run", "--wait", "--plan", plan);
            assertThat(planned.out()).as(planned.all()).contains("3 dry-run");
            assertThat(run("submit", "--dry-run", "--wait", file("plain", devices))
                            .out())
                    .contains("3 dry-run");
        }
        assertThat(stage.executed(devices)).isZero();
    }

    @Test
    void whoWaitsNoLongerIsToldHowItGoesOn() throws Exception {
        stage.set("deprovision.concurrency", "1").set("deprovision.quota.requests", "1");
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofSeconds(1)));
        installed.with(stage.settings());
        Ended late = run("submit", "--wait", "--yes", "--timeout", "4s", file("leavers", stage.next(30)));
        assertThat(late.code()).as(late.all()).isEqualTo(1);
        assertThat(late.out()).contains("Not every row has ended within 4s", "deprovision run");
        assertThat(run("submit", "--timeout", "4s", file("others", stage.next(1)))
                        .code())
                .as("without --wait there is nothing to wait for")
                .isEqualTo(2);

        Ended nobody = run("wait", "leavers");
        assertThat(nobody.code()).isEqualTo(5);
        assertThat(nobody.out()).contains("No service is running", "deprovision run");
        try (ServiceLock lock = service()) {
            assertThat(lock).isNotNull();
            Ended again = run("wait", "LEAVERS", "--timeout", "1s");
            assertThat(again.code()).as(again.all()).isEqualTo(1);
            assertThat(again.out()).contains("deprovision wait leavers");
            run("cancel", "leavers");
            stage.stop();
        }
        assertThat(run("wait", "leavers").code()).isZero();
        assertThat(run("wait", "nothing").code()).isEqualTo(2);
    }

    @Test
    void aPauseThatNeedsAPersonEndsAWaitWithTheRemedy() throws Exception {
        stage.ledger().pauses().pause("default", Pause.EndsBy.RESUME, "operator", "Paused by Ada.", "Ask Ada.", "ada");
        Ended paused = run("submit", "--wait", "--yes", file("leavers", stage.next(2)));
        assertThat(paused.code()).isEqualTo(5);
        assertThat(paused.out()).contains("Paused by Ada. Ask Ada.");
        assertThat(run("wait", "leavers").code()).isEqualTo(5);
        Ended resumed = run("resume");
        assertThat(resumed.out()).contains("No service is running", "deprovision run");
        assertThat(stage.data.resolve("results/leavers.csv")).content().contains("no service is running");
        assertThat(stage.until("leavers", now -> true).in(State.RECEIVED, State.READY))
                .isEqualTo(2);
        Ended cancelled = run("cancel", "leavers");
        assertThat(cancelled.out()).contains("No service is running");
        assertThat(stage.settled("leavers", 2)).isEqualTo(Map.of("cancelled", 2L));
    }
}
