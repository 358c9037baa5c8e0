package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deprovisioner.ledger.Approvals;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Lease;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Rows;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.request.Row;
import org.deprovisioner.settings.Settings.ApprovalRule;
import org.junit.jupiter.api.Test;

/** The limits over a real ledger. */
class UnitGuardTest extends LedgerFixture {

    private final Limits limits = new Limits(Guards.limits(500, 1_000, 50));

    private Verdict guardNext() {
        return ledger.units().guard(onlyUnit(), limits::judge);
    }

    private void guardAll() {
        ledger.units().toGuard(100).forEach(unit -> ledger.units().guard(unit, limits::judge));
    }

    private long count(String batch, String standing) {
        return standings(batch).stream().filter(standing::equals).count();
    }

    @Test
    void sixHundredRowsAreHeldAsAWholeBeforeTheFirstCall() {
        takeIn("leavers", Rows.rows(1, 600));
        resolveAll();
        assertThat(guardNext()).isInstanceOfSatisfying(Verdict.Hold.class, hold -> {
            assertThat(hold.why()).contains("600", "500", "deprovision.guard.max-per-batch");
            assertThat(hold.remedy()).contains("deprovision approve leavers");
        });
        assertThat(count("leavers", "held")).isEqualTo(600);
        assertThat(ledger.claims().leaseReady(TENANT, 1)).isEmpty();
    }

    @Test
    void fiveHundredRowsAreLetThrough() {
        takeIn("leavers", Rows.rows(1, 500));
        resolveAll();
        assertThat(guardNext()).isEqualTo(new Verdict.LetThrough());
        assertThat(count("leavers", "ready")).isEqualTo(500);
    }

    @Test
    void nothingIsGuardedBeforeItsWholeUnitIsResolved() {
        takeIn("leavers", Rows.rows(1, 2));
        ledger.resolutions().resolved(ledger.claims().leaseUnresolved(TENANT, 1).get(0), Rows.device(1), WINDOW);
        assertThat(ledger.units().toGuard(10)).isEmpty();
    }

    @Test
    void onlyTheRightNumberOfDevicesReleasesWhatIsHeld() {
        takeIn("leavers", Rows.rows(1, 600));
        resolveAll();
        guardNext();
        for (long wrong : new long[] {0, 1, 599, 601, -600}) {
            assertThat(approve("leavers", wrong)).isFalse();
        }
        assertThat(count("leavers", "held")).isEqualTo(600);
        assertThat(approve("leavers", 600)).isTrue();
        assertThat(count("leavers", "ready")).isEqualTo(600);
        assertThat(result("leavers", 2).error()).isEmpty();
        assertThat(ledger.units().held("leavers")).isEmpty();
        assertThat(approve("leavers", 600)).isFalse();
    }

    @Test
    void theNumberOfABatchThatIsNotHeldReleasesNothing() {
        assertThat(approve("nobody", 0)).isFalse();
    }

    @Test
    void anApprovalFindsItsBatchWithoutRegardToCaseAsTheOtherCommandsDo() {
        takeIn("Leavers", Rows.rows(1, 501));
        resolveAll();
        guardNext();
        assertThat(ledger.units().held("leavers")).isPresent();
        assertThat(approve("leavers", 501)).isTrue();
        assertThat(count("Leavers", "ready")).isEqualTo(501);
    }

