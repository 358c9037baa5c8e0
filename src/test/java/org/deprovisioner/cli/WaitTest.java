package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deprovisioner.faults.Forked;
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

/** {@code submit --wait} ends, whatever becomes of the service, the batch and the sign-in while it waits. */
class WaitTest {

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Forked service() throws Exception {
        Forked service = Forked.service(Stage.home(), stage.settings(), folder.resolve("run.log"));
        service.awaitSaying("Running.");
        return service;
    }

    private Forked submit(String batch, List<ManagedDevice> devices) throws Exception {
        StringBuilder content = new StringBuilder(Stage.HEADER);
        devices.forEach(device -> content.append('\n').append(Stage.row(device)));
        Path file = Files.writeString(folder.resolve(batch + ".csv"), content.append('\n'));
        return Forked.command(
                Stage.home(),
                stage.settings(),
                folder.resolve(batch + ".log"),
                "submit",
                file.toString(),
                "--wait",
                "--yes");
    }

    /** Calls take so long that the batch is still being sent when something happens. */
    private void slowly() {
        stage.set("deprovision.concurrency", "1").set("deprovision.quota.requests", "1");
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.delay(Duration.ofSeconds(1)));
    }

    @Test
    void aWrongSecretEndsItWithTheRemedyAndNothingIsLost() throws Exception {
        stage.set("AZURE_CLIENT_SECRET", "wrong");
        try (Forked submit = submit("secret", stage.next(2))) {
            assertThat(submit.awaitEnd()).isEqualTo(3);
            assertThat(submit.output())
                    .contains("AADSTS7000215", "The client secret is wrong", "go on with: deprovision run");
        }
        assertThat(stage.until("secret", now -> true).in(State.RECEIVED, State.READY))
                .isEqualTo(2);
    }

    @Test
    void twoAtOnceSendOneAfterTheOther() throws Exception {
        slowly();
        try (Forked first = submit("first", stage.next(3))) {
            first.awaitSaying("this command sends");
            try (Forked second = submit("second", stage.next(2))) {
                second.awaitSaying("goes on after it");
                assertThat(first.awaitEnd()).isZero();
                assertThat(second.awaitEnd()).isZero();
            }
        }
        assertThat(stage.settled("first", 3)).isEqualTo(Map.of("deprovisioned", 3L));
        assertThat(stage.settled("second", 2)).isEqualTo(Map.of("deprovisioned", 2L));
    }

    @Test
    void aServiceThatIsKilledEndsTheWaitOfOneBesideIt() throws Exception {
        slowly();
        try (Forked service = service();
                Forked submit = submit("killed", stage.next(60))) {
            stage.until("killed", now -> now.in(State.DONE) > 0);
            service.kill();
            assertThat(submit.awaitEnd()).isEqualTo(5);
            assertThat(submit.output()).contains("nobody works on 'killed' now", "deprovision run");
        }
    }

    @Test
    void aServiceThatIsStartedAnewIsWaitedFor() throws Exception {
        slowly();
        List<ManagedDevice> devices = stage.next(8);
        Forked service = service();
        try (Forked submit = submit("anew", devices)) {
            stage.until("anew", now -> now.in(State.DONE) > 0);
            service.tellToEnd();
            service.awaitEnd();
            service = service();
            assertThat(submit.awaitEnd()).isZero();
        } finally {
            service.close();
        }
        assertThat(stage.executed(devices)).isEqualTo(devices.size());
    }

    @Test
    void aBatchThatIsCancelledOrPausedMeanwhileEndsIt() throws Exception {
        slowly();
        try (Forked submit = submit("cancelled", stage.next(60))) {
            stage.until("cancelled", now -> now.in(State.DONE) > 0);
            stage.ledger().batches().cancel("cancelled", "ada");
            assertThat(submit.awaitEnd()).isZero();
            assertThat(submit.output()).contains("cancelled (skipped)");
        }
        for (String scope : List.of(Pause.ofBatch("paused"), "default")) {
            String batch = scope.equals("default") ? "of-tenant" : "paused";
            try (Forked submit = submit(batch, stage.next(60))) {
                stage.until(batch, now -> now.in(State.DONE) > 0);
                stage.ledger()
                        .pauses()
                        .pause(scope, Pause.EndsBy.RESUME, "operator", "Paused by Ada.", "Ask Ada.", "ada");
                assertThat(submit.awaitEnd()).isEqualTo(5);
                assertThat(submit.output()).contains("Paused by Ada. Ask Ada.");
            }
        }
    }

    @Test
    void aListOfProtectedDevicesThatIsGoneEndsIt() throws Exception {
        slowly();
        try (Forked submit = submit("listed", stage.next(90))) {
            stage.until("listed", now -> now.in(State.DONE) > 0);
            Files.delete(stage.protectedDevices());
            assertThat(submit.awaitEnd()).isEqualTo(3);
            assertThat(submit.output()).contains("list of protected devices cannot be used");
        }
        await().untilAsserted(() -> assertThat(ServiceLock.isHeld(stage.data)).isFalse());
    }
}
