package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/**
 * Dead letters that are put back: they are resolved and guarded again like any other request, then one of them is sent
 * first, and the others are held until it has ended well.
 */
public final class Replays {

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    Replays(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Which dead letters.
     *
     * @param outcomes of any when empty
     * @param cause of any when empty
     */
    public record Choice(Optional<String> batch, Set<Outcome> outcomes, Optional<DeadLetterCauses.Cause> cause) {

        /** Those of any cause. */
        public Choice(Optional<String> batch, Set<Outcome> outcomes) {
            this(batch, outcomes, Optional.empty());
        }

        /** Whether those are named that may have been carried out. */
        public boolean meansUnknown() {
            return outcomes.contains(Outcome.UNKNOWN)
                    || cause.filter(one -> one.outcome() == Outcome.UNKNOWN).isPresent();
        }
    }

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
            long replay = jdbc.sql("insert into replay (begun, set_by) values (:now, :by) returning id")
                    .param("now", now)
                    .param("by", by)
                    .query(Long.class)
                    .single();
            return Transitions.change(State.DEAD, State.RECEIVED)
                    .onlyWhere(which, values(choice))
                    .set("replay = ?", replay)
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
                                .collect(Collectors.joining(", ", " and outcome in (", ")")))
                + choice.cause().map(cause -> " and " + cause.condition()).orElse("");
    }

    private static Object[] values(Choice choice) {
        return Stream.concat(choice.batch().stream(), choice.cause().stream().flatMap(cause -> cause.values().stream()))
                .toArray();
    }
}
