package org.deprovisioner.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.deprovisioner.store.Jdbc;

/**
 * How what was guarded or approved is let through: each request at its own time, that of a replay after the first of it. In the
 * transaction of whoever lets it.
 */
final class Releases {

    private static final String WAITS_FOR_FIRST = "replay = ? and state = 'HELD' and released = 1";

    private Releases() {}

    /** Until when a grace period goes on that begins now; 0 where there is none. */
    static long graceUntil(long now, Duration grace) {
        return grace.isZero() ? 0 : now + grace.toMillis();
    }

    /** What was received or held may be sent, once its own instant and its unit's grace period have come. */
    static void letThrough(Jdbc jdbc, long now, State from, String which, Object value) {
        Transitions.change(from, State.READY)
                .onlyWhere(which, value)
                .set("released = 1, error = null, remedy = null")
                .set(
                        "due = (select max(at) from (select request.not_before as at union all select ? union all"
                                + " select grace_until from unit where unit.id = request.unit) latest)",
                        now)
                .all(jdbc);
    }

    private record Grace(String batch, Instant until) {}

    /** What a unit may not send yet says so, and what can be done in that time. */
    static void tellOfGrace(Jdbc jdbc, long now, long unit) {
        jdbc.query(
                        "select batch, grace_until from unit where id = ? and grace_until > ?",
                        (row, number) -> new Grace(row.getString(1), Instant.ofEpochMilli(row.getLong(2))),
                        unit,
                        now)
                .forEach(grace -> jdbc.update(
                        "update request set error = ?, remedy = ? where unit = ? and state = 'READY'"
                                + " and first_attempt is null",
                        "It is not sent before " + grace.until().truncatedTo(ChronoUnit.SECONDS)
                                + " (deprovision.guard.grace).",
                        "Until then it can still be ended: deprovision cancel " + grace.batch(),
                        unit));
    }

    /** Of the requests that were just let through, holds back those that wait for the first of their replay. */
    static void holdBack(Jdbc jdbc, String which, Object value) {
        String fresh = which + " and state = 'READY' and first_attempt is null";
        for (long replay : jdbc.queryForList(
                "select distinct r.id from request q join replay r on r.id = q.replay and passed = 0 where " + fresh,
                Long.class,
                value)) {
            jdbc.update(
                    "update replay set first = (select min(id) from request where request.replay = replay.id and state = 'READY')"
                            + " where id = ? and first is null",
                    replay);
            Transitions.change(State.READY, State.HELD)
                    .onlyWhere(fresh, value)
                    .onlyWhere("replay = ? and id <> (select first from replay where id = request.replay)", replay)
                    .set("error = 'Waits for the first of its replay.'")
                    .set("remedy = 'It goes on by itself when that one ends well.'")
                    .all(jdbc);
        }
    }

    /** A person approves what is held of a batch: what waited for the first of its replay waits no more. */
    static void approved(Jdbc jdbc, String batch) {
        jdbc.update(
                "update replay set passed = 1 where id in"
                        + " (select replay from request where batch = ? and state = 'HELD' and released = 1)",
                batch);
    }

    /** When the first of a replay ends: well, the others follow; unsent, another one is the first; else they stay. */
    static void ended(Jdbc jdbc, long now, long id, Finding finding) {
        for (long replay : jdbc.queryForList("select id from replay where first = ? and passed = 0", Long.class, id)) {
            boolean sent = !jdbc.queryForList("select 1 from request where id = ? and first_attempt is not null", id)
                    .isEmpty();
            OutcomeClass how = finding.outcome().outcomeClass();
            if (!sent || finding.outcome() == Outcome.CANCELLED) {
                jdbc.update(
                        "update replay set first = (select min(id) from request where request.replay = replay.id"
                                + " and state = 'HELD' and released = 1) where id = ?",
                        replay);
                letThrough(
                        jdbc,
                        now,
                        State.HELD,
                        WAITS_FOR_FIRST + " and id = (select first from replay where id = request.replay)",
                        replay);
            } else if (how == OutcomeClass.DONE || how == OutcomeClass.SKIPPED) {
                jdbc.update("update replay set passed = 1 where id = ?", replay);
                letThrough(jdbc, now, State.HELD, WAITS_FOR_FIRST, replay);
            } else {
                stay(jdbc, replay, id, finding);
            }
        }
    }

    private static void stay(Jdbc jdbc, long replay, long first, Finding finding) {
        jdbc.update(
                "update batch set changed = changed + 1, facts = facts + 1 where name in (select batch from request where "
                        + WAITS_FOR_FIRST + ")",
                replay);
        jdbc.update(
                "update request set error = 'The first of its replay (' || (select batch || ' line ' || line from request"
                        + " where id = ?) || ') ended as ' || ? || ': ' || ?, remedy = 'Fix the cause, then release this:"
                        + " deprovision approve ' || batch || '. Or end it: deprovision cancel ' || batch where "
                        + WAITS_FOR_FIRST,
                first,
                finding.outcome().word(),
                finding.error(),
                replay);
    }
}
