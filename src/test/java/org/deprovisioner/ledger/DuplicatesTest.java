package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.request.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicatesTest extends LedgerFixture {

    private void resolveOne(Optional<Instant> enrolled) {
        List<Lease> leases = ledger.claims().leaseUnresolved(TENANT, 10);
        assertThat(leases).hasSize(1);
        Lease lease = leases.get(0);
        ledger.resolutions()
                .resolved(lease, Rows.device(lease.address().managedDeviceId().orElseThrow(), enrolled), WINDOW);
    }

    private void end(String batch, Outcome outcome) {
        makeReady(batch, List.of(Rows.row(2, 1)));
        send(outcome);
    }

    @Test
    void aDeviceThatIsOpenElsewhereMakesARowWait() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1)));
        resolveAll();
        assertThat(standings("second")).containsExactly("waiting");
        assertThat(result("second", 2).error()).contains("first line 2");
        assertThat(ledger.units().toGuard(10)).isEmpty();
    }

    /** Looks at the rows with these places, in this order. */
    private void resolveInOrder(int... places) {
        List<Lease> leases = ledger.claims().leaseUnresolved(TENANT, 10);
        for (int place : places) {
            Lease lease = leases.get(place);
            ledger.resolutions()
                    .resolved(
                            lease,
                            Rows.device(lease.address().managedDeviceId().orElseThrow(), Optional.empty()),
                            WINDOW);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void theFirstLineHasItsKeyInWhateverOrderTheDevicesAreLookedAt(String order) {
        takeIn(
                "leavers",
                List.of(
                        Rows.row(2, 1, "lost", "REQ1", false),
                        Rows.row(3, 2, "lost", "REQ1", false),
                        Rows.row(4, 3, "lost", "REQ1", false)));
        resolveInOrder(order.chars().map(c -> c - '0').toArray());
        assertThat(standings("leavers")).containsExactly("received", "invalid", "invalid");
        assertThat(result("leavers", 3).error()).contains("REQ1", Rows.id(1), "leavers line 2", Rows.id(2));
        letAllThrough();
        assertThat(standings("leavers")).containsExactly("ready", "invalid", "invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "10"})
    void aFirstLineThatIsADuplicateLeavesItsKeyToTheNext(String order) {
        end("earlier", Outcome.DEPROVISIONED);
        takeIn("leavers", List.of(Rows.row(2, 1, "lost", "REQ1", false), Rows.row(3, 2, "lost", "REQ1", false)));
        resolveInOrder(order.chars().map(c -> c - '0').toArray());
        assertThat(standings("leavers")).containsExactly("duplicate", "received");
    }

    @Test
    void anEarlierBatchKeepsItsKeyWhateverComesLater() {
        makeReady("earlier", List.of(Rows.row(2, 9, "lost", "REQ1", false)));
        takeIn("leavers", List.of(Rows.row(2, 1, "lost", "REQ1", false)));
        resolveAll();
        assertThat(standings("earlier")).containsExactly("ready");
        assertThat(standings("leavers")).containsExactly("invalid");
    }

    @Test
    void theSameDeviceOfAnotherTenantIsAnotherDevice() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row("south", 2, 1, "lost", "", false)));
        ledger.resolutions()
                .takenAsGiven(ledger.claims().leaseUnresolved("south", 1).get(0), WINDOW);
        assertThat(standings("second")).containsExactly("received");
    }

    @Test
    void whoWaitsIsADuplicateWhenItsLeaderIsDone() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1)));
        takeIn("third", List.of(Rows.row(2, 1)));
        resolveAll();
        send(Outcome.DEPROVISIONED);
        assertThat(standings("second")).containsExactly("duplicate");
        assertThat(standings("third")).containsExactly("duplicate");
        assertThat(result("third", 2).error()).contains("first line 2");
    }

    @Test
    void whoWaitsIsUnknownWhenItsLeaderIs() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1)));
        resolveAll();
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        readBackInVain();
        assertThat(standings("first")).containsExactly("unknown");
        assertThat(standings("second")).containsExactly("unknown");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).hasSize(2);
    }

    @Test
    void theOldestThatWaitsWakesUpWhenItsLeaderFailedAndTheOthersWaitForIt() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1)));
        takeIn("third", List.of(Rows.row(2, 1)));
        resolveAll();
        send(Outcome.REJECTED_BY_GRAPH);
        assertThat(standings("second")).containsExactly("received");
        assertThat(standings("third")).containsExactly("waiting");

        resolveAll();
        letAllThrough();
        assertThat(standings("second")).containsExactly("ready");
        send(Outcome.DEPROVISIONED);
        assertThat(standings("third")).containsExactly("duplicate");
        assertThat(result("third", 2).error()).contains("second line 2");
    }

    @Test
    void whatWasDoneIsADuplicateThatNamesIt() {
        end("first", Outcome.DEPROVISIONED);
        takeIn("second", List.of(Rows.row(2, 1)));
        resolveOne(Optional.of(clock.instant().plusSeconds(1)));
        assertThat(standings("second")).containsExactly("duplicate");
        assertThat(result("second", 2).error()).contains("first line 2");
        assertThat(result("second", 2).state()).isEqualTo(State.DONE);
    }

    @Test
    void afterTheWindowItIsStillADuplicateUnlessTheDeviceWasEnrolledSince() {
        end("first", Outcome.DEPROVISIONED);
        Instant done = clock.instant();
        clock.pass(WINDOW.plusDays(1));
        takeIn("second", List.of(Rows.row(2, 1)));
        resolveOne(Optional.of(done.minusSeconds(1)));
        takeIn("third", List.of(Rows.row(2, 1)));
        resolveOne(Optional.empty());
        takeIn("fourth", List.of(Rows.row(2, 1)));
        resolveOne(Optional.of(done.plusSeconds(1)));

        assertThat(standings("second")).containsExactly("duplicate");
        assertThat(standings("third")).containsExactly("duplicate");
        assertThat(standings("fourth")).containsExactly("received");
    }

    @Test
    void whatIsUnknownStaysUnknownHoweverLate() {
        end("first", Outcome.UNKNOWN);
        clock.pass(WINDOW.multipliedBy(3));
        takeIn("second", List.of(Rows.row(2, 1)));
        resolveOne(Optional.of(clock.instant()));
        assertThat(standings("second")).containsExactly("unknown");
        assertThat(result("second", 2).error()).contains("first line 2");
    }

    private void unknown(String batch) {
        makeReady(batch, List.of(Rows.row(2, 1)));
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        readBackInVain();
    }

    /** Drops a row for the device, which shows an action by then. */
    private void dropAgain(String batch, Instant enrolled, String state, Instant begun) {
        takeIn(batch, List.of(Rows.row(2, 1)));
        Lease lease = ledger.claims().leaseUnresolved(TENANT, 1).get(0);
        Device plain = Rows.device(1);
        Device device = new Device(
                plain.id(),
                plain.deviceName(),
                plain.serialNumber(),
                plain.operatingSystem(),
                plain.userPrincipalName(),
                "",
                Optional.of(enrolled),
                List.of(new Device.Action(state, Optional.of(begun))));
        ledger.resolutions().resolved(lease, device, WINDOW);
    }

    @Test
    void aDroppedBackRowOfAnUnknownOneConfirmsAllOfThemWhenTheActionShows() {
        makeReady("first", List.of(Rows.row(2, 1)));
        Instant attempt = clock.instant();
        takeIn("waiting", List.of(Rows.row(2, 1)));
        resolveAll();
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        readBackInVain();
        assertThat(standings("waiting")).containsExactly("unknown");
        ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()).forEach(ledger.batches()::written);

        dropAgain("again", attempt.minusSeconds(9_999), "done", attempt.plusSeconds(1));
        for (String batch : List.of("first", "waiting", "again")) {
            assertThat(standings(batch)).containsExactly("confirmed-by-read-back");
        }
        assertThat(result("first", 2).error()).contains("again line 2");
        assertThat(result("again", 2).error()).contains("first line 2");
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 10)).isEmpty();
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .extracting(Batches.Changed::name)
                .contains("first", "waiting", "again");
    }

    @Test
    void aDroppedBackRowOfAnUnknownOneIsUnknownAgainWhenNoActionOfThatAttemptShows() {
        Instant attempt = clock.instant();
        unknown("first");
        Instant early = attempt.minus(Duration.ofDays(90));
        dropAgain("earlier", early, "done", attempt.minus(Duration.ofMinutes(6)));
        dropAgain("failed", early, "failed", attempt.plusSeconds(1));
        dropAgain("came-back", attempt.plusSeconds(60), "done", attempt.plusSeconds(1));
        for (String batch : List.of("first", "earlier", "failed", "came-back")) {
            assertThat(standings(batch)).containsExactly("unknown");
        }
        assertThat(result("failed", 2).error()).contains("first line 2", "shows no such action");
    }

    @Test
    void theLatestThatWasDoneOrUnknownDecides() {
        end("first", Outcome.UNKNOWN);
        clock.pass(Duration.ofMinutes(1));
        makeReady("second", List.of(Rows.row(2, 1, "lost", "again", true)));
        send(Outcome.DEPROVISIONED);
        takeIn("third", List.of(Rows.row(2, 1)));
        resolveAll();
        assertThat(standings("third")).containsExactly("duplicate");
        assertThat(result("third", 2).error()).contains("second line 2");
    }

    @Test
    void whatFailedOrWasSkippedIsNoHindrance() {
        for (Outcome outcome : List.of(Outcome.REJECTED_BY_GRAPH, Outcome.RETRIES_EXHAUSTED, Outcome.DRY_RUN)) {
            end(outcome.word(), outcome);
        }
        takeIn("last", List.of(Rows.row(2, 1)));
        resolveAll();
        assertThat(standings("last")).containsExactly("received");
    }

    @Test
    void aRequestIdThatStandsForAnotherDeviceIsInvalidAndBothAreNamed() {
        makeReady("first", List.of(Rows.row(2, 1, "lost", "key", false)));
        takeIn("second", List.of(Rows.row(2, 2, "lost", "key", false)));
        resolveAll();
        assertThat(standings("second")).containsExactly("invalid");
        assertThat(result("second", 2).error()).contains(Rows.id(1), Rows.id(2), "first line 2");
    }

    @Test
    void theRequestIdOfWhatFailedIsFreeAgain() {
        makeReady("first", List.of(Rows.row(2, 1, "lost", "key", false)));
        send(Outcome.REJECTED_BY_GRAPH);
        takeIn("second", List.of(Rows.row(2, 2, "lost", "key", false)));
        resolveAll();
        assertThat(standings("second")).containsExactly("received");
    }

    @Test
    void theRequestIdOfWhatWasDoneIsNeverFreeAgain() {
        makeReady("first", List.of(Rows.row(2, 1, "lost", "key", false)));
        send(Outcome.DEPROVISIONED);
        takeIn("second", List.of(Rows.row(2, 2, "lost", "key", false)));
        resolveAll();
        assertThat(standings("second")).containsExactly("invalid");
    }

    @Test
    void theSameRequestIdAndDeviceHandedOverTwiceAtOnceGoesOnce() {
        takeInMessage("", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.row(1, 1, "lost", "key", false)));
        takeInMessage("", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.row(1, 1, "lost", "key", false)));
        resolveAll();
        assertThat(standings("desk")).containsExactly("received", "waiting");
    }

    @Test
    void forceSendsWhatWasDoneOrIsUnknown() {
        end("first", Outcome.DEPROVISIONED);
        takeIn("second", List.of(Rows.row(2, 1, "lost", "again", true)));
        resolveAll();
        assertThat(standings("second")).containsExactly("received");
    }

    @Test
    void forceNeverPassesAnOpenRequest() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1, "lost", "again", true)));
        resolveAll();
        assertThat(standings("second")).containsExactly("waiting");
    }

    @Test
    void aRequestIdCanBeForcedOnceOnly() {
        makeReady("first", List.of(Rows.row(2, 1, "lost", "again", true)));
        send(Outcome.REJECTED_BY_GRAPH);
        takeIn("second", List.of(Rows.row(2, 1, "lost", "again", true)));
        resolveAll();
        assertThat(standings("second")).containsExactly("invalid");
    }

    @Test
    void aForcedRequestHandedOverTwiceAtOnceGoesOnce() {
        takeIn("twice", List.of(Rows.row(2, 1, "lost", "again", true), Rows.row(3, 1, "lost", "again", true)));
        resolveAll();
        assertThat(standings("twice")).containsExactly("received", "invalid");
    }

    @Test
    void forceWithoutARequestIdIsInvalid() {
        takeIn("bare", List.of(Rows.row(2, 1, "lost", "", true)));
        resolveAll();
        assertThat(standings("bare")).containsExactly("invalid");
    }

    @Test
    void twiceInOneUnitWithOneReasonTheFirstGoesAndTheOthersWaitForIt() {
        takeIn("leavers", List.of(Rows.row(2, 1), Rows.row(3, 1), Rows.row(4, 1)));
        resolveAll();
        assertThat(standings("leavers")).containsExactly("received", "waiting", "waiting");
        letAllThrough();
        send(Outcome.DEPROVISIONED);
        assertThat(standings("leavers")).containsExactly("deprovisioned", "duplicate", "duplicate");
    }

    @Test
    void twiceInOneUnitWithDifferentReasonsAllAreInvalid() {
        takeIn(
                "leavers",
                List.of(
                        Rows.row(2, 1, "lost", "", false),
                        Rows.row(3, 1, "lost", "", false),
                        Rows.row(4, 1, "sold", "", false),
                        Rows.row(5, 1, "lost", "", false),
                        Rows.row(6, 2, "lost", "", false)));
        resolveAll();
        assertThat(standings("leavers")).containsExactly("invalid", "invalid", "invalid", "invalid", "received");
    }

    @Test
    void differentReasonsInOneUnitAreInvalidThoughBothWaitForAnotherUnit() {
        makeReady("first", List.of(Rows.row(2, 1)));
        takeIn("second", List.of(Rows.row(2, 1, "lost", "", false), Rows.row(3, 1, "sold", "", false)));
        resolveAll();
        assertThat(standings("second")).containsExactly("invalid", "invalid");
        assertThat(standings("first")).containsExactly("ready");
    }

    @Test
    void whoWaitsInAnotherUnitWakesUpWhenItsLeaderContradictsItself() {
        takeIn("first", List.of(Rows.row(2, 1, "lost", "", false), Rows.row(3, 1, "sold", "", false)));
        List<Lease> first = ledger.claims().leaseUnresolved(TENANT, 10);
        takeIn("second", List.of(Rows.row(2, 1, "lost", "", false)));
        ledger.resolutions().resolved(first.get(0), Rows.device(1), WINDOW);
        resolveAll();
        assertThat(standings("second")).containsExactly("waiting");
        ledger.resolutions().resolved(first.get(1), Rows.device(1), WINDOW);
        assertThat(standings("first")).containsExactly("invalid", "invalid");
        assertThat(standings("second")).containsExactly("received");
        resolveAll();
        letAllThrough();
        assertThat(standings("second")).containsExactly("ready");
    }

    @Test
    void differentReasonsInDifferentUnitsAreNoContradiction() {
        makeReady("first", List.of(Rows.row(2, 1, "lost", "", false)));
        takeIn("second", List.of(Rows.row(2, 1, "sold", "", false)));
        resolveAll();
        assertThat(standings("second")).containsExactly("waiting");
    }
}
