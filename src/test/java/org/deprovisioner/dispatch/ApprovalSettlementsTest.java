package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.graph.ApprovalStatus;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Settlement;
import org.deprovisioner.ledger.ApprovalRequest;
import org.deprovisioner.ledger.AuditEntries;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.request.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for Intune's approval, in the ledger, as time passes. */
class ApprovalSettlementsTest extends LedgerFixture {

    private static final String CODE = "0a1b2c3d-0000-4000-8000-000000000001";

    private ApprovalSettlements approvals;

    @BeforeEach
    void parkOne() {
        approvals = new ApprovalSettlements(ledger.attempts(), ledger.awaitingApproval(), clock);
        makeReady("leavers", oneRow());
        park(beginOne(), Optional.of(CODE), clock.instant());
    }

    private static List<Row> oneRow() {
        return Rows.rows(1, 1);
    }

    private void park(Lease lease, Optional<String> code, Instant since) {
        approvals.park(lease, new Settlement.Parked(code, since, "412 ApprovalRequired"), 412, "ApprovalRequired", "g");
    }

    /** Polls as soon as it is due; gives how long that took. */
    private Duration poll(ReadResult reading) {
        Instant before = clock.instant();
        List<Lease> due = ledger.awaitingApproval().leaseToPoll(TENANT, 9);
        while (due.isEmpty()) {
            clock.pass(Duration.ofSeconds(5));
            due = ledger.awaitingApproval().leaseToPoll(TENANT, 9);
        }
        approvals.polled(due.get(0), reading, Duration.ZERO);
        return Duration.between(before, clock.instant());
    }

    private Duration poll(ApprovalStatus status) {
        return poll(new ReadResult.ApprovalShown(status));
    }

