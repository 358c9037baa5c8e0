package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/**
 * How settled requests leave the ledger: a batch at a time, once every row of it was settled long enough ago, none as
 * unknown, its files show it, and all that had to leave has left. What the rules for duplicates need of a request stays, and so do the keys
 * by which a message is known when it is delivered again. The audit log is not touched.
 */
public final class Retention {

    private static final int ROWS_IN_ONE_TRANSACTION = 500;

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    Retention(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** A batch that was removed, and how many rows it had. */
    public record Removed(String batch, long rows) {}

    /** Removes the oldest batch that was settled as a whole before so long; empty when there is none. */
    public Optional<Removed> removeOne(Duration age) {
        long before = clock.millis() - age.toMillis();
        return oldest(before).map(batch -> {
            long rows = 0;
            for (int removed = removeRows(batch, before); removed > 0; removed = removeRows(batch, before)) {
                rows += removed;
            }
            return new Removed(batch, rows);
        });
    }

    /** The newest request stays: the numbers of requests count on. */
    private Optional<String> oldest(long before) {
        return reader.queryForList("""
                select b.name from batch b where b.created <= ? and b.written >= b.changed
                  and not exists (select 1 from intake i where i.batch = b.name and i.state = 'OPEN')
                  and not exists (select 1 from request r where r.batch = b.name
                    and (r.state not in ('DONE', 'DEAD', 'CANCELLED') or r.outcome = 'unknown'
                      or coalesce(r.finished, ?) >= ?))
                  and not exists (select 1 from request r where r.batch = b.name
                    and r.id = (select max(id) from request))
                  and not exists (select 1 from outbox o join request r on r.id = o.request where r.batch = b.name)
                  and not exists (select 1 from audit_entry a join request r on r.id = a.request where a.written = 0 and r.batch = b.name)
                order by b.created limit 1
                """, String.class, before, before, before).stream()
                .findFirst();
    }

    private int removeRows(String batch, long before) {
        return writer.write(jdbc -> {
            if (!jdbc.queryForList(
                            "select 1 from request where batch = ? and state not in ('DONE', 'DEAD', 'CANCELLED') limit 1",
                            batch)
                    .isEmpty()) {
                return 0; // something was added to it, or put back, meanwhile
            }
            // they show more than is left here: what is written of it later goes beside them
            WrittenFiles.forget(jdbc, batch);
            long newest = jdbc.sql("select coalesce(max(id), 0) from"
                            + " (select id from request where batch = :batch order by id limit :most) oldest")
                    .param("batch", batch)
                    .param("most", ROWS_IN_ONE_TRANSACTION)
                    .query(Long.class)
                    .single();
            String settled = " batch = ? and id <= ? and state in ('DONE', 'DEAD', 'CANCELLED') and finished < ?";
            Object[] values = {batch, newest, before};
            jdbc.update("""
                    insert into removed_request (id, unit, batch, tenant, line, state, outcome, started, finished, request_id,
                        device_id, force)
                    select id, unit, batch, tenant, line, state, outcome, started, finished, request_id, device_id, force
                    from request where (force = 1 or outcome in ('deprovisioned', 'confirmed-by-read-back')) and
                    """ + settled, values);
            String removedWith = " where request in (select id from request where" + settled + ")";
            jdbc.update("delete from read_back" + removedWith, values);
            jdbc.update("delete from attempt" + removedWith, values);
            jdbc.update("update audit_entry set request = null" + removedWith + " and written = 1", values);
            int removed = jdbc.update("delete from request where" + settled, values);
            if (removed == 0) {
                jdbc.update(
                        "delete from unit where batch = ? and not exists (select 1 from request where unit = unit.id)",
                        batch);
                jdbc.update(
                        "delete from batch where name = ? and not exists (select 1 from request where batch = batch.name)",
                        batch);
            }
            return removed;
        });
    }
}
