package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deprovisioner.Said;
import org.junit.jupiter.api.Test;

class PausesTest extends LedgerFixture {

    private void pause(Pause.EndsBy kind, String cause) {
        ledger.pauses().pause(TENANT, kind, cause, cause + " failed.", "Mend it.", "Deprovisioner");
    }

    @Test
    void aPauseThatProbesNeverReplacesOneThatWaitsForResume() {
        pause(Pause.EndsBy.RESUME, "code:BadRequest");
        pause(Pause.EndsBy.PROBE, "token");
        assertThat(ledger.pauses().all()).extracting(Pause::cause).containsExactly("code:BadRequest");
        clock.pass(Duration.ofHours(1));
        assertThat(ledger.pauses().dueForProbe(TENANT)).isEmpty();
    }

    @Test
    void aPauseThatWaitsForResumeReplacesOneThatProbes() {
        pause(Pause.EndsBy.PROBE, "token");
        pause(Pause.EndsBy.RESUME, "redirect");
        assertThat(ledger.pauses().stopping(TENANT)).map(Pause::kind).contains(Pause.EndsBy.RESUME);
    }

    @Test
    void probesComeAtGrowingIntervalsThatStayBelowHalfAMinute() {
        assertThat(intervals("token"))
                .isSorted()
                .startsWith(5L)
                .endsWith(25L, 25L)
                .doesNotContain(26L);
    }

    @Test
    void probesThatMayPutOneMoreCallInDoubtComeFurtherApart() {
        List<Long> intervals = intervals("in-doubt");
        assertThat(intervals).isSorted().startsWith(5L).endsWith(120L, 120L);
        assertThat(intervals.stream().mapToLong(Long::longValue).sum()).isGreaterThan(600);
    }

    private List<Long> intervals(String cause) {
        pause(Pause.EndsBy.PROBE, cause);
        List<Long> intervals = new ArrayList<>();
        for (long waited = 0; intervals.size() < 9; ) {
            clock.pass(Duration.ofSeconds(1));
            waited++;
            if (!ledger.pauses().dueForProbe(TENANT).isEmpty()) {
                intervals.add(waited);
                waited = 0;
            }
        }
        return intervals;
    }

