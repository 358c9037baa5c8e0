package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** What is guarded as a whole before its first call: the rows of one tenant in a file or in a message. */
public final class Units {

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private volatile boolean dryRun;

    Units(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** From now on what is guarded is a dry run. */
    void beDryRun() {
        dryRun = true;
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
     * @param batchBefore devices of the rest of the batch that were let through before or are held
     * @param dayLetThrough devices of the tenant sent in the last 24 hours, or let through and still to be sent
     * @param changed planned devices that are not as they were planned, where the plan is to be applied as a whole or not at
     *     all
     */
    public record Counts(
            String batch,
            String tenant,
            long rows,
            long refused,
            long toSend,
            long held,
            long batchBefore,
            long dayLetThrough,
            long changed) {}

    /** What the guard says of a unit. */
    public sealed interface Verdict {
        /** It may be sent once this time has passed. */
        record LetThrough(Duration grace) implements Verdict {

            /** It may be sent at once. */
            public LetThrough() {
                this(Duration.ZERO);
            }
        }

        /** It waits for approval, for this reason. */
        record Hold(String why, String remedy) implements Verdict {}

        /** It would be held, were it no dry run: each of its requests ends here and says so, and is in nobody's way. */
        record DryRun(String why) implements Verdict {}

        /** Each of its requests ends as refused, for this reason. */
        record Refuse(String why, String remedy) implements Verdict {}
    }

    /** Units whose devices are all resolved and that wait for the guard. */
    public List<Unit> toGuard(int most) {
        // from one unit to the next by the index: a unit costs the same however many rows it has
        return reader.query("""
                with recursive resolved (unit) as (
                  select min(unit) from request where state = 'RECEIVED' and resolved is not null
                  union all
                  select (select min(r.unit) from request r where r.state = 'RECEIVED' and r.resolved is not null
                    and r.unit > resolved.unit) from resolved where resolved.unit is not null)
                select u.id, u.batch, u.tenant from resolved join unit u on u.id = resolved.unit
                join intake i on i.id = u.intake where i.state = 'TAKEN' and not exists
                  (select 1 from request r where r.unit = u.id and r.state = 'RECEIVED' and r.resolved is null)
                order by u.id limit ?
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
            Optional<Verdict> ofDryRun = !dryRun && DryRuns.isToGuard(jdbc, unit.id())
                    ? Optional.of(endDryRun(jdbc, now, unit, guard.apply(counts(jdbc, unit, now))))
                    : Optional.empty();
            Verdict verdict = judge(jdbc, now, unit, guard);
            Releases.tellOfGrace(jdbc, now, unit.id());
            Releases.holdBack(jdbc, "unit = ?", unit.id());
            return verdict instanceof Verdict.LetThrough ? ofDryRun.orElse(verdict) : verdict;
        });
    }

    /** Ends the rows of a dry run that a service found which sends, and says what the guard would have done with them. */
    private static Verdict endDryRun(Jdbc jdbc, long now, Unit unit, Verdict verdict) {
        if (verdict instanceof Verdict.Hold hold) {
            DryRuns.endUnguarded(jdbc, now, unit.id(), DryRuns.wouldBeHeld(hold.why()));
            return new Verdict.DryRun(hold.why());
        }
        DryRuns.endUnguarded(
                jdbc,
                now,
                unit.id(),
                verdict instanceof Verdict.Refuse refuse
                        ? Finding.of(Outcome.REFUSED_BY_GUARD, refuse.why(), refuse.remedy())
                        : DryRuns.NOT_SENT);
        return verdict;
    }

    private static Verdict judge(Jdbc jdbc, long now, Unit unit, Function<Counts, Verdict> guard) {
        Releases.letThrough(jdbc, now, State.RECEIVED, "unit = ? and resolved is not null and released = 1", unit.id());
        Counts counts = counts(jdbc, unit, now);
        if (counts.toSend() == 0) {
            return new Verdict.LetThrough();
        }
        Verdict verdict = guard.apply(counts);
        if (verdict instanceof Verdict.Refuse refuse) {
            end(jdbc, now, unit, Finding.of(Outcome.REFUSED_BY_GUARD, refuse.why(), refuse.remedy()));
        } else if (verdict instanceof Verdict.DryRun dryRun) {
            end(jdbc, now, unit, DryRuns.wouldBeHeld(dryRun.why()));
        } else if (verdict instanceof Verdict.Hold hold) {
            AuditEntries.tellOf(
                    jdbc,
                    now,
                    AuditEntries.What.HELD,
                    AuditEntries.PROGRAM,
                    hold.why(),
                    "unit = ? and state = 'RECEIVED' and resolved is not null",
                    unit.id());
            int held = Transitions.change(State.RECEIVED, State.HELD)
                    .inBatch(unit.batch())
                    .onlyWhere("unit = ? and resolved is not null", unit.id())
                    .set("error = ?, remedy = ?", hold.why(), hold.remedy())
                    .all(jdbc);
            if (held > 0) {
                Notifications.tell(jdbc, now, Notice.Kind.BATCH_HELD, unit.batch(), 1, hold.why(), hold.remedy());
            }
        } else if (verdict instanceof Verdict.LetThrough through) {
            jdbc.update(
                    "update unit set grace_until = ? where id = ?",
                    Releases.graceUntil(now, through.grace()),
                    unit.id());
            Releases.letThrough(jdbc, now, State.RECEIVED, "unit = ? and resolved is not null", unit.id());
            jdbc.update("update request set released = 1 where unit = ? and state = 'WAITING'", unit.id());
        }
        return verdict;
    }

    /** Those that wait end before those they wait for, so that an end wakes only requests of other units. */
    private static void end(Jdbc jdbc, long now, Unit unit, Finding finding) {
        for (State state : List.of(State.WAITING, State.RECEIVED)) {
            jdbc.queryForList(
                            "select id from request where unit = ? and state = ? and released = 0 order by id",
                            Long.class,
                            unit.id(),
                            state.name())
                    .forEach(id -> Completions.end(jdbc, now, id, state, finding));
        }
    }

    /** What a batch that is held would do. */
    public record Held(String batch, String why, String remedy, long devices, long rows) {}

    /** The batches that are held. */
    public List<Held> held() {
        return held("", List.of());
    }

    /** What a held batch would do, found without regard to case; empty when it is not held. */
    public Optional<Held> held(String batch) {
        return held(" and batch in (select name from batch where name_key = ?)", List.of(BatchNames.key(batch)))
                .stream()
                .findFirst();
    }

    /** The batches, this one among them, that its name could be taken for. */
    public List<String> alike(String batch) {
        return writer.write(jdbc -> BatchNames.alike(jdbc, batch));
    }

    private List<Held> held(String which, List<String> values) {
        return reader.query(
                "select batch, max(error), max(remedy), count(distinct device_id), count(*) from request"
                        + " where state = 'HELD'" + which + " group by batch order by batch",
                (row, number) ->
                        new Held(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)),
                values.toArray());
    }

    /**
     * A batch of which something was let through and is not sent yet.
     *
     * @param until from when on it is sent
     */
    public record Grace(String batch, Instant until, long rows) {}

    /** What could still be cancelled as a whole, because its grace period goes on. */
    public List<Grace> graces() {
        return reader.query(
                """
                select r.batch, max(u.grace_until), count(*) from unit u join request r on r.unit = u.id
                where u.grace_until > ? and r.state = 'READY' and r.first_attempt is null group by r.batch order by r.batch
                """,
                (row, number) -> new Grace(row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getLong(3)),
                clock.millis());
    }

    private static Counts counts(Jdbc jdbc, Unit unit, long now) {
        // 'union all' and 'distinct': for the order that 'union' needs, SQLite would read all requests
        return jdbc.sql("""
                        select
                          (select count(*) from request where unit = :unit),
                          (select count(*) from request where unit = :unit and state = 'DEAD' and outcome <> 'unknown'
                             and attempts = 0),
                          (select count(distinct device_id) from request where unit = :unit and released = 0
                             and state in ('RECEIVED', 'WAITING')),
                          (select count(*) from request where unit = :unit and state = 'HELD'),
                          (select count(distinct device_id) from request where batch = :batch
                             and (released = 1 or state = 'HELD' and unit <> :unit)),
                          (select count(distinct id) from (
                             select request as id from attempt where tenant = :tenant and begun > :dayAgo
                             union all select id from request where tenant = :tenant and state = 'READY'
                             union all select id from request where tenant = :tenant and approval_since is not null
                               and state = 'AWAITING_APPROVAL'
                             union all select id from request where tenant = :tenant and state = 'HELD' and released = 1)
                           of_the_day),
                          (select count(*) from request where unit = :unit and state in ('DEAD', 'DONE') and attempts = 0
                             and planned <> '' and exists (select 1 from unit u join intake i on i.id = u.intake
                               where u.id = :unit and i.planned = :asAWhole)
                             and not exists (select 1 from request where unit = :unit and replay is not null))
                        """)
                .param("unit", unit.id())
                .param("batch", unit.batch())
                .param("tenant", unit.tenant())
                .param("dayAgo", now - Duration.ofDays(1).toMillis())
                .param("asAWhole", Plans.AS_A_WHOLE)
                .query((row, number) -> new Counts(
                        unit.batch(),
                        unit.tenant(),
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7)))
                .single();
    }
}