    @Test
    void withoutApprovalWhatIsOverTheLimitIsRefusedToItsLastRow() {
        List<Row> rows = new ArrayList<>(Rows.rows(1, 501));
        rows.add(Rows.row(600, 1));
        takeIn("leavers", rows);
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.with(ApprovalRule.NONE, Duration.ZERO))::judge);
        assertThat(standings("leavers")).hasSize(502).containsOnly("refused-by-guard");
        assertThat(result("leavers", 2).error()).contains("501", "deprovision.guard.max-per-batch");
        assertThat(result("leavers", 2).remedy()).contains("deprovision.guard.approval=none");
        assertThat(ledger.units().toGuard(10)).isEmpty();
        assertThat(ledger.claims().leaseUnresolved(TENANT, 1_000)).isEmpty();
    }

    @Test
    void whatOthersWaitForIsRefusedAndThoseOfAnotherFileGoOn() {
        takeIn("leavers", Rows.rows(1, 501));
        resolveAll();
        takeIn("one", Rows.rows(7, 1));
        resolveAll();
        assertThat(standings("one")).containsExactly("waiting");
        Limits strict = new Limits(Guards.with(ApprovalRule.NONE, Duration.ZERO));
        ledger.units().guard(onlyUnit(), strict::judge);
        resolveAll();
        ledger.units().guard(onlyUnit(), strict::judge);
        assertThat(standings("one")).containsExactly("ready");
    }

    @Test
    void whereEverythingIsApprovedASingleRowIsHeld() {
        Limits strict = new Limits(Guards.with(ApprovalRule.ALWAYS, Duration.ZERO));
        takeIn("one", Rows.rows(1, 1));
        resolveAll();
        ledger.units().guard(onlyUnit(), strict::judge);
        assertThat(standings("one")).containsExactly("held");
        assertThat(result("one", 2).error()).contains("deprovision.guard.approval=always");
        assertThat(approve("one", 1)).isTrue();
        assertThat(standings("one")).containsExactly("ready");
    }

    @Test
    void aShareOfTheFleetHoldsHoweverTheFilesAreCut() {
        Limits limits = new Limits(Guards.share(10)).of(Optional.of(40L));
        takeIn("first", Rows.rows(1, 4));
        resolveAll();
        ledger.units().guard(onlyUnit(), limits::judge);
        assertThat(standings("first")).containsOnly("ready");
        sendAll(Outcome.DEPROVISIONED);
        takeIn("second", Rows.rows(100, 1));
        resolveAll();
        ledger.units().guard(onlyUnit(), limits::judge);
        assertThat(standings("second")).containsOnly("held");
        assertThat(result("second", 2).error())
                .contains("5 of the 40 devices (ChromeOS)", "10 %", "deprovision.guard.max-fleet-percent");
    }

    @Test
    void aFleetThatIsNotCountedIsNoReasonToGoOn() {
        takeIn("first", Rows.rows(1, 1));
        resolveAll();
        ledger.units().guard(onlyUnit(), new Limits(Guards.share(10))::judge);
        assertThat(standings("first")).containsOnly("held");
    }

    @Test
    void aGracePeriodKeepsWhatWasLetThroughFromBeingSentAndLeavesTimeToCancel() {
        Limits slow = new Limits(Guards.with(ApprovalRule.OVER_LIMIT, Duration.ofMinutes(10)));
        for (String batch : List.of("one", "wrong")) {
            takeIn(batch, Rows.rows(batch.length(), 1));
            resolveAll();
            ledger.units().guard(onlyUnit(), slow::judge);
        }
        assertThat(standings("one")).containsExactly("ready");
        assertThat(result("one", 2).error()).contains("not sent before", "deprovision.guard.grace");
        assertThat(result("one", 2).remedy()).contains("deprovision cancel one");
        clock.pass(Duration.ofMinutes(9));
        assertThat(ledger.claims().leaseReady(TENANT, 9)).isEmpty();
        assertThat(ledger.units().graces()).extracting(Units.Grace::batch).containsExactly("one", "wrong");
        ledger.batches().cancel("wrong", "ada");
        clock.pass(Duration.ofMinutes(1));
        assertThat(ledger.units().graces()).isEmpty();
        assertThat(ledger.claims().leaseReady(TENANT, 9)).hasSize(1);
        assertThat(standings("wrong")).containsExactly("cancelled");
    }

    @Test
    void theGracePeriodOfWhatIsApprovedBeginsWithTheApproval() {
        takeIn("leavers", Rows.rows(1, 501));
        resolveAll();
        guardNext();
        clock.pass(Duration.ofHours(1));
        ledger.approvals()
                .approve(
                        new Approvals.BatchApproval("leavers", 501, "ada", ""),
                        submitters -> Optional.empty(),
                        Duration.ofMinutes(10));
        assertThat(ledger.claims().leaseReady(TENANT, 9)).isEmpty();
        clock.pass(Duration.ofMinutes(10));
        assertThat(ledger.claims().leaseReady(TENANT, 9)).hasSize(9);
    }

    @Test
    void aDeviceThatIsNamedTwiceIsOneDevice() {
        List<Row> rows = new ArrayList<>(Rows.rows(1, 500));
        rows.add(Rows.row(502, 1));
        takeIn("leavers", rows);
        resolveAll();
        assertThat(guardNext()).isEqualTo(new Verdict.LetThrough());
    }

    @Test
    void rowsThatWaitForAnotherRequestCountAndAreHeldWithTheirUnit() {
        makeReady("first", Rows.rows(1, 300));
        takeIn("second", Rows.rows(1, 501));
        resolveAll();
        assertThat(guardNext()).isInstanceOf(Verdict.Hold.class);
        sendAll(Outcome.REJECTED_BY_GRAPH);
        resolveAll();
        guardAll();
        assertThat(count("second", "held")).isEqualTo(501);
    }

    @Test
    void whatWaitedWhenItsUnitWasApprovedIsNotStoppedAgain() {
        makeReady("first", Rows.rows(1, 1));
        takeIn("second", Rows.rows(1, 501));
        resolveAll();
        guardNext();
        assertThat(approve("second", 500)).isTrue();
        ledger.attempts()
                .settle(
                        beginOne(),
                        new org.deprovisioner.ledger.Finding(Outcome.REJECTED_BY_GRAPH, 400, "", "", ""),
                        "g");
        resolveAll();
        guardAll();
        assertThat(count("second", "ready")).isEqualTo(501);
    }

    @Test
    void theMessagesOfABatchShareItsLimit() {
        for (int message = 0; message < 6; message++) {
            takeInMessage("m" + message, "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1 + 100 * message, 100));
            resolveAll();
            guardAll();
        }
        assertThat(count("desk", "ready")).isEqualTo(500);
        assertThat(count("desk", "held")).isEqualTo(100);
    }

    @Test
    void whatIsHeldOfABatchCountsForTheMessagesThatComeToItLater() {
        takeInMessage("m1", "leavers", Optional.empty(), Rows.COLUMNS, Rows.rows(1, 501));
        resolveAll();
        guardNext();
        takeInMessage("m2", "leavers", Optional.empty(), Rows.COLUMNS, Rows.rows(1000, 2));
        resolveAll();
        assertThat(guardNext())
                .isInstanceOfSatisfying(
                        Verdict.Hold.class,
                        hold -> assertThat(hold.why()).contains("503 devices", "deprovision.guard.max-per-batch"));
        assertThat(count("leavers", "held")).isEqualTo(503);
        assertThat(approve("leavers", 503)).isTrue();
        assertThat(count("leavers", "ready")).isEqualTo(503);
    }

    @Test
    void theLimitOfADayIsReservedAcrossUnits() {
        for (int file = 0; file < 3; file++) {
            takeIn("f" + file, Rows.rows(1 + 400 * file, 400));
            resolveAll();
            guardAll();
        }
        assertThat(count("f0", "ready") + count("f1", "ready")).isEqualTo(800);
        assertThat(count("f2", "held")).isEqualTo(400);
        assertThat(ledger.units().held("f2").orElseThrow().why()).contains("1,200", "deprovision.guard.max-per-day");
    }

    @Test
    void whatWasSentCountsForADayAndNoLonger() {
        for (int file = 0; file < 2; file++) {
            makeReady("f" + file, Rows.rows(1 + 500 * file, 500));
            sendAll(Outcome.DEPROVISIONED);
        }
        takeIn("today", Rows.rows(5_000, 1));
        resolveAll();
        assertThat(guardNext()).isInstanceOf(Verdict.Hold.class);
        clock.pass(Duration.ofDays(1));
        takeIn("tomorrow", Rows.rows(6_000, 500));
        resolveAll();
        assertThat(guardNext()).isEqualTo(new Verdict.LetThrough());
    }

    @Test
    void whatIsStillToBeSentCountsForADayHoweverLongAgoItWasLetThrough() {
        makeReady("put off", Rows.rows(1, 999));
        Lease parked = beginOne();
        ledger.attempts()
                .settleParked(
                        parked,
                        new org.deprovisioner.ledger.ApprovalRequest(Optional.of("code"), clock.instant(), 0),
                        Duration.ofHours(1),
                        Finding.of(Outcome.APPROVAL_REFUSED, "Waits.", "Approve it."),
                        "");
        clock.pass(Duration.ofDays(2));
        takeIn("today", Rows.rows(5_000, 1));
        resolveAll();
        assertThat(guardNext()).isEqualTo(new Verdict.LetThrough());
        takeIn("one more", Rows.rows(6_000, 1));
        resolveAll();
        assertThat(guardNext())
                .isInstanceOfSatisfying(
                        Verdict.Hold.class, hold -> assertThat(hold.why()).contains("1,001", "max-per-day"));
    }

    @Test
    void twoUnitsGuardedAtOnceNeverShareWhatIsLeftOfALimit() throws Exception {
        for (int file = 0; file < 8; file++) {
            takeIn("f" + file, Rows.rows(1 + 400 * file, 400));
        }
        resolveAll();
        List<Unit> units = ledger.units().toGuard(100);
        assertThat(units).hasSize(8);
        ExecutorService guards = Executors.newFixedThreadPool(8);
        try {
            List<Future<Verdict>> verdicts = units.stream()
                    .map(unit -> guards.submit(() -> ledger.units().guard(unit, limits::judge)))
                    .toList();
            long letThrough = 0;
            for (Future<Verdict> verdict : verdicts) {
                letThrough += verdict.get() instanceof Verdict.LetThrough ? 1 : 0;
            }
            assertThat(letThrough).isEqualTo(2);
        } finally {
            guards.shutdown();
        }
        assertThat(ledger.claims().leaseReady(TENANT, 10_000)).hasSize(800);
    }

    @Test
    void moreThanHalfRefusedHoldsTheRest() {
        List<Row> rows = new ArrayList<>(Rows.rows(1, 20));
        IntStream.range(0, 21).mapToObj(i -> Rows.invalid(100 + i)).forEach(rows::add);
        takeIn("leavers", rows);
        resolveAll();
        assertThat(guardNext())
                .isInstanceOfSatisfying(
                        Verdict.Hold.class,
                        hold -> assertThat(hold.why()).contains("21 of its 41 rows", "max-refused-percent"));
    }

    @Test
    void halfRefusedOrFewerThanTwentyHoldNothing() {
        List<Row> half = new ArrayList<>(Rows.rows(1, 20));
        IntStream.range(0, 20).mapToObj(i -> Rows.invalid(100 + i)).forEach(half::add);
        List<Row> few = new ArrayList<>(Rows.rows(100, 1));
        IntStream.range(0, 19).mapToObj(i -> Rows.invalid(200 + i)).forEach(few::add);
        for (List<Row> rows : List.of(half, few)) {
            takeIn("leavers", rows);
            resolveAll();
            assertThat(guardNext()).isEqualTo(new Verdict.LetThrough());
        }
    }

    @Test
    void whatTheOtherRowsOfABatchThatIsHeldWouldDoIsHeldToo() {
        takeIn("leavers", Rows.rows(1, 600));
        resolveAll();
        guardNext();
        Units.Held held = ledger.units().held("LEAVERS").orElseThrow();
        assertThat(held.devices()).isEqualTo(600);
        assertThat(held.rows()).isEqualTo(600);
    }
}
