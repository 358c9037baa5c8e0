package org.deprovisioner.ledger;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.deprovisioner.store.Jdbc;

/** How the requests of a batch that were not sent yet are cancelled, in one transaction, with all that follows from it. */
final class Cancellations {

    private static final Set<State> UNSENT =
            EnumSet.of(State.RECEIVED, State.WAITING, State.HELD, State.READY, State.AWAITING_APPROVAL);
    private static final Finding CANCELLED = Finding.of(
            Outcome.CANCELLED,
            "The batch was cancelled before this row was sent.",
            "To send it after all, hand the row over again.");

    /** That a request r of a batch b was cancelled with it, and not put back since. */
    static final String OF_REQUEST = "r.id <= b.cancelled_to and coalesce(r.replay, 0) <= b.cancelled_replay";

    private Cancellations() {}

    /**
     * Cancels what the batch still has to send. The later rows of a file, and those whose call is under way and will have
     * to be made again, are cancelled too; a later message to the same batch is not.
     *
     * @return how many were cancelled
     */
    static int cancel(Jdbc jdbc, long now, String batch, String by) {
        jdbc.update("""
                update batch set changed = changed + 1,
                  cancelled_replay = (select coalesce(max(id), 0) from replay), cancelled_to = case when kind = 'FILE' then ?
                  else (select coalesce(max(id), 0) from request where batch = name) end where name = ?
                """, Long.MAX_VALUE, batch);
        return end(jdbc, now, batch, by);
    }

    /** Cancels the rows that came into a cancelled batch since. */
    static void follow(Jdbc jdbc, long now, String batch) {
        if (!jdbc.queryForList("select 1 from batch where name = ? and cancelled_to > 0", batch)
                .isEmpty()) {
            end(jdbc, now, batch, AuditEntries.PROGRAM);
        }
    }

    /** Cancels a request that is ready again, or parked, after its batch was cancelled. */
    static void follow(Jdbc jdbc, long now, long id, State state) {
        if (!jdbc.queryForList(
                        "select 1 from request r join batch b on b.name = r.batch where r.id = ? and " + OF_REQUEST, id)
                .isEmpty()) {
            Completions.end(jdbc, now, id, state, CANCELLED);
        }
    }

    private static int end(Jdbc jdbc, long now, String batch, String by) {
        String affected = "batch = ? and id <= (select cancelled_to from batch b where b.name = request.batch)"
                + " and coalesce(replay, 0) <= (select cancelled_replay from batch b where b.name = request.batch)";
        List<Long> leaders = jdbc.queryForList(
                "select distinct waits_for from request where state = 'WAITING' and waits_for in"
                        + " (select id from request where " + affected
                        + " and " + Transitions.standing(UNSENT) + ") order by waits_for",
                Long.class,
                batch);
        int cancelled = Transitions.change(UNSENT, State.CANCELLED)
                .inBatch(batch)
                .onlyWhere(affected, batch)
                .set("outcome = ?, finished = ?", CANCELLED.outcome().word(), now)
                .set("error = ?, remedy = ?", CANCELLED.error(), CANCELLED.remedy())
                .set("approval_code = null, approval_since = null")
                .all(jdbc);
        String justNow = "batch = ? and state = 'CANCELLED' and finished = ?";
        AuditEntries.tellOf(jdbc, now, AuditEntries.What.ENDED, by, "", justNow, batch, now);
        jdbc.update(
                "insert into outbox (kind, request) select 'REPLY', id from request where " + justNow
                        + " and exists (select 1 from unit u join intake i on i.id = u.intake"
                        + " where u.id = request.unit and i.reply_to is not null)",
                batch,
                now);
        jdbc.queryForList(
                        "select id from request where " + justNow
                                + " and id in (select first from replay where passed = 0)",
                        Long.class,
                        batch,
                        now)
                .forEach(first -> Releases.ended(jdbc, now, first, CANCELLED));
        leaders.forEach(leader -> Completions.endWaiters(jdbc, now, leader, Outcome.CANCELLED));
        return cancelled;
    }
}
