package org.deprovisioner.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.store.Jdbc;

/**
 * What was handed over to a dry run is never sent, even where the dry run was cut off and a service that sends finds it: it
 * ends as a dry run. Only {@code replay}, which a person asks for, takes a row out of this.
 */
final class DryRuns {

    private static final Finding NOT_SENT = Finding.of(
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

    /**
     * Ends what was handed over to a dry run of a unit that is to be guarded, and says what the guard would have done with it.
     * Those that wait end before those they wait for.
     *
     * @return what the guard said; empty where nothing of the unit is of a dry run
     */
    static Optional<Verdict> endUnguarded(Jdbc jdbc, long now, long unit, Supplier<Verdict> guard) {
        List<Long> waiting = unguarded(jdbc, State.WAITING, unit);
        List<Long> received = unguarded(jdbc, State.RECEIVED, unit);
        if (waiting.isEmpty() && received.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict = guard.get();
        Finding finding = finding(verdict);
        end(jdbc, now, State.WAITING, waiting, finding);
        end(jdbc, now, State.RECEIVED, received, finding);
        return Optional.of(verdict instanceof Verdict.Hold hold ? new Verdict.DryRun(hold.why()) : verdict);
    }

    private static List<Long> unguarded(Jdbc jdbc, State state, long unit) {
        return jdbc.queryForList(
                "select r.id from unit u join request r on r.unit = u.id where u.id = ? and u.dry_run = 1"
                        + " and r.state = ? and r.replay is null order by r.id",
                Long.class,
                unit,
                state.name());
    }

    private static Finding finding(Verdict verdict) {
        if (verdict instanceof Verdict.Hold hold) {
            return wouldBeHeld(hold.why());
        } else if (verdict instanceof Verdict.Refuse refuse) {
            return Finding.of(Outcome.REFUSED_BY_GUARD, refuse.why(), refuse.remedy());
        }
        return NOT_SENT;
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
