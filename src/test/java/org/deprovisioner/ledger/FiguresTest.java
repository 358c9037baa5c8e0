package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Units.Verdict;
import org.junit.jupiter.api.Test;

/** What the pages and the metrics count is what stands in the batches. */
class FiguresTest extends LedgerFixture {

    @Test
    void requestsAreCountedOverAllBatches() {
        List<String> batches = List.of(
                makeReady("leavers", Rows.rows(1, 6)),
                makeReady("again", Rows.rows(1, 3)),
                takeIn("held", Rows.rows(20, 4)));
        send(Outcome.DEPROVISIONED);
        send(Outcome.REJECTED_BY_GRAPH);
        ledger.attempts().settleInDoubt(beginOne(), "No answer came.", 0, "");
        beginOne();
        resolveAll();
        ledger.units()
                .toGuard(9)
                .forEach(unit -> ledger.units().guard(unit, counts -> new Verdict.Hold("Too many.", "Approve it.")));
        Stream<String> all = Stream.concat(batches.stream(), Stream.of(takeIn("new", Rows.rows(30, 2))));

        Map<State, Long> standing = all.flatMap(batch -> results(batch).stream())
                .collect(Collectors.groupingBy(Batches.Result::state, Collectors.counting()));
        Map<State, Long> counted = ledger.figures().requests().stream()
                .collect(Collectors.groupingBy(Figures.Count::state, Collectors.summingLong(Figures.Count::requests)));
        assertThat(counted).isEqualTo(standing);
        assertThat(ledger.figures().requests())
                .extracting(Figures.Count::state, Figures.Count::outcome)
                .doesNotHaveDuplicates();
        assertThat(standing).containsKeys(State.SENDING, State.READY, State.RECEIVED, State.HELD, State.IN_DOUBT);
        assertThat(ledger.rowPages().toSend())
                .isEqualTo(standing.get(State.SENDING) + standing.get(State.READY) + standing.get(State.RECEIVED));
    }
}
