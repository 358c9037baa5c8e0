package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.store.RealPostgres;
import org.deprovisioner.store.StoreRefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two machines on one ledger of PostgreSQL: what each may write, and what of each holds for the other. */
@Tag("sqlite") // it brings its own database
class NodesTest extends LedgerFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Nodes.Self ALPHA = self("alpha");
    private static final Nodes.Self BETA = self("beta");
    private static final Path LIST = Path.of("/etc/protected-devices.csv");

    private final String server = RealPostgres.newLedger();
    private Ledger beta;

    private static Nodes.Self self(String name) {
        return new Nodes.Self("id-of-" + name, name, "1.0", Map.of("deprovision.guard.max-per-batch", "500"));
    }

    @Override
    protected String url() {
        return server;
    }

    @BeforeEach
    void join() {
        ledger.beNode(ALPHA.id());
        ledger.nodes().join(ALPHA);
        beta = Ledger.open(server, clock, clock::nanoTime);
        beta.beNode(BETA.id());
        beta.nodes().join(BETA);
    }

    @AfterEach
    void leave() {
        beta.close();
    }

    /** The machine's connections to the server end, as if its cable were pulled. */
    private void cutOff(Ledger machine) {
        long active = machine.activity().session();
        RealPostgres.execute(
                server,
                "select pg_terminate_backend(l.pid) from pg_locks l join node n on n.number = l.objid and n.name = 'alpha'"
                        + " where l.locktype = 'advisory' and l.classid = 2 and l.objsubid = 2 and l.database ="
                        + " (select oid from pg_database where datname = current_database())");
        assertThat(active).isPositive();
        await().atMost(PATIENCE).until(() -> {
            machine.nodes().beat(ALPHA, "");
            return !machine.activity().isActive();
        });
    }

    private void loseBeta() {
        beta.close();
        await().atMost(PATIENCE)
                .until(() -> ledger.nodes().all().stream()
                        .noneMatch(node -> node.name().equals("beta") && node.lives()));
    }

    private boolean takeOver(Ledger machine) {
        return machine.activity().tryToBegin(jdbc -> machine.recovery().recover(jdbc));
    }

    @Test
    void oneIsActiveAndTheOtherLeasesAndBeginsNothing() {
        makeReady("leavers", Rows.rows(1, 2));
        assertThat(ledger.activity().isActive()).isTrue();
        assertThat(takeOver(beta)).isFalse();
        assertThat(beta.claims().leaseReady(TENANT, 10)).isEmpty();
        Lease lease = leaseOne();
        assertThat(beta.attempts().begin(lease, "c")).isFalse();
        assertThat(ledger.attempts().begin(lease, "c")).isTrue();
    }

    @Test
    void whoIsCutOffBeginsNothingMoreAndTheOtherTakesOverWithWhatWasUnderWayInDoubtOnce() {
        makeReady("leavers", Rows.rows(1, 3));
        Lease answered = beginOne();
        Lease waiting = leaseOne();
        cutOff(ledger);
        assertThat(ledger.attempts().begin(waiting, "late")).isFalse();
        assertThat(takeOver(beta)).isTrue();
        assertThat(standings("leavers")).containsExactlyInAnyOrder("in_doubt", "ready", "ready");
        ledger.attempts().settle(answered, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        assertThat(standings("leavers")).containsExactlyInAnyOrder("deprovisioned", "ready", "ready");
        assertThat(takeOver(ledger)).isFalse();
        assertThat(beta.claims().leaseReady(TENANT, 10)).hasSize(2);
    }

    @Test
    void anAnswerThatComesWhenALookHasSettledTheRequestChangesNothing() {
        makeReady("leavers", Rows.rows(1, 1));
        Lease lease = beginOne();
        cutOff(ledger);
        takeOver(beta);
        clock.pass(Duration.ofMinutes(1));
        Lease look = beta.claims().leaseInDoubt(TENANT, 1).get(0);
        while (beta.inDoubt().open().isPresent()) {
            beta.inDoubt()
                    .answered(
                            look,
                            new ReadBack.Seen.There(look.device().orElseThrow()),
                            new InDoubt.Trace(200, "c", "g"));
            clock.pass(Duration.ofMinutes(30));
            look = beta.claims().leaseInDoubt(TENANT, 1).stream().findFirst().orElse(look);
        }
        assertThat(standings("leavers")).containsExactly("unknown");
        ledger.attempts().settle(lease, new Finding(Outcome.DEPROVISIONED, 204, "", "", ""), "graph-1");
        assertThat(standings("leavers")).containsExactly("unknown");
    }

    @Test
    void aStopFileOnEitherLetsNobodySendUntilItIsGoneOrItsMachineIsAdopted() {
        makeReady("leavers", Rows.rows(1, 2));
        beta.nodes().beat(BETA, "The file STOP stops every call.");
        Lease lease = leaseOne();
        assertThat(ledger.attempts().begin(lease, "c")).isFalse();
        ledger.nodes().beat(ALPHA, "");
        assertThat(ledger.nodes().stoppedByAnother())
                .hasValueSatisfying(why -> assertThat(why).contains("beta"));
        beta.nodes().beat(BETA, "");
        assertThat(ledger.attempts().begin(lease, "c")).isTrue();
        beta.nodes().beat(BETA, "The file STOP stops every call.");
        loseBeta();
        Lease other = leaseOne();
        assertThat(ledger.attempts().begin(other, "d")).isFalse();
        assertThat(ledger.nodes().adopt("beta", ALPHA.id(), "ada")).isPresent();
        assertThat(ledger.attempts().begin(other, "d")).isTrue();
    }

    @Test
    void theProtectedListOfEachHoldsForAllUntilItsMachineIsAdopted() {
        beta.protectedLists().keep(LIST, new ProtectedLists.KeptList(List.of("id", Rows.id(1)), ""));
        await().atMost(PATIENCE).until(() -> !ledger.protectedLists().ofOthers().isEmpty());
        assertThat(ledger.protectedLists().ofOthers())
                .containsExactly(new ProtectedLists.OfAnother("beta", List.of("id", Rows.id(1))));
        assertThat(ledger.protectedLists().of(LIST)).isEmpty();
        assertThat(beta.protectedLists().ofOthers()).isEmpty();
        loseBeta();
        ledger.nodes().adopt("beta", ALPHA.id(), "ada");
        assertThat(ledger.protectedLists().ofOthers()).isEmpty();
    }

    @Test
    void whatALostMachineHadReadOfAFileIsHeldNamingItsLastLineAndOneThatLivesIsNotAdopted() {
        Intakes.OpenFile file =
                beta.intakes().begin(beta.intakes().openFile("half.csv", "ada"), "half", LAYOUT, taken -> false);
        beta.intakes().record(file, Rows.rows(1, 3));
        assertThatThrownBy(() -> ledger.nodes().adopt("beta", ALPHA.id(), "ada"))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("lives");
        loseBeta();
        assertThat(ledger.nodes().adopt("beta", ALPHA.id(), "ada")).hasValue(new Nodes.Adopted(1, List.of("half")));
        resolveAll();
        assertThat(ledger.takenFiles().of(onlyUnit()))
                .hasValueSatisfying(taken -> assertThat(taken.cutOff()).contains("up to line 4", "beta", "half.csv"));
        assertThat(ledger.intakes().arrival(file.id()).rejected()).isTrue();
        assertThat(ledger.nodes().adopt("gamma", ALPHA.id(), "ada")).isEqualTo(Optional.empty());
    }

    @Test
    void twoMachinesOfOneNameOrOfOneDataFolderAreRefused() {
        try (Ledger third = Ledger.open(server, clock, clock::nanoTime)) {
            assertThatThrownBy(() -> third.nodes().join(new Nodes.Self("another-id", "beta", "1.0", Map.of())))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("deprovision.node");
            assertThatThrownBy(() -> third.nodes().join(BETA))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("node.id");
        }
    }

    @Test
    void aMachineWithOtherSettingsIsNamedWithTheKeys() {
        ledger.nodes().agree(Map.of("deprovision.guard.max-per-batch", "50"), "alpha", "");
        assertThat(ledger.nodes().all())
                .allSatisfy(node -> assertThat(node.differing()).containsExactly("deprovision.guard.max-per-batch"));
        ledger.nodes().agree(BETA.settings(), "ada", "max-per-batch 50 -> 500");
        assertThat(ledger.nodes().all())
                .allSatisfy(node -> assertThat(node.differing()).isEmpty());
    }
}
