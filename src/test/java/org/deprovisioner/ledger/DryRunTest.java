package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.ledger.Units.Verdict.Hold;
import org.junit.jupiter.api.Test;

/** A dry run is cut off, and a service that sends finds what it left. */
class DryRunTest extends LedgerFixture {

    private void startDry() {
        ledger.beDryRun();
    }

    private void startForReal() {
        ledger.close();
        ledger = open();
        ledger.recovery().recover();
    }

    private void prepare() {
        resolveAll();
        letAllThrough();
    }

    @Test
    void whatWasNotLookedAtYetEndsAsADryRun() {
        startDry();
        takeIn("leavers", Rows.rows(1, 3));
        startForReal();
        prepare();
        assertThat(standings("leavers")).containsOnly("dry-run");
        assertThat(result("leavers", 2).error()).contains("handed over as a dry run");
    }

    @Test
    void whatAServiceThatSendsWouldHoldOrRefuseSaysSoAndEndsAllTheSame() {
        startDry();
        takeIn("over", Rows.rows(1, 3));
        startForReal();
        resolveAll();
        assertThat(ledger.units().guard(onlyUnit(), counts -> new Hold("It is over the limit of 2.", "Look.")))
                .isEqualTo(new Verdict.DryRun("It is over the limit of 2."));
        assertThat(standings("over")).containsOnly("dry-run");
        assertThat(result("over", 2).error()).contains("would be held", "over the limit of 2");
        assertThat(ledger.units().held()).isEmpty();

        startDry();
        takeIn("refused", Rows.rows(11, 3));
        startForReal();
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> new Verdict.Refuse("It is over the limit of 2.", "Fewer."));
        assertThat(standings("refused")).containsOnly("refused-by-guard");
        assertThat(ledger.claims().leaseReady(TENANT, 9)).isEmpty();
    }

    @Test
    void whatWasLetThroughEndsAsADryRun() {
        startDry();
        makeReady("leavers", Rows.rows(1, 3));
        startForReal();
        assertThat(standings("leavers")).containsOnly("dry-run");
        assertThat(ledger.claims().leaseReady(TENANT, 9)).isEmpty();
    }

    @Test
    void whatWaitedForARealRequestEndsAsADryRunWhenThatOneIsCancelled() {
        takeIn("real", Rows.rows(1, 3));
        resolveAll();
        ledger.units().guard(onlyUnit(), counts -> new Hold("Too many.", "Look."));
        startDry();
        makeReady("rehearsed", Rows.rows(1, 3));
        assertThat(standings("rehearsed")).containsOnly("waiting");
        startForReal();
        ledger.batches().cancel("real", "ada");
        prepare();
        assertThat(standings("rehearsed")).containsOnly("dry-run");
    }

    @Test
    void theRestOfAFileThatADryRunBeganToRecordIsOfTheDryRunToo() {
        startDry();
        Intakes.OpenFile file = ledger.intakes()
                .begin(ledger.intakes().openFile("leavers.csv", "ada"), "leavers", LAYOUT, taken -> false);
        ledger.intakes().record(file, Rows.rows(1, 2));
        startForReal();
        ledger.intakes().record(file, List.of(Rows.row(9, 9)));
        ledger.intakes().complete(file);
        prepare();
        assertThat(standings("leavers")).containsOnly("dry-run").hasSize(3);
    }

    @Test
    void aFileOfWhichADryRunRecordedNothingYetIsOfTheDryRunToo() {
        startDry();
        long opened = ledger.intakes().openFile("leavers.csv", "ada");
        startForReal();
        Intakes.OpenFile file = ledger.intakes().begin(opened, "leavers", LAYOUT, taken -> false);
        ledger.intakes().record(file, Rows.rows(1, 2));
        ledger.intakes().complete(file);
        prepare();
        assertThat(standings("leavers")).containsOnly("dry-run").hasSize(2);
    }

    @Test
    void aDeadLetterOfADryRunThatAPersonPutsBackIsSent() {
        startDry();
        takeIn("leavers", Rows.rows(1, 1));
        ledger.claims()
                .leaseUnresolved(TENANT, 9)
                .forEach(lease ->
                        ledger.resolutions().endUnsent(lease, Finding.of(Outcome.NOT_FOUND, "None.", "Look.")));
        startForReal();
        ledger.replays().replay(new Replays.Choice(Optional.of("leavers"), Set.of()), false, "ada");
        prepare();
        assertThat(standings("leavers")).containsExactly("ready");
    }

    @Test
    void whatWasTakenInForRealIsSentByTheNextServiceThatSends() {
        makeReady("leavers", Rows.rows(1, 3));
        startForReal();
        assertThat(standings("leavers")).containsOnly("ready");
    }
}
