package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Dead letters that are put back: they are resolved and guarded again like any other request, then one of them is sent
 * first, and the others are held until it has ended well.
 */
public final class Replays {

    private static final String WAITS_FOR_FIRST = "replay = ? and state = 'HELD' and released = 1";

    private final JdbcTemplate reader;
    private final GroupCommit writer;
    private final Clock clock;

    Replays(JdbcTemplate reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** Which dead letters. */
    public record Choice(Optional<String> batch, Set<Outcome> outcomes) {}

    /**
     * What stands to be replayed.
     *
     * @param rows dead letters that can be put back, but for the unknown ones
     * @param unknown those that may have been carried out
     * @param unreadable those that never became requests: they have to be mended and handed over again
     */
    public record DeadLetters(long rows, long unknown, long unreadable) {}

    /** Counts what a choice means. */
    public DeadLetters count(Choice choice) {
        return reader.query(
                        "select count(case when path is not null and outcome <> 'unknown' then 1 end),"
                                + " count(case when path is not null and outcome = 'unknown' then 1 end),"
                                + " count(case when path is null then 1 end) from request where " + chosen(choice),
                        (row, number) -> new DeadLetters(row.getLong(1), row.getLong(2), row.getLong(3)),
                        values(choice))
                .get(0);
    }

    /**
     * Puts dead letters back.
     *
     * @param unknownToo whether those go back too that may have been carried out
     * @param by the operating-system user who does it
     * @return how many rows were put back
     */
    public int replay(Choice choice, boolean unknownToo, String by) {
        String which = chosen(choice) + " and path is not null" + (unknownToo ? "" : " and outcome <> 'unknown'");
        long now = clock.millis();
        return writer.write(jdbc -> {
            AuditEntries.tellOf(jdbc, now, AuditEntries.What.REPLAYED, by, "", which, values(choice));
            jdbc.update(
                    "delete from outbox where request in (select id from request where " + which + ")", values(choice));
            Long replay = jdbc.queryForObject(
                    "insert into replay (begun, set_by) values (?, ?) returning id", Long.class, now, by);
            return Transitions.change(State.DEAD, State.RECEIVED)
                    .onlyWhere(which, values(choice))
                    .set("replay = ?", Intakes.id(replay))
                    .set("outcome = null, http_status = null, graph_code = null, error = null, remedy = null")
                    .set("graph_request_id = null, client_request_id = null, started = null, finished = null")
                    .set("resolved = null, due = 0, attempts = 0, looks = 0, first_attempt = null, last_attempt = null")
                    .set("tried_millis = 0, waits_for = null")
                    .all(jdbc);
        });
    }

    private static String chosen(Choice choice) {
        return "state = 'DEAD'" + choice.batch().map(batch -> " and batch = ?").orElse("")
                + (choice.outcomes().isEmpty()
                        ? ""
                        : choice.outcomes().stream()
                                .map(outcome -> "'" + outcome.word() + "'")
                                .collect(Collectors.joining(", ", " and outcome in (", ")")));
    }

    private static Object[] values(Choice choice) {
        return choice.batch().stream().toArray();
    }

    /** Of the requests that were just let through, holds back those that wait for the first of their replay. */
    static void holdBack(JdbcTemplate jdbc, String which, Object value) {
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
    static void approved(JdbcTemplate jdbc, String batch) {
        jdbc.update(
                "update replay set passed = 1 where id in"
                        + " (select replay from request where batch = ? and state = 'HELD' and released = 1)",
                batch);
    }

    /** When the first of a replay ends: well, the others follow; unsent, another one is the first; else they stay. */
    static void ended(JdbcTemplate jdbc, long now, long id, Finding finding) {
        for (long replay : jdbc.queryForList("select id from replay where first = ? and passed = 0", Long.class, id)) {
            boolean sent = !jdbc.queryForList("select 1 from request where id = ? and first_attempt is not null", id)
                    .isEmpty();
            OutcomeClass how = finding.outcome().outcomeClass();
            if (!sent || finding.outcome() == Outcome.CANCELLED) {
                jdbc.update(
                        "update replay set first = (select min(id) from request where request.replay = replay.id"
                                + " and state = 'HELD' and released = 1) where id = ?",
                        replay);
                Units.letThrough(
                        jdbc,
                        now,
                        State.HELD,
                        WAITS_FOR_FIRST + " and id = (select first from replay where id = request.replay)",
                        replay);
            } else if (how == OutcomeClass.DONE || how == OutcomeClass.SKIPPED) {
                jdbc.update("update replay set passed = 1 where id = ?", replay);
                Units.letThrough(jdbc, now, State.HELD, WAITS_FOR_FIRST, replay);
            } else {
                stay(jdbc, replay, id, finding);
            }
        }
    }

    private static void stay(JdbcTemplate jdbc, long replay, long first, Finding finding) {
        jdbc.update(
                "update batch set changed = changed + 1 where name in (select batch from request where "
                        + WAITS_FOR_FIRST + ")",
                replay);
        jdbc.update(
                "update request set error = 'The first of its replay (' || (select batch || ' line ' || line from request"
                        + " where id = ?) || ') ended as ' || ? || ': ' || ?, remedy = 'Mend the cause, then release this:"
                        + " deprovision approve ' || batch || '. Or end it: deprovision cancel ' || batch where "
                        + WAITS_FOR_FIRST,
                first,
                finding.outcome().word(),
                finding.error(),
                replay);
    }
}
