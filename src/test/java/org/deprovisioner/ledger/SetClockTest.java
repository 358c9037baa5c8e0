package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock by hours while the program runs, or between two runs. */
class SetClockTest extends LedgerFixture {

    private static final Duration RETRY = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void theLeaseOfALivingWorkerIsNotTakenOver(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = leaseOne();
        clock.set(by);
        assertThat(ledger.queue().leaseReady(TENANT, 10)).isEmpty();
        assertThat(ledger.queue().begin(lease, "c")).isTrue();
    }

    @Test
    void aLeaseLapsesByTheTimeThatPasses() {
        makeReady("leavers", Rows.rows(1, 1));
        leaseOne();
        clock.set(Duration.ofHours(-3));
        clock.pass(Duration.ofMinutes(11));
        assertThat(ledger.queue().leaseReady(TENANT, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void aRetryWaitsForItsDelayAndNotForHours(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.queue().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
        assertThat(ledger.queue().leaseReady(TENANT, 10)).isEmpty();
        clock.set(by);
        clock.pass(RETRY);
        assertThat(ledger.queue().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void aRetryDoesNotWaitForHoursWhenTheClockWasSetBackBetweenTwoRuns() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.queue().settleForRetry(beginOne(), RETRY, true, false, "503", 503, "");
        ledger.close();
        clock.set(Duration.ofHours(-3));
        ledger = open();
        ledger.queue().recover();
        assertThat(ledger.queue().leaseReady(TENANT, 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3H", "PT-3H"})
    void afterARestartTheLeasesOfTheProcessBeforeAreFree(Duration by) {
        makeReady("leavers", Rows.rows(1, 1));
        leaseOne();
        ledger.close();
        clock.set(by);
        ledger = open();
        ledger.queue().recover();
        assertThat(ledger.queue().leaseReady(TENANT, 10)).hasSize(1);
    }

    @Test
    void aPauseStillProbes() {
        ledger.pauses().pause(TENANT, Pause.Kind.PROBE, "token", "m", "r", "p");
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
                .written(ledger.batches().changedAtRest(10, Optional.empty()).get(0));
        takeInMessage("n", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.invalid(1)));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty())).isEmpty();
        assertThat(ledger.audit().due()).isEmpty();
        clock.set(Duration.ofHours(-3));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty())).hasSize(1);
        assertThat(ledger.audit().due()).isPresent();
    }
}
