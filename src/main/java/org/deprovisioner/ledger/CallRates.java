package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.deprovisioner.store.Jdbc;

/** How many calls were begun when; read from an index of attempts, for a span that somebody chose. */
public final class CallRates {

    private final Jdbc reader;
    private final Clock clock;

    CallRates(Jdbc reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** Calls of a tenant that were begun in one step of time, which starts here. */
    public record Calls(Instant from, long calls) {}

    /** The calls of a tenant since a while ago, in steps of this length; steps without any are left out. */
    public List<Calls> of(String tenant, Duration since, Duration step) {
        long now = clock.millis();
        return reader.query(
                "select begun / ? * ? step, count(*) from attempt where tenant = ? and begun > ? and begun <= ?"
                        + " group by step order by step",
                (row, number) -> new Calls(Instant.ofEpochMilli(row.getLong(1)), row.getLong(2)),
                step.toMillis(),
                step.toMillis(),
                tenant,
                now - since.toMillis(),
                now);
    }

    /** How many calls of a tenant were begun for a batch in this time. */
    public long of(String tenant, String batch, Duration since) {
        return reader.queryForList(
                        "select count(*) from attempt a join request r on r.id = a.request where a.tenant = ? and a.begun > ?"
                                + " and r.batch = ?",
                        Long.class,
                        tenant,
                        clock.millis() - since.toMillis(),
                        batch)
                .get(0);
    }
}