    @Test
    void theGrowthGoesOnWhenTheCauseComesBackWhileItIsProbed() {
        pause(Pause.EndsBy.PROBE, "token");
        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.ofSeconds(30));
            ledger.pauses().dueForProbe(TENANT);
        }
        pause(Pause.EndsBy.PROBE, "token");
        clock.pass(Duration.ofSeconds(14));
        assertThat(ledger.pauses().dueForProbe(TENANT)).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void aProbeThatTakesLongToFailDoesNotDelayTheNextOne() {
        pause(Pause.EndsBy.PROBE, "token");
        for (int i = 0; i < 6; i++) {
            clock.pass(Duration.ofSeconds(30));
            assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
        }
        clock.pass(Duration.ofSeconds(15));
        pause(Pause.EndsBy.PROBE, "token");
        clock.pass(Duration.ofSeconds(10));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void eachTenantIsProbedByItself() {
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().pause("other", Pause.EndsBy.PROBE, "token", "No token.", "Mend it.", "Deprovisioner");
        clock.pass(Duration.ofSeconds(5));
        assertThat(ledger.pauses().dueForProbe(TENANT)).extracting(Pause::scope).containsExactly(TENANT);
        assertThat(ledger.pauses().dueForProbe("other"))
                .extracting(Pause::scope)
                .containsExactly("other");
    }

    @Test
    void aProbeLetsOneCallThroughAndItsSuccessEndsThePause() {
        makeReady("leavers", Rows.rows(1, 5));
        pause(Pause.EndsBy.PROBE, "token");
        assertThat(ledger.claims().leaseReady(TENANT, 5)).isEmpty();
        ledger.pauses().letOneThrough(TENANT, false);
        List<Lease> leases = ledger.claims().leaseReady(TENANT, 5);
        assertThat(leases).hasSize(1);
        assertThat(ledger.claims().leaseReady(TENANT, 5)).isEmpty();
        assertThat(ledger.attempts().begin(leases.get(0), "c")).isTrue();
        ledger.attempts().settle(leases.get(0), new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "g");
        assertThat(ledger.pauses().all()).isEmpty();
        assertThat(ledger.claims().leaseReady(TENANT, 5)).hasSize(4);
    }

    @Test
    void whileTheCallOfAProbeIsUnderWayThereIsNoOtherProbeAndNoOtherCall() {
        makeReady("leavers", Rows.rows(1, 5));
        pause(Pause.EndsBy.PROBE, "token");
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
        assertThat(ledger.pauses().dueForProbe(TENANT)).isEmpty();
        ledger.pauses().letOneThrough(TENANT, false);
        Lease probe = beginOne();
        clock.pass(Duration.ofMinutes(5));
        assertThat(ledger.pauses().dueForProbe(TENANT)).isEmpty();
        for (boolean closed : List.of(false, true)) {
            ledger.pauses().letOneThrough(TENANT, closed);
            assertThat(ledger.claims().leaseReady(TENANT, 5)).isEmpty();
        }
        assertThat(ledger.pauses().all()).hasSize(1);
        ledger.attempts().settleInDoubt(probe, "No answer.", 0, "");
        assertThat(ledger.claims().leaseReady(TENANT, 5)).isEmpty();
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void aProbeIsOneRequestWhereManyGoInOneCallToo() {
        makeReady("leavers", Rows.rows(1, 5));
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        assertThat(ledger.claims().leaseReadyAlike(TENANT, 5, form -> true)).hasSize(1);
        assertThat(ledger.claims().leaseReadyAlike(TENANT, 5, form -> true)).isEmpty();
    }

    @Test
    void manyWorkersGetOneCallOfAProbeBetweenThem() throws Exception {
        makeReady("leavers", Rows.rows(1, 50));
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        ExecutorService workers = Executors.newFixedThreadPool(16);
        try {
            List<Callable<List<Lease>>> work =
                    Collections.nCopies(64, () -> ledger.claims().leaseReady(TENANT, 5));
            List<Lease> leased = new ArrayList<>();
            for (Future<List<Lease>> leases : workers.invokeAll(work)) {
                leased.addAll(leases.get());
            }
            assertThat(leased).hasSize(1);
        } finally {
            workers.shutdown();
        }
    }

    @Test
    void aProbeWhoseCallNobodyTakesComesAgain() {
        makeReady("leavers", Rows.rows(1, 1));
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void aPauseThatEndedByItselfIsSaidAndOneThatAPersonEndedIsNot() throws Exception {
        makeReady("leavers", Rows.rows(1, 1));
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        assertThat(Said.by(Pauses.class, () -> send(Outcome.DEPROVISIONED)))
                .containsExactly(
                        "Tenant default: its pause has ended by itself, since a probe was answered. Sending goes on.");
        pause(Pause.EndsBy.PROBE, "token");
        assertThat(Said.by(Pauses.class, () -> ledger.pauses().resume(TENANT, "ada")))
                .isEmpty();
    }

    @Test
    void aProbesCallThatFailsLetsThePauseGoOn() {
        makeReady("leavers", Rows.rows(1, 5));
        pause(Pause.EndsBy.PROBE, "unreachable");
        ledger.pauses().letOneThrough(TENANT, false);
        Lease lease = beginOne();
        ledger.attempts().settleForRetry(lease, Duration.ZERO, false, false, "Refused.", 503, "");
        assertThat(ledger.pauses().stopping(TENANT)).isPresent();
        assertThat(ledger.claims().leaseReady(TENANT, 5)).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void aProbesCallThatIsNotMadeLetsThePauseProbeAgain() {
        makeReady("leavers", Rows.rows(1, 5));
        pause(Pause.EndsBy.PROBE, "unreachable");
        List<java.util.function.Consumer<Lease>> ways = List.of(
                lease -> ledger.claims().giveBack(lease),
                lease -> ledger.resolutions().readLater(lease, Duration.ZERO, false, "Busy."),
                lease -> ledger.resolutions().endUnsent(lease, Finding.of(Outcome.MISMATCH, "Changed.", "Look.")));
        ways.forEach(way -> {
            ledger.pauses().letOneThrough(TENANT, false);
            way.accept(leaseOne());
            assertThat(ledger.pauses().stopping(TENANT)).isPresent();
            clock.pass(Duration.ofMinutes(1));
            assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
        });
    }

    @Test
    void whereNoCallWaitsAnAnsweredReadEndsThePause() {
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aCallThatIsNotDueYetDoesNotKeepThePause() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleForRetry(beginOne(), Duration.ofDays(1), true, false, "Busy.", 503, "");
        pause(Pause.EndsBy.PROBE, "token");
        ledger.pauses().letOneThrough(TENANT, false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aProbeNeverLetsACallThroughAPauseThatWaitsForResume() {
        makeReady("leavers", Rows.rows(1, 1));
        pause(Pause.EndsBy.RESUME, "redirect");
        ledger.pauses().letOneThrough(TENANT, false);
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
    }

    @Test
    void aCodeThatResumeTookIsTheDevicesFaultUntilSomethingSucceeds() {
        makeReady("leavers", Rows.rows(1, 1));
        pause(Pause.EndsBy.RESUME, "rejected:BadRequest");
        assertThat(ledger.pauses().accepted(TENANT, "rejected:BadRequest")).isFalse();
        assertThat(ledger.pauses().resume(TENANT, "ada")).map(Pause::cause).contains("rejected:BadRequest");
        assertThat(ledger.pauses().accepted(TENANT, "rejected:BadRequest")).isTrue();
        assertThat(ledger.pauses().accepted(TENANT, "rejected:Forbidden")).isFalse();
        send(Outcome.DEPROVISIONED);
        assertThat(ledger.pauses().accepted(TENANT, "rejected:BadRequest")).isFalse();
    }

    @Test
    void aPausedBatchStandsStillAndTheOthersGoOn() {
        makeReady("first", Rows.rows(1, 2));
        makeReady("second", Rows.rows(5, 1));
        Lease leased = ledger.claims().leaseReady(TENANT, 1).get(0);
        ledger.pauses().pause(Pause.ofBatch("first"), Pause.EndsBy.RESUME, "operator", "Paused.", "Resume.", "ada");
        assertThat(ledger.attempts().begin(leased, "c")).isFalse();
        takeIn("first", List.of(Rows.row(2, 9)));
        assertThat(ledger.claims().leaseReady(TENANT, 9))
                .extracting(Lease::batch)
                .containsExactly("second");
        assertThat(ledger.batches().atRest("first", Optional.empty())).isTrue();
        assertThat(ledger.batches().atRest("second", Optional.empty())).isFalse();
        ledger.pauses().resume(Pause.ofBatch("first"), "ada");
        assertThat(ledger.claims().leaseReady(TENANT, 9)).hasSize(2);
    }

    @Test
    void aPauseReachesACallThatIsLeasedAlready() {
        makeReady("first", Rows.rows(1, 1));
        Lease leased = leaseOne();
        Ledger command = open();
        command.pauses().pause(Pause.ofBatch("first"), Pause.EndsBy.RESUME, "operator", "Paused.", "Resume.", "ada");
        command.close();
        assertThat(ledger.attempts().begin(leased, "c")).isFalse();
    }

    @Test
    void resumeOfWhatIsNotPausedSaysSo() {
        assertThat(ledger.pauses().resume(TENANT, "ada")).isEmpty();
    }

    @Test
    void aClosedLaneIsNeverOpenedEarlierAndSurvivesARestart() {
        Instant until = clock.instant().plusSeconds(60);
        ledger.pauses().closeLane(TENANT, until);
        ledger.pauses().closeLane(TENANT, until.minusSeconds(30));
        ledger.close();
        ledger = open();
        assertThat(ledger.pauses().laneClosedUntil(TENANT)).isEqualTo(until);
        assertThat(ledger.pauses().laneClosedUntil("south")).isEqualTo(Instant.EPOCH);
        assertThat(ledger.pauses().closedLanes()).containsExactly(Map.entry(TENANT, until));
        clock.pass(Duration.ofSeconds(60));
        assertThat(ledger.pauses().closedLanes()).isEmpty();
    }

    @Test
    void whatALaneFoundOutIsKeptBesideUntilWhenItIsClosed() {
        ledger.pauses().closeLane(TENANT, clock.instant().plusSeconds(5));
        assertThat(ledger.pauses().slowLanes()).isEmpty();
        ledger.pauses().slowLane(TENANT, true, 0.5, "429");
        clock.pass(Duration.ofSeconds(1));
        ledger.pauses().slowLane(TENANT, false, 0.9, "503");
        ledger.close();
        ledger = open();
        assertThat(ledger.pauses().laneClosedUntil(TENANT))
                .isEqualTo(clock.instant().plusSeconds(4));
        assertThat(ledger.pauses().slowLanes())
                .containsExactly(
                        new Pauses.SlowLane(TENANT, true, 0.5, clock.instant().minusSeconds(1), "429"),
                        new Pauses.SlowLane(TENANT, false, 0.9, clock.instant(), "503"));
    }
}
