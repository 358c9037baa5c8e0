package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.InDoubt.Trace;
import org.deprovisioner.ledger.ReadBack.Seen;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in doubt in the ledger: when they are looked at, and what their end brings about. */
class InDoubtTest extends LedgerFixture {

    private static final Trace TRACE = new Trace(200, "look-1", "graph-look-1");

    @BeforeEach
    void oneInDoubt() {
        makeReady("leavers", Rows.rows(1, 1));
        doubt();
    }

    private void doubt() {
        ledger.attempts().settleInDoubt(beginOne(), "answer 502 without Graph's JSON", 502, "graph-1");
    }

    private Lease due() {
        List<Lease> leases = ledger.claims().leaseInDoubt(TENANT, 10);
        assertThat(leases).hasSize(1);
        return leases.get(0);
    }

    private void assertNoneIsDue() {
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).isEmpty();
    }

    private Seen there(String... states) {
        return new Seen.There(new Device(
                Rows.id(1),
                "CB-1",
                "5CD1",
                "ChromeOS",
                "ada@example.org",
                "",
                Optional.empty(),
                List.of(states).stream()
                        .map(state -> new Device.Action(state, Optional.of(clock.instant())))
                        .toList()));
    }

    private void look(Seen seen) {
        ledger.inDoubt().answered(due(), seen, TRACE);
    }

    @Test
    void itIsLookedAtAfterTheSetDelaysAndEachAnsweredLookUsesOneUp() {
        for (Duration delay : ReadBackSchedule.STANDARD.looks()) {
            clock.pass(delay.minusMillis(1));
            assertNoneIsDue();
            clock.pass(Duration.ofMillis(1));
            look(there());
        }
        assertThat(standings("leavers")).containsExactly("unknown");
        assertThat(result("leavers", 2).error()).contains("502", "4 looks");
        assertThat(result("leavers", 2).httpStatus()).isEqualTo(502);
        assertThat(result("leavers", 2).graphRequestId()).isEqualTo("graph-1");
    }

    @Test
    void meanwhileItsRowSaysWhatItWaitsForAndItsBatchIsAtRest() {
        Batches.Result row = result("leavers", 2);
        assertThat(row.outcome()).isEmpty();
        assertThat(row.error()).contains("502", "look 1 of 4");
        assertThat(ledger.batches().atRest("leavers", Optional.empty())).isTrue();
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .hasSize(1);
        assertThat(ledger.inDoubt().open().orElseThrow().requests()).isOne();
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).isEmpty();
    }

    @Test
    void aLookThatIsNotAnsweredUsesNoneUpAndIsRepeatedUntilItIsTooOld() {
        ledger.inDoubt()
                .readBackBy(new ReadBackSchedule(List.of(Duration.ofMinutes(1)), false, 10, Duration.ofMinutes(10)));
        clock.pass(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            ledger.inDoubt().unanswered(due(), Optional.of(Duration.ofMinutes(3)), true, "503", TRACE);
            assertThat(standings("leavers")).containsExactly("in_doubt");
            assertNoneIsDue();
            clock.pass(Duration.ofMinutes(3));
        }
        assertThat(due().looks()).isEqualTo(3);
        clock.pass(Duration.ofMinutes(10));
        ledger.inDoubt().unanswered(due(), Optional.empty(), false, "throttled", TRACE);
        clock.pass(Duration.ofMinutes(1));
        ledger.inDoubt().unanswered(due(), Optional.empty(), true, "a proxy's page", TRACE);
        assertThat(standings("leavers")).containsExactly("unknown");
        assertThat(result("leavers", 2).error()).contains("max-age", "a proxy's page");
    }

    @Test
    void aPauseOfItsTenantOrBatchStopsTheLooks() {
        clock.pass(Duration.ofHours(1));
        for (String scope : List.of(TENANT, Pause.ALL, Pause.ofBatch("leavers"))) {
            ledger.pauses().pause(scope, Pause.EndsBy.RESUME, "user", "Paused.", "Resume.", "ada");
            assertNoneIsDue();
            ledger.pauses().resume(scope, "ada");
        }
        look(there("pending"));
    }

    @Test
    void whatIsConfirmedEndsThoseThatWaitAsDuplicatesAndIsTold() {
        takeIn("second", Rows.rows(1, 1));
        resolveAll();
        assertThat(standings("second")).containsExactly("waiting");
        clock.pass(Duration.ofHours(1));
        look(there("pending"));
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
        assertThat(standings("second")).containsExactly("duplicate");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).isEmpty();
        assertThat(ledger.audit().waiting(100))
                .extracting(entry -> entry.fields().get("what"))
                .containsSubsequence("in-doubt", "read-back", "ended");
    }

    @Test
    void whatFailedAtTheDeviceWakesTheOneThatWaits() {
        takeIn("second", Rows.rows(1, 1));
        resolveAll();
        clock.pass(Duration.ofHours(1));
        look(there("failed"));
        assertThat(standings("leavers")).containsExactly("rejected-by-graph");
        assertThat(standings("second")).containsExactly("received");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).hasSize(1);
    }

    @Test
    void aDeviceThatIsFoundAgainIsNotGone() {
        for (Seen seen : List.of(new Seen.Gone(), there(), new Seen.Gone(), new Seen.Nothing("?"))) {
            clock.pass(Duration.ofHours(1));
            look(seen);
        }
        assertThat(standings("leavers")).containsExactly("unknown");
    }

    @Test
    void aDeviceThatTwoLooksFindGoneIsConfirmed() {
        for (int look = 0; look < 2; look++) {
            clock.pass(Duration.ofHours(1));
            look(new Seen.Gone());
        }
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
        assertThat(result("leavers", 2).error()).contains("gone");
    }

    @Test
    void aLapsedClaimSettlesNothing() {
        clock.pass(Duration.ofHours(1));
        Lease lapsed = due();
        clock.pass(Duration.ofHours(1));
        Lease taken = due();
        ledger.inDoubt().answered(lapsed, there("pending"), TRACE);
        assertThat(standings("leavers")).containsExactly("in_doubt");
        ledger.inDoubt().answered(taken, there("pending"), TRACE);
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
    }

    @Test
    void theLooksGoOnAfterARestart() {
        ledger.close();
        ledger = open();
        assertThat(ledger.recovery().recover()).isZero();
        clock.pass(Duration.ofHours(1));
        look(there("pending"));
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
    }

    private void acceptDoubles() {
        ledger.inDoubt().readBackBy(new ReadBackSchedule(List.of(Duration.ofMinutes(1)), true, 2, Duration.ofHours(1)));
    }

    @Test
    void whoAcceptsADoubleGetsItSentAgainAndALateSignOfTheFirstAttemptCounts() {
        acceptDoubles();
        var first = clock.instant();
        clock.pass(Duration.ofMinutes(1));
        look(there());
        assertThat(standings("leavers")).containsExactly("ready");
        clock.pass(Duration.ofMinutes(30));
        doubt();
        clock.pass(Duration.ofMinutes(1));
        look(new Seen.There(new Device(
                Rows.id(1),
                "CB-1",
                "5CD1",
                "ChromeOS",
                "ada@example.org",
                "",
                Optional.empty(),
                List.of(new Device.Action("done", Optional.of(first))))));
        assertThat(standings("leavers")).containsExactly("confirmed-by-read-back");
    }

    @Test
    void aDoubleIsSentUpToTheMostAttempts() {
        acceptDoubles();
        clock.pass(Duration.ofMinutes(1));
        look(there());
        doubt();
        clock.pass(Duration.ofMinutes(1));
        look(there());
        assertThat(standings("leavers")).containsExactly("unknown");
        assertThat(result("leavers", 2).attempts()).isEqualTo(2);
    }

    @Test
    void whatIsCancelledInDoubtIsStillReadBackButNotSentAgain() {
        acceptDoubles();
        assertThat(ledger.batches().cancel("leavers", "ada")).isZero();
        clock.pass(Duration.ofMinutes(1));
        look(there());
        assertThat(standings("leavers")).containsExactly("unknown");
    }

    @Test
    void whatIsVerifiedWaitsForItsActionToBeDone() {
        makeReady("second", Rows.rows(5, 1));
        clock.pass(Duration.ofHours(1));
        look(there("done"));
        ledger.attempts().settleAccepted(beginOne(), 204, "graph-2");
        assertThat(result("second", 2).error()).contains("Graph took the action (204)", "look 1 of 4");
        clock.pass(Duration.ofHours(1));
        look(there("active"));
        assertThat(standings("second")).containsExactly("in_doubt");
        clock.pass(Duration.ofHours(1));
        look(there("done"));
        assertThat(standings("second")).containsExactly("confirmed-by-read-back");
        assertThat(result("second", 2).httpStatus()).isEqualTo(204);
    }
}
