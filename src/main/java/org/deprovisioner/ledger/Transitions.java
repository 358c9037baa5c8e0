package org.deprovisioner.ledger;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.deprovisioner.store.Jdbc;

/**
 * How requests go from one state to the next, in the transaction of whoever lets them: nothing else writes the state of a
 * request that is recorded. A change
 *
 * <ul>
 *   <li>is one that {@link State#next} allows,
 *   <li>ends the lease, for it was taken for what was to be done in the state before; but that of a call goes on with it,
 *   <li>marks the batch as changed, so that its files are written anew; but a call that begins also ends, and is marked then,
 *   <li>raises the count of what is shown of the batch to an approver, unless it is of what was let through already,
 *   <li>is of exactly the requests that were meant, or fails, and with it all that was done in its transaction.
 * </ul>
 */
final class Transitions {

    /** What was let through: nothing of it is shown to who approves the rest. */
    private static final Set<State> LET_THROUGH =
            EnumSet.of(State.READY, State.SENDING, State.IN_DOUBT, State.AWAITING_APPROVAL);

    private Transitions() {}

    /** A change of requests that stand in one state. */
    static Change change(State from, State to) {
        return new Change(EnumSet.of(from), to);
    }

    /** A change of requests that stand in any of some states. */
    static Change change(Set<State> from, State to) {
        return new Change(from, to);
    }

    /** That a request is in one of some states: by literals, as the partial indexes name them. */
    static String standing(Set<State> in) {
        String states = in.stream().map(state -> "'" + state + "'").collect(joining(", "));
        return in.size() == 1 ? "state = " + states : "state in (" + states + ")";
    }

    /** A change, and what is recorded with it. */
    static final class Change {

        private final Set<State> from;
        private final State to;
        private final List<String> assignments = new ArrayList<>();
        private final List<Object> assigned = new ArrayList<>();
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> conditionValues = new ArrayList<>();
        private String batch = "(select batch from request where id = ?)";
        private List<Object> batchValues = List.of();

        private Change(Set<State> from, State to) {
            for (State state : from) {
                if (!state.next().contains(to)) {
                    throw new IllegalArgumentException(state + " cannot become " + to);
                }
            }
            this.from = from;
            this.to = to;
            set("state = '" + to + "'");
            if (to != State.SENDING) {
                set("leased_by = null, leased_until = null");
            }
            conditions.add(standing(from));
        }

        /** Records something with it: an assignment of SQL, or several. */
        Change set(String assignment, Object... values) {
            assignments.add(assignment);
            assigned.addAll(List.of(values));
            return this;
        }

        /** Changes only what is leased by this claim. */
        Change leasedBy(String claim) {
            return onlyWhere("leased_by = ?", claim);
        }

        /** Changes only where this holds too. */
        Change onlyWhere(String condition, Object... values) {
            conditions.add(condition);
            conditionValues.addAll(List.of(values));
            return this;
        }

        /** Says of which batch the requests are, for who knows it. */
        Change inBatch(String name) {
            batch = "?";
            batchValues = List.of(name);
            return this;
        }

        /** Changes one request, which must stand as it was said. */
        void one(Jdbc jdbc, long id) {
            if (!ifStill(jdbc, id)) {
                throw new IllegalStateException(
                        "request " + id + " is no longer " + from + ", so it does not become " + to);
            }
        }

        /**
         * Changes one request, if nobody else did before.
         *
         * @return false when it does not stand as it was said, and nothing was changed
         */
        boolean ifStill(Jdbc jdbc, long id) {
            List<Object> values = new ArrayList<>(assigned);
            values.add(id);
            values.addAll(conditionValues);
            if (jdbc.update(update() + " where id = ? and " + where(), values.toArray()) == 0) {
                return false;
            }
            if (to != State.SENDING) {
                jdbc.update(
                        mark() + " where name = " + batch,
                        batchValues.isEmpty() ? new Object[] {id} : batchValues.toArray());
            }
            return true;
        }

        /**
         * Changes all requests that stand as it was said, none or many.
         *
         * @return how many
         */
        int all(Jdbc jdbc) {
            String which = " from request where " + where();
            Object[] values = conditionValues.toArray();
            int meant = jdbc.queryForList("select count(*)" + which, Integer.class, values)
                    .get(0);
            if (meant == 0) {
                return 0;
            }
            if (batchValues.isEmpty()) {
                jdbc.update(mark() + " where name in (select batch" + which + ")", values);
            } else {
                jdbc.update(mark() + " where name = ?", batchValues.toArray());
            }
            List<Object> all = new ArrayList<>(assigned);
            all.addAll(conditionValues);
            int changed = jdbc.update(update() + " where " + where(), all.toArray());
            if (changed != meant) {
                throw new IllegalStateException(
                        "of " + meant + " requests that are " + from + ", " + changed + " became " + to);
            }
            return changed;
        }

        private String mark() {
            boolean isOfWhatIsSent = LET_THROUGH.containsAll(from) && to != State.HELD;
            return "update batch set changed = changed + 1" + (isOfWhatIsSent ? "" : ", facts = facts + 1");
        }

        private String update() {
            return "update request set " + String.join(", ", assignments);
        }

        private String where() {
            return String.join(" and ", conditions);
        }
    }
}
