package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.Jdbc;

/** How a request ends, in the transaction of whoever ends it, with all that follows from it. */
final class Completions {

    /** Mostly nothing follows; asked first, not by 'returning', for which SQLite sets up a table. */
    private static final String FOLLOWS = """
            select coalesce(replay, 0), batch,
              exists (select 1 from request waiter where waiter.waits_for = request.id and waiter.state = 'WAITING'),
              exists (select 1 from unit u join intake i on i.id = u.intake
                where u.id = request.unit and i.reply_to is not null),
              attempts, graph_request_id, client_request_id,
            """;

    private static final String MAY_END_MORE = """
              exists (select 1 from pause where scope = request.tenant and probing > 0)
                or exists (select 1 from accepted_code where tenant = request.tenant)
            """;

    private Completions() {}

    /**
     * Ends a request: records its finding, lets a dead letter and a reply leave, marks its batch as changed, and ends or
     * wakes those that wait for it.
     *
     * @return false when the request was no longer in that state, and nothing was changed
     */
    static boolean end(Jdbc jdbc, long now, long id, State from, Finding finding) {
        List<Following> following =
                jdbc.query(FOLLOWS + "false from request where id = ? and state = ?", Following::read, id, from.name());
        if (following.isEmpty()) {
            return false;
        }
        end(jdbc, now, id, from, following.get(0), finding, 0, "");
        return true;
    }

    /**
     * What will follow from the end of a request whose call was made; empty when this claim has settled it before.
     *
     * @param lease the claim that the call was made by
     */
    static Optional<Following> sent(Jdbc jdbc, Lease lease) {
        return jdbc
                .query(
                        FOLLOWS + MAY_END_MORE + " from request where id = ? and state = 'SENDING' and leased_by = ?",
                        Following::read,
                        lease.id(),
                        lease.claim())
                .stream()
                .findFirst();
    }

    /** Ends a request by the answer to its call, which is charged to it. */
    static void endSent(Jdbc jdbc, long now, long id, Following following, Finding finding, String graphRequestId) {
        end(jdbc, now, id, State.SENDING, following, finding, 1, graphRequestId);
    }

    /**
     * What will follow from the end of a request, and what the audit log is told of it besides its finding.
     *
     * @param mayEndMore whether its tenant has a pause or an accepted code that a success would end; asked of calls alone
     */
    record Following(
            long replay,
            String batch,
            boolean isAwaited,
            boolean isReplied,
            int attempts,
            String graphRequestId,
            String clientRequestId,
            boolean mayEndMore) {

        private static Following read(ResultSet row, int number) throws SQLException {
            return new Following(
                    row.getLong(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getInt("attempts"),
                    text(row, "graph_request_id"),
                    text(row, "client_request_id"),
                    row.getBoolean(8));
        }
    }

    private static void end(
            Jdbc jdbc,
            long now,
            long id,
            State from,
            Following following,
            Finding finding,
            int charged,
            String graphRequestId) {
        State to = finding.outcome().state();
        Transitions.Change ending = Transitions.change(from, to)
                .inBatch(following.batch)
                .set("outcome = ?, finished = ?", finding.outcome().word(), now)
                .set(
                        "http_status = nullif(?, 0), graph_code = nullif(?, '')",
                        finding.httpStatus(),
                        finding.graphCode())
                .set("error = nullif(?, ''), remedy = nullif(?, '')", finding.error(), finding.remedy())
                .set("approval_code = null, approval_since = null, approval_polls = 0");
        if (charged > 0) {
            ending.set("attempts = attempts + ?, graph_request_id = nullif(?, '')", charged, graphRequestId);
        }
        ending.one(jdbc, id);
        AuditEntries.tellOfEnd(
                jdbc,
                now,
                id,
                following.batch,
                finding,
                following.attempts + charged,
                charged > 0 ? graphRequestId : following.graphRequestId,
                following.clientRequestId);
        announce(jdbc, id, to, following);
        if (to == State.DEAD) {
            Notifications.tell(
                    jdbc, now, Notice.Kind.DEAD_LETTERS, following.batch, 1, finding.error(), finding.remedy());
        }
        if (following.isAwaited) {
            endWaiters(jdbc, now, id, finding.outcome());
        }
        if (following.replay > 0) {
            Releases.ended(jdbc, now, id, finding);
        }
    }

    /** Lets the dead letter and the reply of an ended request leave. */
    private static void announce(Jdbc jdbc, long id, State state, Following following) {
        if (state == State.DEAD) {
            jdbc.update("insert into outbox (kind, request) values ('DEAD_LETTER', ?)", id);
        }
        if (following.isReplied) {
            jdbc.update("insert into outbox (kind, request) values ('REPLY', ?)", id);
        }
    }

    static void markChanged(Jdbc jdbc, long id) {
        jdbc.update("update batch set changed = changed + 1 where name = (select batch from request where id = ?)", id);
    }

    static void endWaiters(Jdbc jdbc, long now, long id, Outcome outcome) {
        List<Long> waiters = jdbc.queryForList(
                "select id from request where waits_for = ? and state = 'WAITING' order by id", Long.class, id);
        if (waiters.isEmpty()) {
            return;
        }
        String leader =
                jdbc.queryForObject("select batch || ' line ' || line from request where id = ?", String.class, id);
        switch (outcome.outcomeClass()) {
            case DONE ->
                waiters.forEach(waiter -> end(
                        jdbc,
                        now,
                        waiter,
                        State.WAITING,
                        Finding.of(
                                Outcome.DUPLICATE,
                                "The same device was deprovisioned by " + leader + ".",
                                "Nothing is to be done.")));
            case UNKNOWN ->
                waiters.forEach(
                        waiter -> end(
                                jdbc,
                                now,
                                waiter,
                                State.WAITING,
                                Finding.of(
                                        Outcome.UNKNOWN,
                                        "Whether the same device was deprovisioned by " + leader + " is not known.",
                                        "Look at the device in Intune; send it again only with force=true and a new requestId.")));
            case SKIPPED, FAILED -> wakeOldest(jdbc, waiters);
        }
    }

    private static void wakeOldest(Jdbc jdbc, List<Long> waiters) {
        long oldest = waiters.get(0);
        Transitions.change(State.WAITING, State.RECEIVED)
                .set("resolved = null, waits_for = null, error = null, due = 0")
                .one(jdbc, oldest);
        for (long waiter : waiters.subList(1, waiters.size())) {
            jdbc.update("update request set waits_for = ? where id = ? and state = 'WAITING'", oldest, waiter);
        }
    }
}
