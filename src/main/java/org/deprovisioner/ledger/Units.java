package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is guarded as a whole before its first call: the rows of one tenant in a file or in a message. */
public final class Units {

    private final JdbcTemplate reader;
    private final GroupCommit writer;
    private final Clock clock;

    Units(JdbcTemplate reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** A unit whose every device is resolved. */
    public record Unit(long id, String batch, String tenant) {}

    /**
     * What the limits need to know of a unit.
     *
     * @param rows all its rows
     * @param refused its rows that failed before anything was sent
     * @param toSend its devices that wait for the guard's word, those waiting for another request included
     * @param held its rows that are held already
     * @param batchLetThrough devices of the whole batch that were let through before
     * @param dayLetThrough devices of the tenant sent in the last 24 hours, or let through and still to be sent
     */
    public record Counts(
            String batch,
            String tenant,
            long rows,
            long refused,
            long toSend,
            long held,
            long batchLetThrough,
            long dayLetThrough) {}

    /** What the guard says of a unit. */
    public sealed interface Verdict {
        /** It may be sent. */
        record LetThrough() implements Verdict {}

        /** It waits for approval, for this reason. */
        record Hold(String why, String remedy) implements Verdict {}
    }

    /** Units whose devices are all resolved and that wait for the guard. */
    public List<Unit> toGuard(int most) {
        return reader.query("""
                select u.id, u.batch, u.tenant from unit u join intake i on i.id = u.intake
                where i.state = 'TAKEN' and u.id in (select unit from request where state = 'RECEIVED' group by unit
                    having count(*) = count(resolved)) order by u.id limit ?
                """, (row, number) -> new Unit(row.getLong(1), row.getString(2), row.getString(3)), most);
    }

    /**
     * Guards a unit in one transaction with the counts it is guarded by, so that no two units share what is left of a
     * limit. What was let through or approved before goes on whatever the verdict.
     *
     * @return the verdict
     */
    public Verdict guard(Unit unit, Function<Counts, Verdict> guard) {
        long now = clock.millis();
        return writer.write(jdbc -> {
            Verdict verdict = judge(jdbc, now, unit, guard);
            Replays.holdBack(jdbc, "unit = ?", unit.id());
            return verdict;
        });
    }

    private static Verdict judge(JdbcTemplate jdbc, long now, Unit unit, Function<Counts, Verdict> guard) {
        letThrough(jdbc, now, "unit = ? and state = 'RECEIVED' and resolved is not null and released = 1", unit.id());
        Counts counts = counts(jdbc, unit, now);
        if (counts.toSend() == 0) {
            return new Verdict.LetThrough();
        }
        Verdict verdict = guard.apply(counts);
        if (verdict instanceof Verdict.Hold hold) {
            AuditEntries.tellOf(
                    jdbc,
                    now,
                    AuditEntries.What.HELD,
                    AuditEntries.PROGRAM,
                    hold.why(),
                    "unit = ? and state = 'RECEIVED' and resolved is not null",
                    unit.id());
            jdbc.update(
                    "update request set state = 'HELD', error = ?, remedy = ? where unit = ? and state = 'RECEIVED'"
                            + " and resolved is not null",
                    hold.why(),
                    hold.remedy(),
                    unit.id());
        } else {
            letThrough(jdbc, now, "unit = ? and state = 'RECEIVED' and resolved is not null", unit.id());
            jdbc.update("update request set released = 1 where unit = ? and state = 'WAITING'", unit.id());
        }
        jdbc.update("update batch set changed = changed + 1 where name = ?", unit.batch());
        return verdict;
    }

    /** What a batch that is held would do. */
    public record Held(String batch, String why, String remedy, long devices, long rows) {}

    /** The batches that are held, or the named one. */
    public List<Held> held() {
        return reader.query(
                """
                select batch, max(error), max(remedy), count(distinct device_id), count(*) from request
                where state = 'HELD' group by batch order by batch
                """,
                (row, number) ->
                        new Held(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)));
    }

    /** What a held batch would do; empty when the batch is not held. */
    public Optional<Held> held(String batch) {
        return held().stream()
                .filter(one -> one.batch().equalsIgnoreCase(batch))
                .findFirst();
    }

    /**
     * Releases the requests of a batch that are held at this moment.
     *
     * @param name the batch, found without regard to case
     * @param devices the number of devices that the approver typed back
     * @param by the operating-system user who approves
     * @param remark on whose behalf and why, as the approver says; may be empty
     * @return whether the number was right and the batch is released
     */
    public boolean approve(String name, long devices, String by, String remark) {
        long now = clock.millis();
        return writer.write(jdbc -> {
            String batch = jdbc
                    .queryForList(
                            "select name from batch where name_key = ?", String.class, name.toLowerCase(Locale.ROOT))
                    .stream()
                    .findFirst()
                    .orElse(name);
            List<Long> held = jdbc.queryForList(
                    "select count(distinct device_id) from request where batch = ? and state = 'HELD'",
                    Long.class,
                    batch);
            if (held.get(0) == 0 || held.get(0) != devices) {
                return false;
            }
            AuditEntries.tellOf(
                    jdbc, now, AuditEntries.What.APPROVED, by, remark, "batch = ? and state = 'HELD'", batch);
            jdbc.update(
                    "update request set released = 1 where state = 'WAITING' and unit in"
                            + " (select unit from request where batch = ? and state = 'HELD')",
                    batch);
            Replays.approved(jdbc, batch);
            letThrough(jdbc, now, "batch = ? and state = 'HELD'", batch);
            Replays.holdBack(jdbc, "batch = ?", batch);
            jdbc.update("update batch set changed = changed + 1 where name = ?", batch);
            return true;
        });
    }

    static void letThrough(JdbcTemplate jdbc, long now, String which, Object value) {
        jdbc.update(
                "update request set state = 'READY', released = 1, due = case when not_before > ? then not_before else ? end,"
                        + " error = null, remedy = null where " + which,
                now,
                now,
                value);
    }

    private static Counts counts(JdbcTemplate jdbc, Unit unit, long now) {
        long dayAgo = now - Duration.ofDays(1).toMillis();
        return jdbc.query(
                        """
                        select
                          (select count(*) from request where unit = ?),
                          (select count(*) from request where unit = ? and state = 'DEAD' and outcome <> 'unknown'
                             and attempts = 0),
                          (select count(distinct device_id) from request where unit = ? and released = 0
                             and state in ('RECEIVED', 'WAITING')),
                          (select count(*) from request where unit = ? and state = 'HELD'),
                          (select count(distinct device_id) from request where batch = ? and released = 1),
                          (select count(distinct request) from attempt where tenant = ? and begun > ?)
                            + (select count(*) from request where tenant = ? and state = 'READY' and first_attempt is null)
                        """,
                        (row, number) -> new Counts(
                                unit.batch(),
                                unit.tenant(),
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)),
                        unit.id(),
                        unit.id(),
                        unit.id(),
                        unit.id(),
                        unit.batch(),
                        unit.tenant(),
                        dayAgo,
                        unit.tenant())
                .get(0);
    }
}
