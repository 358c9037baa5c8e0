package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.request.Row;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.RealPostgres;
import org.deprovisioner.store.StoreRefusedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A ledger that is a file becomes one of a server, and nothing that it knows is lost on the way. */
@Tag("sqlite")
class LedgerImportTest extends LedgerFixture {

    private static final String NODE = "11111111-2222-3333-4444-555555555555";

    private final String server = RealPostgres.newLedger();

    private LedgerImport.Copied copy() {
        return LedgerImport.copy(data.resolve("ledger.db"), Database.at(server), NODE, "ada", clock);
    }

    private static Row named(int line, int device) {
        return Rows.row(line, device, "lost", "", false);
    }

    @Test
    void rowsInEveryStateArriveAsTheyWereAndWhatWasUnderWayIsInDoubtOnce() {
        makeReady("done", Rows.rows(1, 2));
        sendAll(Outcome.DEPROVISIONED);
        makeReady("doubt", Rows.rows(10, 1));
        ledger.attempts().settleInDoubt(beginOne(), "No answer came.", 0, "");
        makeReady("unknown", Rows.rows(20, 1));
        send(Outcome.UNKNOWN);
        makeReady("failed", Rows.rows(30, 1));
        send(Outcome.REJECTED_BY_GRAPH);
        takeIn("invalid", List.of(Rows.invalid(2)));
        makeReady("sending", Rows.rows(40, 1));
        beginOne();
        makeReady("ready", Rows.rows(50, 1));
        takeIn("received", Rows.rows(60, 2));
        ledger.pauses().pause("south", Pause.EndsBy.RESUME, "operator", "Paused by ada.", "resume", "ada");
        long newest = ledger.audit().newestGiven();
        List<String> batches = List.of("done", "doubt", "unknown", "failed", "invalid", "sending", "ready", "received");
        List<List<String>> before = batches.stream().map(this::standings).toList();
        ledger.close();

        assertThat(copy().news()).isTrue();

        ledger = Ledger.open(server, clock, clock::nanoTime);
        assertThat(batches.stream().map(this::standings)).containsExactlyElementsOf(before);
        assertThat(ledger.pauses().all()).extracting(Pause::scope).containsExactly("south");
        assertThat(ledger.audit().newestGiven()).isEqualTo(newest + 1);
        ledger.beNode(NODE);
        assertThat(ledger.activity().tryToBegin(jdbc -> ledger.recovery().recover(jdbc)))
                .isTrue();
        assertThat(standings("sending")).containsExactly("in_doubt");
        assertThat(ledger.attempts().placesTaken(TENANT, Duration.ofMinutes(1), Duration.ofSeconds(30)))
                .hasValueSatisfying(places -> assertThat(places).hasSize(5));
        takeIn("again", List.of(named(2, 1), named(3, 20)));
        resolveAll();
        assertThat(standings("again").get(0)).isEqualTo("duplicate");
        takeInMessage("key", "desk", Optional.empty(), Rows.COLUMNS, Rows.rows(70, 1));
        assertThat(standings("desk")).hasSize(1);
    }

    @Test
    void whatWasCutOffBehindTheCopyIsFoundToBeCopiedAndALedgerInUseIsNoPlaceForAnother() {
        makeReady("done", Rows.rows(1, 2));
        sendAll(Outcome.DEPROVISIONED);
        ledger.close();
        assertThat(copy()).isEqualTo(new LedgerImport.Copied(2, 2, true));
        assertThat(copy()).isEqualTo(new LedgerImport.Copied(2, 2, false));
        assertThatThrownBy(() -> LedgerImport.copy(
                        data.resolve("ledger.db"),
                        Database.at(server),
                        UUID.randomUUID().toString(),
                        "ada",
                        clock))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("is not empty, so nothing was copied");
        ledger = Ledger.open(server, clock, clock::nanoTime);
        assertThat(standings("done")).containsExactly("deprovisioned", "deprovisioned");
    }
}
