package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.deprovisioner.ledger.Retention.Removed;
import org.deprovisioner.request.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class RetentionTest extends LedgerFixture {

    private static final Duration AGE = Duration.ofDays(40);
    private static final Duration LONGER = AGE.plusDays(1);

    /** Each device of the batch ends with the outcome of its position; then all leaves that has to leave. */
    private void settled(String name, List<Row> rows, Outcome... outcomes) {
        makeReady(name, rows);
        for (Outcome outcome : outcomes) {
            send(outcome);
        }
        allLeft();
    }

    private void allLeft() {
        clock.pass(Duration.ofMinutes(2));
        ledger.batches().changedAtRest(100, Optional.empty(), Optional.empty()).forEach(ledger.batches()::written);
        ledger.audit().written(ledger.audit().waiting(100_000));
        for (Outbox.Letter kind : Outbox.Letter.values()) {
            ledger.outbox().sent(ledger.outbox().due(kind, 100_000));
        }
    }

    private Optional<Removed> remove() {
        return ledger.retention().removeOne(AGE);
    }

    /** The request with the greatest number always stays. */
    @BeforeEach
    void twoBatches() {
        settled("old", Rows.rows(1, 2), Outcome.DEPROVISIONED, Outcome.REJECTED_BY_GRAPH);
    }

    private void laterOnes() {
        clock.pass(LONGER);
        settled("young", Rows.rows(900, 1), Outcome.DEPROVISIONED);
    }

    @Test
    void aBatchThatWasSettledLongAgoIsRemovedAndAYoungOneIsNot() {
        laterOnes();
        assertThat(remove()).contains(new Removed("old", 2));
        assertThat(ledger.batches().progress("old")).isEmpty();
        assertThat(results("old")).isEmpty();
        assertThat(ledger.batches().progress("young")).isPresent();
        assertThat(remove()).isEmpty();
    }

    @Test
    void nothingIsRemovedBeforeItsTime() {
        clock.pass(AGE.minusDays(1));
        settled("young", Rows.rows(900, 1), Outcome.DEPROVISIONED);
        assertThat(remove()).isEmpty();
    }

    @Test
    void aDeviceThatWasDoneIsADuplicateAsEverAndNamesOfWhat() {
        laterOnes();
        remove();
        takeIn("again", List.of(Rows.row(2, 1)));
        resolveAll();
        assertThat(standings("again")).containsExactly("duplicate");
        assertThat(result("again", 2).error()).contains("old line 2");
    }

    @Test
    void whatIsUnknownNeverLapses() {
        settled("unknown", Rows.rows(70, 2), Outcome.DEPROVISIONED, Outcome.UNKNOWN);
        laterOnes();
        remove();
        assertThat(remove()).isEmpty();
        assertThat(standings("unknown")).containsExactly("deprovisioned", "unknown");
    }

    @Test
    void whatFailedIsTriedAnew() {
        laterOnes();
        remove();
        makeReady("again", List.of(Rows.row(2, 2)));
        assertThat(standings("again")).containsExactly("ready");
    }

    @Test
    void aKeyThatWasUsedStaysUsed() {
        settled("keyed", List.of(Rows.row(2, 50, "lost", "r-1", false)), Outcome.DEPROVISIONED);
        settled("forced", List.of(Rows.row(2, 51, "lost", "f-1", true)), Outcome.REJECTED_BY_GRAPH);
        laterOnes();
        while (remove().isPresent()) {
            // until nothing is left to be removed
        }
        takeIn("again", List.of(Rows.row(2, 60, "lost", "r-1", false), Rows.row(3, 51, "lost", "f-1", true)));
        resolveAll();
        assertThat(standings("again")).containsExactly("invalid", "invalid");
    }

    @Test
    void aMessageThatIsDeliveredAgainIsStillKnown() {
        takeInMessage("m", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.invalid(1)));
        allLeft();
        laterOnes();
        while (remove().isPresent()) {
            // until nothing is left to be removed
        }
        assertThat(ledger.batches().progress("desk")).isEmpty();
        assertThat(takeInMessage("m", "desk", Optional.empty(), Rows.COLUMNS, List.of(Rows.invalid(1))))
                .isEmpty();
    }

    @Test
    void aBatchStaysWhileARowOfItIsOpenItsFilesAreNotWrittenOrSomethingHasToLeave() {
        makeReady("open", Rows.rows(10, 2));
        send(Outcome.DEPROVISIONED);
        takeIn("unwritten", List.of(Rows.invalid(2)));
        clock.pass(LONGER);
        assertThat(remove()).contains(new Removed("old", 2));
        assertThat(remove()).isEmpty();
    }

    @Test
    void aBatchStaysWhileARowOfItIsReadBackAndThenItsLooksGoWithIt() {
        makeReady("verified", Rows.rows(80, 2));
        send(Outcome.DEPROVISIONED);
        ledger.attempts().settleAccepted(beginOne(), 204, "graph-1");
        allLeft();
        laterOnes();
        remove();
        assertThat(remove()).isEmpty();
        assertThat(standings("verified")).containsExactly("deprovisioned", "in_doubt");
        readBackInVain();
        clock.pass(LONGER);
        settled("younger", Rows.rows(901, 1), Outcome.DEPROVISIONED);
        while (remove().isPresent()) {
            // until nothing is left to be removed
        }
        assertThat(ledger.batches().progress("verified")).isEmpty();
        assertThat(left("select count(*) from read_back")).isZero();
    }

    @Test
    @Tag("sqlite")
    void whatIsPutBackWhileItsBatchIsBeingRemovedStaysWithTheRowsThatAreLeft() {
        takeIn("many", Rows.rows(1000, 1_200));
        ledger.batches().cancel("many", "ada");
        allLeft();
        laterOnes();
        remove();
        jdbc().execute("create trigger put_back after delete on request when old.batch = 'many' and old.line = 2 begin"
                + " update request set state = 'RECEIVED', outcome = null, finished = null"
                + " where batch = 'many' and line = 1000; end");
        assertThat(remove()).contains(new Removed("many", 500));
        assertThat(remove()).isEmpty();
        assertThat(standings("many")).hasSize(700).containsOnlyOnce("received");
        assertThat(ledger.claims().leaseUnresolved(TENANT, 10))
                .extracting(Lease::line)
                .containsExactly(1000L);
    }

    private JdbcTemplate jdbc() {
        return new JdbcTemplate(new DriverManagerDataSource(url()));
    }

    private long left(String count) {
        return Objects.requireNonNull(jdbc().queryForObject(count, Long.class));
    }

    @Test
    void manyRowsGoInSmallTransactions() {
        takeIn("many", Rows.rows(1000, 1_200));
        ledger.batches().cancel("many", "ada");
        allLeft();
        laterOnes();
        remove();
        assertThat(remove()).contains(new Removed("many", 1_200));
    }

    @Test
    @Tag("sqlite")
    void aBatchThatComesBackToLifeBetweenTwoRemovalsGetsResultsAgain() {
        takeInMessage("m", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(1000, 600));
        ledger.batches().cancel("desk", "ada");
        ledger.batches().files().mark("results/desk.csv", new WrittenFiles.Mark(1, 1));
        allLeft();
        laterOnes();
        remove();
        jdbc().execute("create trigger message after delete on request when old.batch = 'desk' and old.line = 2 begin"
                + " update request set state = 'RECEIVED', outcome = null, finished = null"
                + " where batch = 'desk' and line = 600;"
                + " update batch set changed = changed + 1 where name = 'desk'; end");
        assertThat(remove()).contains(new Removed("desk", 500));
        ledger.batches().cancel("desk", "ada");
        clock.pass(Duration.ofMinutes(2));
        assertThat(ledger.batches().changedAtRest(10, Optional.empty(), Optional.empty()))
                .extracting(Batches.Changed::name)
                .containsExactly("desk");
        assertThat(ledger.batches().files().mark("results/desk.csv"))
                .as("the fuller file is left alone")
                .isEmpty();
    }

    @Test
    void theMarksOfAllFilesOfABatchGoAndThoseOfOthersStay() {
        takeIn("old.1", List.of(Rows.invalid(2)));
        List<String> ofOld = List.of("results/old.csv", "results/old.2.csv", "dead-letter/old.12.csv", "held/old.txt");
        List<String> ofOthers =
                List.of("results/old.1.csv", "results/older.csv", "dead-letter/old.x.csv", "results/OLD.csv");
        ofOld.forEach(path -> ledger.batches().files().mark(path, new WrittenFiles.Mark(1, 1)));
        ofOthers.forEach(path -> ledger.batches().files().mark(path, new WrittenFiles.Mark(1, 1)));
        laterOnes();
        assertThat(remove()).contains(new Removed("old", 2));
        assertThat(ofOld).allMatch(path -> ledger.batches().files().mark(path).isEmpty());
        assertThat(ofOthers)
                .allMatch(path -> ledger.batches().files().mark(path).isPresent());
    }
}
