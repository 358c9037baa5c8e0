package org.deprovisioner.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Asks Intune how the approval of each request stands. */
class PollApprovalsRouteTest extends CommonErrorsRouteTest {

    @Override
    String failingStep() {
        return "poll-approvals.poll";
    }

    @Override
    Object work() {
        return "a request";
    }

    @Test
    void eachRequestsApprovalIsAskedForOnceAndSettled() {
        assertThat(from()).startsWith("ledger:parked-requests?");
        assertThat(run(work()).getException()).isNull();
        assertThat(graph().getReceivedCounter()).isOne();
        assertThat(steps()).startsWith("poll-approvals.poll").endsWith("poll-approvals.settle");
    }

    @Test
    void whatItMadeOfTheAnswerComesAgainWhereTheLedgerCannotTakeIt() {
        failAt("poll-approvals.settle", ledgerDown());
        assertThat(run(work()).getException()).isNull();
        assertThat(steps()).endsWith("poll-approvals.settle", "give-back");
    }
}
