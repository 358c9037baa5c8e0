package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.Replays.DeadLetters;
import org.deprovisioner.ledger.Units.Verdict.Hold;
import org.junit.jupiter.api.Test;

class ReplayTest extends LedgerFixture {

    private static final Choice ALL = new Choice(Optional.empty(), Set.of());

    private int replay(Choice choice) {
        return ledger.replays().replay(choice, false, "ada");
    }

    private void deadLetters(String batch, int count) {
        makeReady(batch, Rows.rows(1, count));
        sendAll(Outcome.RETRIES_EXHAUSTED);
    }

    private void prepare() {
        resolveAll();
        letAllThrough();
    }

    private void sendFirst(Outcome outcome) {
        ledger.attempts().settle(beginOne(), new Finding(outcome, 400, "", "It was no good.", ""), "g");
    }

    @Test
    void oneIsSentFirstAndTheRestWhenItEndedWell() {
        deadLetters("leavers", 3);
        assertThat(replay(ALL)).isEqualTo(3);
        assertThat(standings("leavers")).containsOnly("received");
        prepare();
        assertThat(standings("leavers")).containsExactly("ready", "held", "held");
        assertThat(ledger.batches().atRest("leavers", Optional.empty())).isFalse();
        send(Outcome.DEPROVISIONED);
        assertThat(standings("leavers")).containsExactly("deprovisioned", "ready", "ready");
        sendAll(Outcome.DEPROVISIONED);
        assertThat(standings("leavers")).containsOnly("deprovisioned");
        assertThat(result("leavers", 2).attempts()).isOne();
    }

    @Test
    void theRestStaysWhenTheFirstFailsAndGoesWhenAPersonSaysSo() {
        deadLetters("leavers", 3);
        replay(ALL);
        prepare();
        sendFirst(Outcome.REJECTED_BY_GRAPH);
        assertThat(standings("leavers")).containsExactly("rejected-by-graph", "held", "held");
        assertThat(result("leavers", 3).error()).contains("leavers line 2", "rejected-by-graph", "It was no good.");
        assertThat(result("leavers", 3).remedy()).contains("approve leavers");
        assertThat(approve("leavers", 2)).isTrue();
        assertThat(standings("leavers")).containsExactly("rejected-by-graph", "ready", "ready");
    }

    @Test
    void theNextOneIsTheFirstWhereOneIsNotSentAfterAll() {
        deadLetters("leavers", 3);
        replay(ALL);
        prepare();
        ledger.resolutions().endUnsent(leaseOne(), Finding.of(Outcome.MISMATCH, "Another owner.", "Look."));
        assertThat(standings("leavers")).containsExactly("mismatch", "ready", "held");
        send(Outcome.DEPROVISIONED);
        assertThat(standings("leavers")).containsExactly("mismatch", "deprovisioned", "ready");
    }

    @Test
    void aFirstThatIsCancelledMakesRoomForThatOfAnotherBatch() {
        deadLetters("leavers", 1);
        makeReady("others", Rows.rows(7, 2));
        sendAll(Outcome.RETRIES_EXHAUSTED);
        replay(ALL);
        prepare();
        assertThat(standings("others")).containsExactly("held", "held");
        ledger.batches().cancel("leavers", "ada");
        assertThat(standings("others")).containsExactly("ready", "held");
    }

    @Test
    void theGuardsHoldAReplayLikeAnythingElse() {
        takeIn("leavers", Rows.rows(1, 3));
        ledger.claims()
                .leaseUnresolved(TENANT, 9)
                .forEach(lease -> ledger.resolutions()
                        .endUnsent(lease, Finding.of(Outcome.NOT_FOUND, "Graph has no such device.", "Look.")));
        replay(ALL);
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> {
            assertThat(counts.toSend()).isEqualTo(3);
            assertThat(counts.refused()).isZero();
            return new Hold("Too many.", "Look.");
        });
        assertThat(standings("leavers")).containsOnly("held");
        approve("leavers", 3);
        assertThat(standings("leavers")).containsExactly("ready", "held", "held");
    }

    @Test
    void onlyWhatIsAskedForIsPutBackAndTheUnknownOnlyByForce() {
        makeReady("leavers", Rows.rows(1, 1));
        ledger.attempts().settleInDoubt(beginOne(), "No answer.", 0, "");
        readBackInVain();
        takeIn("leavers", List.of(Rows.invalid(2)));
        makeReady("others", Rows.rows(5, 2));
        sendFirst(Outcome.REJECTED_BY_GRAPH);
        sendFirst(Outcome.RETRIES_EXHAUSTED);
        assertThat(ledger.replays().count(ALL)).isEqualTo(new DeadLetters(2, 1, 1));
        assertThat(replay(new Choice(Optional.of("leavers"), Set.of()))).isZero();
        assertThat(replay(new Choice(Optional.empty(), Set.of(Outcome.REJECTED_BY_GRAPH))))
                .isOne();
        assertThat(standings("others")).containsExactly("received", "retries-exhausted");
        assertThat(ledger.replays().replay(ALL, true, "ada")).isEqualTo(2);
        assertThat(standings("leavers")).containsExactly("received");
        assertThat(standings("leavers-2")).containsExactly("invalid");
    }

    @Test
    void anUnknownOneThatIsPutBackIsNotStoppedByThoseThatWaitedForIt() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease sent = beginOne();
        makeReady("again", Rows.rows(1, 1));
        ledger.attempts().settleInDoubt(sent, "No answer.", 0, "");
        readBackInVain();
        assertThat(standings("again")).containsExactly("unknown");
        ledger.replays().replay(new Choice(Optional.of("leavers"), Set.of()), true, "ada");
        prepare();
        assertThat(standings("leavers")).containsExactly("ready");
        ledger.replays().replay(new Choice(Optional.of("again"), Set.of()), true, "ada");
        prepare();
        assertThat(standings("again")).containsExactly("waiting");
    }

    @Test
    void aReplayOfACancelledBatchSendsNothingThatWasCancelledWithIt() {
        makeReady("leavers", Rows.rows(1, 3));
        sendFirst(Outcome.REJECTED_BY_GRAPH);
        Lease underWay = beginOne();
        ledger.batches().cancel("leavers", "ada");
        assertThat(replay(ALL)).isOne();
        ledger.attempts().settleForRetry(underWay, Duration.ZERO, true, false, "Busy.", 503, "");
        assertThat(standings("leavers")).containsExactly("received", "cancelled", "cancelled");

        prepare();
        Lease putBack = beginOne();
        ledger.attempts().settleForRetry(putBack, Duration.ZERO, true, false, "Busy.", 503, "");
        assertThat(standings("leavers")).containsExactly("ready", "cancelled", "cancelled");
        ledger.batches().cancel("leavers", "ada");
        assertThat(standings("leavers")).containsOnly("cancelled");
    }

    @Test
    void aDeviceThatWasDoneMeanwhileIsADuplicate() {
        deadLetters("leavers", 1);
        makeReady("again", Rows.rows(1, 1));
        send(Outcome.DEPROVISIONED);
        replay(ALL);
        prepare();
        assertThat(standings("leavers")).containsExactly("duplicate");
    }

    @Test
    void aDeadLetterThatIsPutBackNoLongerLeaves() {
        deadLetters("leavers", 1);
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 9)).hasSize(1);
        replay(ALL);
        assertThat(ledger.outbox().due(Outbox.Letter.DEAD_LETTER, 9)).isEmpty();
    }
}
