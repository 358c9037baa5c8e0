package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** The ledger in numbers, for who watches it from outside, and whether it can be written. */
public final class Figures {

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    Figures(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * How many requests are in a state.
     *
     * @param outcome how they ended; empty while they have not
     */
    public record Count(State state, String outcome, long requests) {}

    /**
     * All requests, counted: an index is read from end to end, which takes a moment where there are millions. Its own order,
     * by unit, spares the sorting of them all.
     */
    public List<Count> requests() {
        return reader.query(
                "select state, outcome, sum(number) as requests from (select state, outcome, count(*) as number from request"
                        + " group by unit, state, outcome) of_unit group by state, outcome",
                (row, number) -> new Count(
                        State.valueOf(row.getString("state")), text(row, "outcome"), row.getLong("requests")));
    }

    /** When the request was handed over that has been ready for longest; empty when none is ready and due. */
    public Optional<Instant> oldestReady() {
        return reader
                .query("""
                        select i.received from request r join unit u on u.id = r.unit join intake i on i.id = u.intake
                        where r.id = (select min(id) from request where state = 'READY' and due <= ?)
                        """, (row, number) -> Instant.ofEpochMilli(row.getLong("received")), clock.millis())
                .stream()
                .findFirst();
    }

    /**
     * What the audit log still has to be told.
     *
     * @param oldest when the oldest happened; empty without any
     */
    public record Untold(long entries, Optional<Instant> oldest) {}

    /** What the audit log still has to be told. */
    public Untold untold() {
        return reader.query("select count(*), min(at) from audit_entry", (row, number) -> {
                    long entries = row.getLong(1);
                    return new Untold(
                            entries,
                            entries == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(row.getLong(2))));
                })
                .get(0);
    }

    /** Writes one row anew; completes when it is on disk, or with the reason why it is not. */
    public CompletableFuture<Integer> write() {
        return writer.submit(jdbc -> {
            long now = clock.millis();
            int known = jdbc.update("update writable set at = ? where id = 1", now);
            return known > 0 ? known : jdbc.update("insert into writable (id, at) values (1, ?)", now);
        });
    }
}
