package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.ledger.Batches.Result;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.request.Layout;
import org.deprovisioner.request.Row;
import org.deprovisioner.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in a file, or on a server where the tests run once more there, and short words for what is done to it over and over. */
public abstract class LedgerFixture {

    protected static final String TENANT = "default";
    protected static final Duration WINDOW = Duration.ofDays(30);
    protected static final Layout LAYOUT = new Layout(Rows.COLUMNS, ',');

    @TempDir
    protected Path data;

    @RegisterExtension
    final LedgerPlace place = new LedgerPlace();

    protected final TestClock clock = new TestClock();
    protected Ledger ledger;

    @BeforeEach
    void openLedger() {
        ledger = open();
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    /** Opens the ledger's file, once more if it is open already. */
    protected Ledger open() {
        Ledger opened = Ledger.open(url(), clock, clock::nanoTime);
        opened.activity().tryToBegin(jdbc -> {});
        return opened;
    }

    /** Where the ledger is. */
    protected String url() {
        return place.url(data);
    }

    /** Takes a file in as a whole, and gives its batch. */
    protected String takeIn(String name, List<Row> rows) {
        Intakes intakes = ledger.intakes();
        Intakes.OpenFile file = intakes.begin(intakes.openFile(name + ".csv", "ada"), name, LAYOUT, taken -> false);
        intakes.record(file, rows);
        intakes.complete(file);
        return file.batch();
    }

    /** Takes a message in. */
    protected Optional<String> takeInMessage(
            String key, String batch, Optional<String> replyTo, List<String> columns, List<Row> rows) {
        return ledger.intakes()
                .record(
                        new Intakes.Message(key, "ID:" + key, "desk", batch, replyTo, replyTo.map(to -> "corr")),
                        columns,
                        rows);
    }

    /** Resolves every received request: its device is as {@link Rows#device} says, enrolled long ago. */
    protected void resolveAll() {
        List<Lease> leases = ledger.claims().leaseUnresolved(TENANT, 100_000);
        leases.forEach(lease -> ledger.resolutions()
                .resolved(
                        lease, Rows.device(lease.address().managedDeviceId().orElseThrow(), Optional.empty()), WINDOW));
    }

    /** Guards every unit that waits for it, and lets it through. */
    protected void letAllThrough() {
        ledger.units().toGuard(1_000).forEach(unit -> ledger.units().guard(unit, counts -> new Verdict.LetThrough()));
    }

    /** Approves what is held of a batch; whether that released it. */
    protected boolean approve(String batch, long devices) {
        return ledger.approvals()
                        .approve(
                                new Approvals.BatchApproval(batch, devices, "ada", ""),
                                submitters -> Optional.empty(),
                                Duration.ZERO)
                instanceof Approvals.Verdict.Released;
    }

    /** Takes a file in, resolves it and lets it through. */
    protected String makeReady(String name, List<Row> rows) {
        String batch = takeIn(name, rows);
        resolveAll();
        letAllThrough();
        return batch;
    }

    /** Leases the only request that is ready. */
    protected Lease leaseOne() {
        List<Lease> leases = ledger.claims().leaseReady(TENANT, 1);
        assertThat(leases).hasSize(1);
        return leases.get(0);
    }

    /** Leases and begins the next request that is ready. */
    protected Lease beginOne() {
        Lease lease = leaseOne();
        assertThat(ledger.attempts().begin(lease, UUID.randomUUID().toString())).isTrue();
        return lease;
    }

    /** Sends the next request that is ready, with this outcome. */
    protected void send(Outcome outcome) {
        ledger.attempts().settle(beginOne(), new Finding(outcome, 204, "", "", ""), "graph-1");
    }

    /** Sends everything that is ready, with this outcome. */
    protected void sendAll(Outcome outcome) {
        for (Lease lease : ledger.claims().leaseReady(TENANT, 100_000)) {
            assertThat(ledger.attempts().begin(lease, "c")).isTrue();
            ledger.attempts().settle(lease, new Finding(outcome, 204, "", "", ""), "graph-1");
        }
    }

    /** Reads back what is in doubt until nothing of it is left: each look shows the device, and no action. */
    protected void readBackInVain() {
        while (ledger.inDoubt().open().isPresent()) {
            clock.pass(Duration.ofMinutes(30));
            ledger.claims()
                    .leaseInDoubt(TENANT, 100)
                    .forEach(lease -> ledger.inDoubt()
                            .answered(
                                    lease,
                                    new ReadBack.Seen.There(lease.device().orElseThrow()),
                                    new InDoubt.Trace(200, "c", "graph-look")));
        }
    }

    /** The unit that waits for the guard. */
    protected Unit onlyUnit() {
        List<Unit> units = ledger.units().toGuard(10);
        assertThat(units).hasSize(1);
        return units.get(0);
    }

    /** Every row of a batch as results show it. */
    protected List<Result> results(String batch) {
        List<Result> results = new ArrayList<>();
        ledger.batches().results(batch, results::add);
        return results;
    }

    /** The row on a line of a batch. */
    protected Result result(String batch, long line) {
        return results(batch).stream()
                .filter(row -> row.line() == line)
                .findFirst()
                .orElseThrow();
    }

    /** State or outcome of each row: final ones by their outcome. */
    protected List<String> standings(String batch) {
        return results(batch).stream()
                .map(row -> row.outcome()
                        .map(Outcome::word)
                        .orElseGet(() -> row.state().name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    /** As a ledger says that it cannot be written now. */
    protected static StoreException fullDisk() {
        return new StoreException("The disk is full.", null);
    }
}
