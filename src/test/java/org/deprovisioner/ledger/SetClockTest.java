package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock by hours while the program runs, or between two runs. */
class SetClockTest extends LedgerFixture {

    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Duration FIRST_LOOK = ReadBackSchedule.STANDARD.looks().get(0);
    private static final Duration SECOND_LOOK =
            ReadBackSchedule.STANDARD.looks().get(1);
    private static final Duration WINDOW_OF_THE_PACE = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void theLeaseOfALivingWorkerIsNotTakenOver(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = leaseOne();
        clock.set(by);
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
        assertThat(ledger.attempts().begin(lease, "c")).isTrue();
    }

    @Test
    void aGracePeriodIsKeptWhereTheClockWasAheadForAWhile() {
        clock.set(Duration.ofHours(2));
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
        clock.set(Duration.ofHours(-2));
        takeIn("leavers", Rows.rows(1, 1));
        resolveAll();
        ledger.units()
                .toGuard(1)
                .forEach(unit ->
                        ledger.units().guard(unit, counts -> new Units.Verdict.LetThrough(Duration.ofHours(1))));
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
        clock.pass(Duration.ofHours(1));
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void aLeaseLapsesByTheTimeThatPasses() {
        makeReady("leavers", Rows.rows(1, 1));
        leaseOne();
        clock.set(Duration.ofHours(-3));
        clock.pass(Duration.ofMinutes(11));
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void aRetryWaitsForItsDelayAndNotForHours(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
        assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
        clock.set(by);
        clock.pass(RETRY);
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void aRetryDoesNotWaitForHoursWhenTheClockWasSetBackBetweenTwoRuns() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
        ledger.close();
        clock.set(Duration.ofHours(-3));
        ledger = open();
        ledger.recovery().recover();
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void retriesDoNotFollowEachOtherAtOnceWhenTheClockWasSetForward() {
        makeReady("leavers", Rows.rows(1, 1));
        clock.set(Duration.ofHours(3));
        for (int attempt = 0; attempt < 3; attempt++) {
            ledger.attempts().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
            assertThat(ledger.claims().leaseReady(TENANT, 10)).isEmpty();
            clock.pass(RETRY);
        }
    }

    @Test
    void aRetryDoesNotWaitForHoursWhenTheClockWasSetForwardAndBackAgain() {
        makeReady("leavers", Rows.rows(1, 1));
        clock.set(Duration.ofHours(3));
        ledger.attempts().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
        clock.set(Duration.ofHours(-3));
        clock.pass(RETRY);
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void aDeviceIsLookedAtAfterEachDelayAndNeitherAtOnceNorAfterHours(Duration by) {
        makeReady("leavers", Rows.rows(1, 2));
        ledger.attempts().settleInDoubt(beginOne(), "cut off", 0, "");
        clock.set(by);
        ledger.attempts().settleInDoubt(beginOne(), "cut off", 0, "");
        assertThat(ledger.inDoubt().open().orElseThrow().nextLook())
                .isEqualTo(clock.instant().plus(FIRST_LOOK));
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).isEmpty();
        clock.pass(FIRST_LOOK);
        List<Lease> looks = ledger.claims().leaseInDoubt(TENANT, 10);
        assertThat(looks).hasSize(2);
        looks.forEach(look -> ledger.inDoubt()
                .answered(
                        look,
                        new ReadBack.Seen.There(look.device().orElseThrow()),
                        new InDoubt.Trace(200, "c", "graph-look")));
        clock.set(by);
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).isEmpty();
        clock.pass(SECOND_LOOK);
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).hasSize(2);
    }

    @Test
    void aLookIsNotWaitedForForHoursWhenTheClockWasSetBackBetweenTwoRuns() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleInDoubt(beginOne(), "cut off", 0, "");
        ledger.close();
        clock.set(Duration.ofHours(-3));
        ledger = open();
        ledger.recovery().recover();
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).isEmpty();
        clock.pass(FIRST_LOOK);
        assertThat(ledger.claims().leaseInDoubt(TENANT, 10)).hasSize(1);
    }

    @Tag("sqlite")
    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void theWindowOfThePaceIsWaitedForWhenTheClockWasSetSinceTheLatestCall(Duration by) {
        ledger.recovery().recover();
        makeReady("leavers", Rows.rows(1, 1));
        beginOne();
        ledger.close();
        clock.set(by);
        ledger = open();
        ledger.recovery().recover();
        assertThat(ledger.attempts().placesTaken(TENANT, WINDOW_OF_THE_PACE, TIMEOUT))
                .isEmpty();
    }

    @Test
    void theWindowOfThePaceIsNotWaitedForWhenItHasPassed() {
        ledger.recovery().recover();
        makeReady("leavers", Rows.rows(1, 1));
        assertThat(ledger.attempts().placesTaken(TENANT, WINDOW_OF_THE_PACE, TIMEOUT))
                .contains(List.of());
        beginOne();
        assertThat(ledger.attempts()
                        .placesTaken(TENANT, WINDOW_OF_THE_PACE, TIMEOUT)
                        .orElseThrow())
                .hasSize(1);
        ledger.close();
        clock.pass(WINDOW_OF_THE_PACE.plus(TIMEOUT).plusSeconds(5));
        ledger = open();
        ledger.recovery().recover();
        assertThat(ledger.attempts().placesTaken(TENANT, WINDOW_OF_THE_PACE, TIMEOUT))
                .contains(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void afterARestartTheLeasesOfTheProcessBeforeAreFree(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        leaseOne();
        ledger.close();
        clock.set(by);
        ledger = open();
        ledger.recovery().recover();
        assertThat(ledger.claims().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void aPauseStillProbes() {
        ledger.pauses().pause(TENANT, Pause.EndsBy.PROBE, "token", "m", "r", "p");
        clock.set(Duration.ofHours(-3));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
        assertThat(ledger.pauses().dueForProbe(TENANT)).isEmpty();
        clock.pass(Duration.ofMinutes(3));
        assertThat(ledger.pauses().dueForProbe(TENANT)).hasSize(1);
    }

    @Test
    void aLaneIsClosedNoLongerThanGraphAskedFor() {
        Instant until = clock.instant().plusSeconds(60);
        ledger.pauses().closeLane(TENANT, until);
        assertThat(ledger.pauses().laneClosedUntil(TENANT)).isEqualTo(until);
        clock.set(Duration.ofHours(-3));
        assertThat(ledger.pauses().laneClosedUntil(TENANT))
                .isEqualTo(clock.instant().plusSeconds(60));
    }

    @Test
    void resultsOfMessagesAndTheAuditLogDoNotWaitForHours() {
        takeInMessage("m", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.invalid(1)));
        ledger.batches()
                .written(ledger.batches()
                        .changedAtRest(10, Optional.empty(), Optional.empty())
                        .get(0));
        takeInMessage("n", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.invalid(1)));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(ledger.audit().due()).isEmpty();
        clock.set(Duration.ofHours(-3));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .hasSize(1);
        assertThat(ledger.audit().due()).isPresent();
    }
}
