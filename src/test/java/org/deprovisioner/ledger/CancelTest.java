package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Units.Verdict.Hold;
import org.junit.jupiter.api.Test;

class CancelTest extends LedgerFixture {

    private int cancel(String batch) {
        return ledger.batches().cancel(batch, "ada");
    }

    @Test
    void whatIsNotSentYetIsCancelledAndWhatWasSentStays() {
        makeReady("leavers", Rows.rows(1, 5));
        send(Outcome.DEPROVISIONED);
        Lease underWay = beginOne();
        Lease leased = leaseOne();
        assertThat(cancel("leavers")).isEqualTo(3);
        assertThat(ledger.attempts().begin(leased, "c")).isFalse();
        assertThat(ledger.claims().leaseReady(TENANT, 9)).isEmpty();
        ledger.attempts().settle(underWay, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "g");
        assertThat(standings("leavers"))
                .containsExactly("deprovisioned", "deprovisioned", "cancelled", "cancelled", "cancelled");
        assertThat(result("leavers", 4).error()).contains("cancelled before this row was sent");
        assertThat(cancel("leavers")).isZero();
    }

    @Test
    void aCallUnderWayThatWouldHaveToBeMadeAgainIsCancelledToo() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease underWay = beginOne();
        assertThat(cancel("leavers")).isZero();
        ledger.attempts().settleForRetry(underWay, Duration.ZERO, true, false, "Busy.", 503, "");
        assertThat(standings("leavers")).containsExactly("cancelled");
    }

    @Test
    void receivedHeldAndWaitingRowsAreCancelled() {
        takeIn("held", List.of(Rows.row(2, 1)));
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> new Hold("Too many.", "Look."));
        takeIn("waits", List.of(Rows.row(2, 1)));
        resolveAll();
        takeIn("received", List.of(Rows.row(2, 9)));
        List.of("received", "waits", "held")
                .forEach(batch -> assertThat(cancel(batch)).isOne());
        assertThat(ledger.units().held()).isEmpty();
        assertThat(ledger.batches().atRest("received", Optional.empty())).isTrue();
    }

    @Test
    void whoWaitsForACancelledRowTakesItsPlace() {
        makeReady("first", Rows.rows(1, 1));
        makeReady("second", Rows.rows(1, 1));
        assertThat(standings("second")).containsExactly("waiting");
        cancel("first");
        assertThat(standings("second")).containsExactly("received");
        resolveAll();
        letAllThrough();
        send(Outcome.DEPROVISIONED);
        assertThat(standings("second")).containsExactly("deprovisioned");
    }

    @Test
    void rowsOfAFileThatIsStillReadAreCancelledAsTheyCome() {
        Intakes intakes = ledger.intakes();
        Intakes.OpenFile file = intakes.begin(intakes.openFile("f.csv", "ada"), "f", LAYOUT, taken -> false);
        intakes.record(file, Rows.rows(1, 2));
        cancel("f");
        intakes.record(file, List.of(Rows.row(9, 9)));
        intakes.complete(file);
        assertThat(standings("f")).containsExactly("cancelled", "cancelled", "cancelled");
    }

    @Test
    void aLaterMessageToACancelledBatchIsANewRequest() {
        takeInMessage("1", "desk", Optional.of("reply"), Rows.COLUMNS, List.of(Rows.row(1, 1)));
        cancel("desk");
        takeInMessage("2", "desk", Optional.of("reply"), Rows.COLUMNS, List.of(Rows.row(1, 2)));
        assertThat(standings("desk")).containsExactly("cancelled", "received");
        assertThat(ledger.outbox().due(Outbox.Letter.REPLY, 9))
                .singleElement()
                .satisfies(reply -> assertThat(reply.result().outcome()).contains(Outcome.CANCELLED));
    }

    @Test
    void whatWasCancelledCanBeHandedOverAgain() {
        makeReady("leavers", Rows.rows(1, 1));
        cancel("leavers");
        makeReady("again", Rows.rows(1, 1));
        assertThat(standings("again")).containsExactly("ready");
    }
}
