package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.ApprovalRequest;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Fault.Effect;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intune's Multi Admin Approval: parked, polled, sent again with the code. */
class EndToEndApprovalTest {

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void theTenantWantsApproval() throws Exception {
        stage = Stage.in(folder).set("deprovision.approval.justification", "Ticket {ticket}: {reason}");
        stage.simulator.requireApproval();
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void anApprovedRequestIsSentOnceMoreWithItsCodeInPlaceOfTheJustification() throws Exception {
        ManagedDevice device = stage.next();
        stage.start().submit("approved", "managedDeviceId,deprovisionReason,ticket\n" + device.id() + ",gone,INC-7\n");
        Result waiting = parked("approved");
        ApprovalRequest asked = stage.simulator.approvals().get(0);
        assertThat(asked.justification()).isEqualTo("Ticket INC-7: gone");
        assertThat(waiting.error()).contains("Multi Admin Approval", asked.id(), "expires at");
        assertThat(Stage.written(stage.data.resolve("results/approved.csv"), asked.id()))
                .contains(waiting.remedy());
        assertThat(stage.executions(device)).isZero();

        stage.simulator.decide("approved");

        assertThat(stage.settled("approved", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.executions(device)).isOne();
        List<Call> calls = stage.actions(device);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).headers())
                .contains("x-msft-approval-justification")
                .doesNotContain("x-msft-approval-code");
        assertThat(calls.get(1).headers())
                .contains("x-msft-approval-code")
                .doesNotContain("x-msft-approval-justification");
        assertThat(calls.get(1).body()).isEqualTo(calls.get(0).body());
        assertThat(calls.get(1).path()).isEqualTo(calls.get(0).path());
    }

    @Test
    void whatGraphRejectsOfAnApprovedRequestEndsItThoughItsCallBoreTheCode() throws Exception {
        ManagedDevice device = stage.next();
        stage.start().submit("unfit", device);
        parked("unfit");
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.error(400, "BadRequest"));

        stage.simulator.decide("approved");

        assertThat(stage.settled("unfit", 1)).isEqualTo(Map.of("rejected-by-graph", 1L));
        assertThat(stage.actions(device)).hasSize(2);
    }

    @Test
    void aRequestWhoseApprovalIsRefusedEndsAndMayBeDroppedAgain() throws Exception {
        stage.simulator.requireApprovalWithCodeInMessage();
        ManagedDevice device = stage.next();
        stage.start().submit("rejected", device);
        parked("rejected");

        stage.simulator.decide("rejected");

        assertThat(stage.settled("rejected", 1)).isEqualTo(Map.of("approval-refused", 1L));
        assertThat(stage.results("rejected").get(0).error()).contains("was rejected by an administrator");
        stage.submit("again", device);
        parked("again");
        stage.simulator.decide("expired");
        assertThat(stage.settled("again", 1)).isEqualTo(Map.of("approval-refused", 1L));
        assertThat(stage.results("again").get(0).error()).contains("expired");
        assertThat(stage.executions(device)).isZero();
    }

    @Test
    void whatIsParkedOutlivesARestartAndIsAskedForOnce() throws Exception {
        ManagedDevice device = stage.next();
        stage.start().submit("restart", device);
        parked("restart");
        stage.stop();
        stage.simulator.decide("approved");

        stage.start();

        assertThat(stage.settled("restart", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        assertThat(stage.simulator.approvals()).hasSize(1);
        assertThat(stage.executions(device)).isOne();
    }

    @Test
    void aCallWithItsCodeThatGotNoAnswerIsConfirmedOnceIntuneShowsItAsCompleted() throws Exception {
        ManagedDevice device = stage.next();
        stage.start().submit("lost", device);
        parked("lost");
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.RESET.afterExecuting());

        stage.simulator.decide("approved");

        assertThat(stage.settled("lost", 1)).isEqualTo(Map.of("confirmed-by-read-back", 1L));
        assertThat(stage.executions(device)).isOne();
        assertThat(stage.actions(device)).hasSize(2);
    }

    @Test
    void whereAnotherApprovalRequestIsOpenTheRequestIsParkedWithoutACode() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(Fault.Match.DEPROVISION, Effect.error(409, "An active Approval Request already exists"));
        stage.start().submit("open", device);

        Result waiting = parked("open");

        assertThat(waiting.error()).contains("Another approval request for the device is open");
        assertThat(stage.ledger().awaitingApproval().parked())
                .singleElement()
                .satisfies(one -> assertThat(one.error()).isEqualTo(waiting.error()));
    }

    @Test
    void cancelEndsWhatIsParked() throws Exception {
        ManagedDevice device = stage.next();
        stage.start().submit("cancelled", device);
        parked("cancelled");

        stage.ledger().batches().cancel("cancelled", "ada");
        stage.simulator.decide("approved");

        assertThat(stage.settled("cancelled", 1)).isEqualTo(Map.of("cancelled", 1L));
        assertThat(stage.executions(device)).isZero();
    }

    @Test
    void withoutThePermissionToPollTheTenantPausesAndNothingIsLost() throws Exception {
        ManagedDevice device = stage.next();
        stage.simulator.fault(Fault.Match.ALL.path("operationApprovalRequests"), Effect.error(403, "Forbidden"));
        stage.start().submit("forbidden", device);

        Pause pause = stage.paused("approval-poll");

        assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
        assertThat(pause.remedy()).contains("DeviceManagementRBAC.Read.All");
        stage.simulator.clearFaults();
        stage.simulator.decide("approved");
        stage.resume();
        assertThat(stage.settled("forbidden", 1)).isEqualTo(Map.of("deprovisioned", 1L));
    }

    @Test
    void withoutAJustificationTheTenantPausesAndSaysWhatToSet() throws Exception {
        ManagedDevice device = stage.next();
        stage.set("deprovision.approval.justification", "").start().submit("unjustified", device);

        Pause pause = stage.paused("approval");

        assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
        assertThat(pause.remedy()).contains("deprovision.approval.justification");
        assertThat(stage.actions(device).get(0).headers()).doesNotContain("x-msft-approval-justification");
    }

    private Result parked(String batch) {
        stage.until(batch, now -> now.in(State.AWAITING_APPROVAL) == now.rows() && now.rows() > 0);
        return stage.results(batch).get(0);
    }
}
