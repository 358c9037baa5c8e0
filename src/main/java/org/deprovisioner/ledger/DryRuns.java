package org.deprovisioner.ledger;

import java.util.List;
import org.deprovisioner.store.Jdbc;

/**
 * What was handed over to a dry run is never sent, even where the dry run was cut off and a service that sends finds it: it
 * ends as a dry run. Only {@code replay}, which a person asks for, takes a row out of this.
 */
final class DryRuns {

    private static final Finding CUT_OFF = Finding.of(
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

    /** Ends what a dry run left of a unit that is to be guarded. Those that wait end before those they wait for. */
    static void endUnguarded(Jdbc jdbc, long now, long unit) {
        for (State state : List.of(State.WAITING, State.RECEIVED)) {
            end(
                    jdbc,
                    now,
                    state,
                    jdbc.queryForList(
                            "select r.id from unit u join request r on r.unit = u.id where u.id = ? and u.dry_run = 1"
                                    + " and r.state = ? and r.replay is null order by r.id",
                            Long.class,
                            unit,
                            state.name()));
        }
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
                        Long.class));
    }

    private static void end(Jdbc jdbc, long now, State state, List<Long> ids) {
        ids.forEach(id -> Completions.end(jdbc, now, id, state, CUT_OFF));
    }
}