    @Test
    void pollsComeAtGrowingIntervalsAndAtLeastEveryTenMinutes() {
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).hasSeconds(5);
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).hasSeconds(5);
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).hasSeconds(10);
        for (int i = 0; i < 6; i++) {
            poll(ApprovalStatus.NEEDS_APPROVAL);
        }
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).hasMinutes(10);
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).hasMinutes(10);
    }

    @Test
    void onceItIsApprovedTheRequestIsSentWithItsCodeAndTheTimeParkedIsNotCharged() {
        clock.pass(Duration.ofHours(40));
        poll(ApprovalStatus.APPROVED);
        Lease lease = beginOne();
        assertThat(lease.approval().flatMap(ApprovalRequest::code)).contains(CODE);
        assertThat(lease.tried()).isZero();
        assertThat(lease.attempts()).isOne();
    }

    @Test
    void aDayBeforeItExpiresItsWordsWarn() {
        clock.pass(Duration.ofHours(47));
        poll(ApprovalStatus.NEEDS_APPROVAL);
        assertThat(result("leavers", 2).error()).doesNotContain("EXPIRES SOON");
        clock.pass(Duration.ofHours(1));
        long changes = ledger.batches()
                .changedAtRest(9, Optional.empty(), Optional.empty())
                .get(0)
                .changed();
        poll(ApprovalStatus.NEEDS_APPROVAL);
        poll(ApprovalStatus.NEEDS_APPROVAL);
        assertThat(result("leavers", 2).error())
                .startsWith("EXPIRES SOON, at 2026-11-27T08:00:00Z")
                .contains(CODE);
        assertThat(ledger.awaitingApproval().parked().get(0).error()).startsWith("EXPIRES SOON");
        assertThat(ledger.batches()
                        .changedAtRest(9, Optional.empty(), Optional.empty())
                        .get(0)
                        .changed())
                .isEqualTo(changes + 1);
    }

    @Test
    void refusedItEndsInWordsAndForgetsItsCode() {
        poll(ApprovalStatus.CANCELLED);
        assertThat(standings("leavers")).containsExactly("approval-refused");
        assertThat(result("leavers", 2).error()).contains(CODE, "was cancelled in Intune");
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).isEmpty();
    }

    @Test
    void aCodeThatIsAnsweredByTheSameQuestionIsTriedAtGrowingIntervalsAndToldOnce() {
        Duration waited = Duration.ZERO;
        for (int times = 0; times < 8; times++) {
            waited = poll(ApprovalStatus.APPROVED);
            Lease bounced = beginOne();
            park(bounced, Optional.of(CODE), bounced.approval().orElseThrow().since());
        }
        assertThat(waited).hasMinutes(10);
        assertThat(result("leavers", 2).error()).contains("With its code it was answered: 412 ApprovalRequired");
        assertThat(ledger.audit().waiting(99).stream()
                        .map(AuditEntries.Entry::fields)
                        .filter(fields -> "awaiting-approval".equals(fields.get("what"))))
                .hasSize(1);
    }

    @Test
    void aFaultOfAPollPutsOffTheNextOne() {
        clock.pass(Duration.ofSeconds(5));
        Lease lease = ledger.awaitingApproval().leaseToPoll(TENANT, 9).get(0);
        ledger.resolutions().readLater(lease, Duration.ofMinutes(1), true, "The program failed.");
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).hasSize(1);
    }

    @Test
    void afterARestartAPollOfTheProcessBeforeIsMadeAgain() {
        clock.pass(Duration.ofSeconds(5));
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).hasSize(1);
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).isEmpty();
        ledger.recovery().recover();
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void aClockThatIsSetNeitherStopsThePollsNorTakesALivingOneOver(Duration by) {
        clock.set(by);
        assertThat(poll(ApprovalStatus.NEEDS_APPROVAL)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        clock.pass(Duration.ofSeconds(5));
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).hasSize(1);
        clock.set(by);
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).isEmpty();
    }

    @Test
    void aClockThatWasSetBackBetweenTwoRunsStopsNoPoll() {
        for (int times = 0; times < 9; times++) {
            poll(ApprovalStatus.NEEDS_APPROVAL);
        }
        clock.set(Duration.ofHours(-3));
        ledger.recovery().recover();
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).hasSize(1);
    }

    @Test
    void completedConfirmsACallThatIsInDoubt() {
        poll(ApprovalStatus.APPROVED);
        ledger.attempts().settleInDoubt(beginOne(), "No answer came.", 0, "");
        assertThat(standings("leavers")).containsExactly("in_doubt");
        poll(ApprovalStatus.APPROVED);
        assertThat(standings("leavers")).containsExactly("in_doubt");
        poll(ApprovalStatus.COMPLETED);
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
    }

    @Test
    void anApprovalRequestThatGraphDoesNotKnowIsGivenUpWhenItWouldHaveExpired() {
        poll(new ReadResult.Gone());
        assertThat(standings("leavers")).containsExactly("awaiting_approval");
        clock.pass(Duration.ofDays(3));
        poll(new ReadResult.Gone());
        assertThat(standings("leavers")).containsExactly("approval-refused");
    }

    @Test
    void withoutACodeItAsksAgainEveryHour() {
        poll(ApprovalStatus.APPROVED);
        Instant since = clock.instant();
        park(beginOne(), Optional.empty(), since);
        clock.pass(Duration.ofMinutes(59));
        assertThat(ledger.awaitingApproval().leaseToAskAgain(TENANT, 9)).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.awaitingApproval().leaseToPoll(TENANT, 9)).isEmpty();
        Lease lease = ledger.awaitingApproval().leaseToAskAgain(TENANT, 9).get(0);
        assertThat(ledger.awaitingApproval().ready(lease)).isTrue();
        assertThat(leaseOne().approval()).contains(new ApprovalRequest(Optional.empty(), since, 0));
    }

    @Test
    void aBatchThatIsCancelledWhileTheCallIsUnderWayIsNotParked() {
        poll(ApprovalStatus.APPROVED);
        Lease lease = beginOne();
        ledger.batches().cancel("leavers", "ada");
        park(lease, Optional.of(CODE), clock.instant());
        assertThat(standings("leavers")).containsExactly("cancelled");
    }

    @Test
    void theAuditLogIsToldOfTheQuestionAndOfTheAnswer() {
        poll(ApprovalStatus.APPROVED);
        assertThat(ledger.audit().waiting(9).stream()
                        .map(AuditEntries.Entry::fields)
                        .filter(fields -> String.valueOf(fields.get("remark")).contains(CODE))
                        .map(fields -> fields.get("what")))
                .containsExactly("awaiting-approval", "approved-in-intune");
    }
}
