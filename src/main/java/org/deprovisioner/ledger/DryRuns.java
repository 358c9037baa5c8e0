package org.deprovisioner.ledger;

import java.util.List;
import org.deprovisioner.store.Jdbc;

/**
 * What was handed over to a dry run is never sent, even where the dry run was cut off and a service that sends finds it: it
 * ends as a dry run. Only {@code replay}, which a person asks for, takes a row out of this.
 */
final class DryRuns {

    /** How each request ends that the guard would let through. */
    static final Finding NOT_SENT = Finding.of(
            Outcome.DRY_RUN,
            "Nothing was sent: it was handed over as a dry run.",
            "Drop the file again, without the dry run, to send it.");

    private DryRuns() {}

    /** Where an intake was handed over to a dry run, all its rows were, also those that are recorded after it. */
    static void mark(Jdbc jdbc, long intake) {
        jdbc.update(
                "update unit set dry_run = 1 where intake = ? and dry_run = 0"
                        + " and exists (select 1 from intake i where i.id = unit.intake and i.dry_run = 1)",
                intake);
    }

    /** Whether a unit that is to be guarded has rows that were handed over to a dry run. */
    static boolean isToGuard(Jdbc jdbc, long unit) {
        return !unguarded(jdbc, State.RECEIVED, unit).isEmpty()
                || !unguarded(jdbc, State.WAITING, unit).isEmpty();
    }

    /** Ends what was handed over to a dry run of a unit that is to be guarded: those that wait before those they wait for. */
    static void endUnguarded(Jdbc jdbc, long now, long unit, Finding finding) {
        for (State state : List.of(State.WAITING, State.RECEIVED)) {
            end(jdbc, now, state, unguarded(jdbc, state, unit), finding);
        }
    }

    private static List<Long> unguarded(Jdbc jdbc, State state, long unit) {
        return jdbc.queryForList(
                "select r.id from unit u join request r on r.unit = u.id where u.id = ? and u.dry_run = 1"
                        + " and r.state = ? and r.replay is null order by r.id",
                Long.class,
                unit,
                state.name());
    }

    /** How each request ends that the guard would hold, were it no dry run. */
    static Finding wouldBeHeld(String why) {
        return Finding.of(
                Outcome.DRY_RUN,
                "Nothing was sent: it is a dry run. Without the dry run it would be held: " + why,
                "Drop the file again, without the dry run; then look at it, and approve it.");
    }

    /** Ends what a dry run let through and did not come to. */
    static void endReady(Jdbc jdbc, long now) {
        end(
                jdbc,
                now,
                State.READY,
                jdbc.queryForList(
                        "select id from request where unit in (select id from unit where dry_run = 1)"
                                + " and state = 'READY' and replay is null order by id",
                        Long.class),
                NOT_SENT);
    }

    private static void end(Jdbc jdbc, long now, State state, List<Long> ids, Finding finding) {
        ids.forEach(id -> Completions.end(jdbc, now, id, state, finding));
    }
}
