package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.FaultySource;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.deprovisioner.store.StoreException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AttemptsTest extends LedgerFixture {

    @Test
    void sixteenWorkersNeverLeaseTheSameRequest() throws Exception {
        makeReady("leavers", Rows.rows(1, 2_000));
        Set<Long> leased = ConcurrentHashMap.newKeySet();
        Set<Long> twice = ConcurrentHashMap.newKeySet();
        ExecutorService workers = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ends.add(workers.submit(() -> {
                    for (List<Lease> leases = lease(); !leases.isEmpty(); leases = lease()) {
                        leases.stream()
                                .map(Lease::id)
                                .filter(id -> !leased.add(id))
                                .forEach(twice::add);
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            workers.shutdown();
        }
        assertThat(twice).isEmpty();
        assertThat(leased).hasSize(2_000);
    }

    private List<Lease> lease() {
        return ledger.claims().leaseReady(TENANT, 7);
    }

    @Test
    @Tag("sqlite")
    void whoSettlesWaitsUntilItIsWrittenHowTheCallEndedAndMeanwhileNothingIsBegun() {
        makeReady("leavers", Rows.rows(1, 2));
        FaultySource source = new FaultySource(data.resolve("ledger.db"));
        Attempts attempts = attemptsOn(source);
        Lease first = beginOne();
        Lease second = leaseOne();
        source.set(FaultySource.Fault.READ_ONLY);
        CompletableFuture<Boolean> another = CompletableFuture.supplyAsync(() -> attempts.begin(second, "c"));
        await().until(() -> source.faulty() > 0);
        CompletableFuture<Void> worker = CompletableFuture.runAsync(
                () -> attempts.settle(first, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1"));
        assertThat(standings("leavers")).containsExactlyInAnyOrder("sending", "ready");
        assertThat(worker).isNotDone();
        source.set(FaultySource.Fault.NONE);
        worker.join();
        assertThat(standings("leavers")).contains("deprovisioned");
        assertThatThrownBy(another::join).hasCauseInstanceOf(StoreException.class);
    }

    /** Attempts with a writer of their own. */
    private Attempts attemptsOn(FaultySource source) {
        Jdbc reader = new Jdbc(source, Database.at("jdbc:sqlite:" + data.resolve("ledger.db")));
        GroupCommit writer = new GroupCommit(source, Database.at("jdbc:sqlite:" + data.resolve("ledger.db")));
        SteadyTime steady = new SteadyTime(clock, clock::nanoTime);
        InDoubt inDoubt = new InDoubt(reader, writer, clock, steady);
        Recovery recovery = new Recovery(writer, inDoubt, clock, steady);
        return new Attempts(reader, writer, inDoubt, recovery, clock, steady);
    }

    @Test
    @Tag("sqlite")
    void whatWasLeasedThoughNobodyWasToldIsFreeAgainAtTheNextTurnAndNotAfterMinutes() {
        makeReady("leavers", Rows.rows(1, 3));
        FaultySource source = new FaultySource(data.resolve("ledger.db"));
        Claims claims = new Claims(
                new Jdbc(source, Database.at("jdbc:sqlite:" + data.resolve("ledger.db"))),
                new GroupCommit(source, Database.at("jdbc:sqlite:" + data.resolve("ledger.db"))),
                clock,
                new SteadyTime(clock, clock::nanoTime));
        source.set(FaultySource.Fault.SILENT_COMMIT);
        assertThatThrownBy(() -> claims.leaseReady(TENANT, 10)).isInstanceOf(StoreException.class);
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
        source.set(FaultySource.Fault.NONE);
        assertThat(claims.leaseReady(TENANT, 10)).hasSize(3);
    }

    @Test
    void whoseCallMayBeUnderWayKeepsItsLease() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = beginOne();
        ledger.claims().giveBack(lease);
        ledger.attempts().settle(lease, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        assertThat(standings("leavers")).containsExactly("deprovisioned");
    }

    @Test
    void aLeaseLapsesByTime() {
        makeReady("leavers", Rows.rows(1, 1));
        leaseOne();
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
        clock.pass(Duration.ofMinutes(10));
        leaseOne();
    }

    @Test
    void aLeaseThatIsGivenBackCanBeTakenAgain() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.claims().giveBack(leaseOne());
        assertThat(standings("leavers")).containsExactly("ready");
        leaseOne();
    }

    @Test
    void whatGoesTogetherIsOfOneFormAndReasonOldestFirst() {
        makeReady(
                "leavers",
                List.of(
                        Rows.row(2, 1, "lost", "", false),
                        Rows.row(3, 2, "sold", "", false),
                        Rows.row(4, 3, "lost", "", false),
                        Rows.row(5, 4, "lost", "", false)));
        Claims claims = ledger.claims();
        assertThat(claims.leaseReadyAlike(TENANT, 2, form -> true))
                .extracting(Lease::line)
                .containsExactlyInAnyOrder(2L, 4L);
        assertThat(claims.leaseReadyAlike(TENANT, 2, form -> true))
                .extracting(Lease::line)
                .containsExactly(3L);
        assertThat(claims.leaseReadyAlike(TENANT, 2, form -> true))
                .extracting(Lease::line)
                .containsExactly(5L);
        assertThat(claims.leaseReadyAlike(TENANT, 2, form -> true)).isEmpty();
    }

    @Test
    void aFormThatCannotGoTogetherIsLeasedAlone() {
        makeReady("leavers", Rows.rows(1, 3));
        assertThat(ledger.claims().leaseReadyAlike(TENANT, 100, form -> false)).hasSize(1);
    }

    @Test
    void ofAGroupThoseBeginThatMayAndAfterACrashAllOfThemAreInDoubt() {
        makeReady("leavers", Rows.rows(1, 3));
        List<Lease> leases = ledger.claims().leaseReady(TENANT, 3);
        ledger.claims().giveBack(leases.get(1));
        Map<Lease, String> attempts = leases.stream().collect(Collectors.toMap(lease -> lease, lease -> "c"));
        assertThat(ledger.attempts().begin(attempts)).containsExactlyInAnyOrder(leases.get(0), leases.get(2));
        assertThat(standings("leavers")).containsExactly("sending", "ready", "sending");
        assertThat(ledger.attempts().begin(attempts)).isEmpty();
        assertThat(ledger.recovery().recover()).isEqualTo(2);
    }

    @Test
    void onlyReadyRequestsBeginAndOnlyOnce() {
        takeIn("leavers", Rows.rows(1, 1));
        Lease unresolved = ledger.claims().leaseUnresolved(TENANT, 1).get(0);
        assertThat(ledger.attempts().begin(unresolved, "c")).isFalse();
        ledger.claims().giveBack(unresolved);
        resolveAll();
        letAllThrough();

        Lease lease = leaseOne();
        assertThat(ledger.attempts().begin(lease, "c")).isTrue();
        assertThat(ledger.attempts().begin(lease, "d")).isFalse();
        assertThat(result("leavers", 2).clientRequestId()).isEqualTo("c");
    }

    @Test
    void aLeaseThatWasGivenBackDoesNotBegin() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = leaseOne();
        ledger.claims().giveBack(lease);
        assertThat(ledger.attempts().begin(lease, "c")).isFalse();
    }

    @Test
    void aLapsedLeaseThatSomebodyElseTookUpDoesNotBeginNorGiveBackTheirs() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lapsed = leaseOne();
        clock.pass(Duration.ofMinutes(10));
        Lease taken = leaseOne();
        assertThat(ledger.attempts().begin(lapsed, "c")).isFalse();
        ledger.claims().giveBack(lapsed);
        assertThat(ledger.attempts().begin(taken, "d")).isTrue();
    }

    @Test
    void nothingBeginsWhileItsTenantOrEverybodyIsPaused() {
        makeReady("leavers", Rows.rows(1, 1));
        for (String scope : List.of(TENANT, Pause.ALL)) {
            Lease lease = leaseOne();
            ledger.pauses().pause(scope, Pause.EndsBy.RESUME, "user", "Paused.", "Resume.", "ada");
            assertThat(ledger.attempts().begin(lease, "c")).isFalse();
            assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
            ledger.pauses().resume(scope, "ada");
        }
        beginOne();
    }

    @Test
    void aPauseOfAnotherTenantStopsNothingHere() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.pauses().pause("south", Pause.EndsBy.RESUME, "user", "Paused.", "Resume.", "ada");
        beginOne();
    }

    @Test
    void anAnswerSettlesItsRequestForGood() {
        makeReady("leavers", Rows.rows(1, 2));
        Lease lease = beginOne();
        ledger.attempts().settle(lease, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        ledger.attempts()
                .settle(beginOne(), new Finding(Outcome.REJECTED_BY_GRAPH, 400, "BadRequest", "No.", "Mend."), "g");

        Batches.Result done = result("leavers", 2);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.httpStatus()).isEqualTo(204);
        assertThat(done.graphRequestId()).isEqualTo("graph-1");
        assertThat(done.attempts()).isEqualTo(1);
        assertThat(done.started()).contains(clock.instant());
        Batches.Result failed = result("leavers", 3);
        assertThat(failed.state()).isEqualTo(State.DEAD);
        assertThat(failed.graphCode()).isEqualTo("BadRequest");
        assertThat(failed.remedy()).isEqualTo("Mend.");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).hasSize(1);
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
    }

    @Test
    void aSecondWordOnASettledRequestChangesNothing() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = beginOne();
        ledger.attempts().settle(lease, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        Batches.Result before = result("leavers", 2);
        ledger.attempts().settle(lease, new Finding(Outcome.REJECTED_BY_GRAPH, 400, "x", "x", "x"), "graph-2");
        ledger.attempts().settleInDoubt(lease, "Late.", 0, "graph-3");
        ledger.attempts().settleForRetry(lease, Duration.ZERO, true, false, "Late.", 503, "graph-4");
        ledger.resolutions().endUnsent(lease, Finding.of(Outcome.MISMATCH, "Late.", ""));
        assertThat(result("leavers", 2)).isEqualTo(before);
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).isEmpty();
    }

    @Test
    void anAttemptIsSettledByItsOwnClaimAloneAndNotByAnEarlierOne() {
        makeReady("leavers", Rows.rows(1, 1));
        Attempts attempts = ledger.attempts();
        Lease earlier = beginOne();
        attempts.settleForRetry(earlier, Duration.ZERO, true, false, "Busy.", 503, "graph-1");
        Lease later = beginOne();
        Batches.Result before = result("leavers", 2);
        attempts.settle(earlier, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-late");
        attempts.settleInDoubt(earlier, "Late.", 0, "graph-late");
        attempts.settleForRetry(earlier, Duration.ZERO, true, false, "Late.", 503, "graph-late");
        attempts.settleAccepted(earlier, 204, "graph-late");
        ledger.claims().giveBack(earlier);
        assertThat(result("leavers", 2)).isEqualTo(before);
        assertThat(standings("leavers")).containsExactly("sending");
        attempts.settle(later, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-2");
        assertThat(standings("leavers")).containsExactly("deprovisioned");
        assertThat(result("leavers", 2).graphRequestId()).isEqualTo("graph-2");
        assertThat(result("leavers", 2).attempts()).isEqualTo(2);
    }

    @Test
    void a404IsKeptUntilTheDeviceIsLookedAtOnceMoreAndForgottenWhereItIsNotAboutTheDevice() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleForRetry(beginOne(), Duration.ZERO, false, false, "A proxy.", 404, "");
        Lease again = beginOne();
        assertThat(again.lastStatus()).isZero();
        ledger.attempts().settleForRetry(again, Duration.ZERO, true, true, "Not found.", 404, "g");
        Lease asked = beginOne();
        assertThat(asked.lastStatus()).isEqualTo(404);
        assertThat(asked.resolved()).isEmpty();
        ledger.attempts().settleForRetry(asked, Duration.ZERO, false, false, "A proxy.", 404, "");
        assertThat(leaseOne().lastStatus()).isZero();
    }

    @Test
    void aRetryComesBackWhenItIsDueAndCountsWhenItIsCharged() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleForRetry(beginOne(), Duration.ofMinutes(1), true, false, "Busy.", 503, "g");
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        Lease again = beginOne();
        assertThat(again.attempts()).isEqualTo(1);
        assertThat(again.lastStatus()).isEqualTo(503);
        assertThat(again.resolved()).isPresent();
        ledger.attempts().settleForRetry(again, Duration.ZERO, false, true, "Throttled.", 429, "g");
        Lease third = leaseOne();
        assertThat(third.attempts()).isEqualTo(1);
        assertThat(third.resolved()).isEmpty();
    }

    @Test
    void aCallInDoubtIsNeverSentAgainNotEvenOnceItIsUnknown() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        assertThat(standings("leavers")).containsExactly("in_doubt");
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
        readBackInVain();
        assertThat(standings("leavers")).containsExactly("unknown");
        assertThat(result("leavers", 2).state()).isEqualTo(State.DEAD);
        clock.pass(Duration.ofDays(100));
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
    }

    @Test
    void afterACrashWhatWasUnderWayIsInDoubtAndTheRestGoesOn() {
        makeReady("leavers", Rows.rows(1, 3));
        beginOne();
        leaseOne();
        ledger.close();
        ledger = open();
        assertThat(ledger.recovery().recover()).isEqualTo(1);
        assertThat(standings("leavers")).containsExactly("in_doubt", "ready", "ready");
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(2);
        assertThat(ledger.recovery().recover()).isZero();
    }

    @Test
    void whatEndsUnsentWasNeverAnAttempt() {
        takeIn("leavers", Rows.rows(1, 1));
        Lease lease = ledger.claims().leaseUnresolved(TENANT, 1).get(0);
        ledger.resolutions().endUnsent(lease, Finding.of(Outcome.NOT_FOUND, "No such device.", "Look."));
        assertThat(standings("leavers")).containsExactly("not-found");
        assertThat(result("leavers", 2).attempts()).isZero();
        assertThat(taken(Duration.ofDays(1))).isEmpty();
    }

    @Test
    void aReadThatFailedIsTriedLaterAndCountsWhenItIsCharged() {
        takeIn("leavers", Rows.rows(1, 1));
        ledger.resolutions()
                .readLater(
                        ledger.claims().leaseUnresolved(TENANT, 1).get(0),
                        Duration.ofSeconds(30),
                        true,
                        "Graph was busy.");
        assertThat(ledger.claims().leaseUnresolved(TENANT, 1)).isEmpty();
        clock.pass(Duration.ofSeconds(30));
        assertThat(ledger.claims().leaseUnresolved(TENANT, 1))
                .extracting(Lease::looks)
                .containsExactly(1);
    }

    @Test
    void aDeviceSurvivesTheLedger() {
        takeIn("leavers", Rows.rows(1, 1));
        ledger.resolutions().resolved(ledger.claims().leaseUnresolved(TENANT, 1).get(0), Rows.device(1), WINDOW);
        letAllThrough();
        assertThat(leaseOne().device()).contains(Rows.device(1));
    }

    @Test
    void aCallKeepsItsPlaceUntilAWindowAfterItsAnswerOrWhenNoneCanComeAnyMore() {
        makeReady("leavers", Rows.rows(1, 3));
        Instant start = clock.instant();
        beginOne();
        Lease slow = beginOne();
        clock.pass(Duration.ofSeconds(25));
        ledger.attempts().settle(slow, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        assertThat(taken(Duration.ofSeconds(20))).containsExactly(start.plusSeconds(45), start.plusSeconds(55));
        ledger.close();
        ledger = open();
        ledger.recovery().recover();
        assertThat(taken(Duration.ofSeconds(20)))
                .as("what the restart cut off may still be counted")
                .containsExactly(start.plusSeconds(45), start.plusSeconds(55));
        clock.pass(Duration.ofSeconds(30));
        assertThat(taken(Duration.ofSeconds(20))).isEmpty();
    }

    @Test
    void callsThatWentInOneTakeOnePlace() {
        makeReady("leavers", Rows.rows(1, 2));
        List<Lease> both = ledger.claims().leaseReady(TENANT, 2);
        ledger.attempts().begin(Map.of(both.get(0), "bulk-1", both.get(1), "bulk-1"));
        assertThat(taken(Duration.ofSeconds(20))).hasSize(1);
    }

    private List<Instant> taken(Duration window) {
        return ledger.attempts()
                .placesTaken(TENANT, window, Duration.ofSeconds(30))
                .orElseThrow();
    }

    @Test
    void manyAsksForProgressAtOnceDoNotWaitForEachOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            takeIn("b" + i, Rows.rows(i, 1));
        }
        ExecutorService askers = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(askers.submit(() -> ledger.batches().all().size()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(20, java.util.concurrent.TimeUnit.SECONDS))
                        .isEqualTo(20);
            }
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void theClassesOfOutcomesAddUpToTheRows() {
        makeReady("leavers", List.of(Rows.row(2, 1), Rows.row(3, 1), Rows.row(4, 2), Rows.row(5, 3), Rows.invalid(6)));
        send(Outcome.DEPROVISIONED);
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        send(Outcome.REJECTED_BY_GRAPH);
        readBackInVain();
        Batches.Progress progress = ledger.batches().progress("LEAVERS").orElseThrow();
        assertThat(progress.rows()).isEqualTo(5);
        assertThat(progress.in(OutcomeClass.DONE)).isEqualTo(1);
        assertThat(progress.in(OutcomeClass.SKIPPED)).isEqualTo(1);
        assertThat(progress.in(OutcomeClass.FAILED)).isEqualTo(2);
        assertThat(progress.in(OutcomeClass.UNKNOWN)).isEqualTo(1);
        assertThat(ledger.batches().atRest("leavers", Optional.empty())).isTrue();
    }

    @Test
    void aBatchIsWrittenWhenItIsAtRestAndAgainWhenItChanges() {
        makeReady("leavers", Rows.rows(1, 2));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .isEmpty();
        sendAll(Outcome.DEPROVISIONED);
        Batches.Changed changed = ledger.batches()
                .changedAtRest(10, Optional.empty(), Optional.empty())
                .get(0);
        ledger.batches().written(changed);
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void aHeldBatchIsAtRest() {
        takeIn("leavers", Rows.rows(1, 2));
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> new Verdict.Hold("Too many.", "Approve."));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .extracting(Batches.Changed::name)
                .containsExactly("leavers");
    }

    @Test
    void anAttemptWhoseCallDidNotLeaveIsTakenBackAndNothingIsCharged() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = leaseOne();
        ledger.attempts().begin(lease, "c-1");

        ledger.attempts().withdraw(Map.of(lease, "c-1"));

        Lease again = leaseOne();
        assertThat(again.attempts()).isZero();
        assertThat(ledger.attempts().placesTaken(TENANT, Duration.ofMinutes(1), Duration.ofSeconds(30)))
                .contains(List.of());
        assertThat(ledger.attempts().begin(again, "c-2")).isTrue();
        ledger.attempts().withdraw(Map.of(lease, "c-1"));
        assertThat(standings("leavers"))
                .as("an earlier attempt takes no later one back")
                .containsExactly("sending");
    }

    @Test
    void oneThatIsTakenBackAfterItsBatchWasCancelledIsCancelled() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = leaseOne();
        ledger.attempts().begin(lease, "c-1");
        ledger.batches().cancel("leavers", "ada");

        ledger.attempts().withdraw(Map.of(lease, "c-1"));

        assertThat(standings("leavers")).containsExactly("cancelled");
    }
}
