package org.deprovisioner.pace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What became of a lane's latest calls, and whether a refusal tells that the lane is too fast. A server may refuse a call
 * now and then for reasons of its own: such a refusal comes however little is used, so one that came while the lane was
 * well below what has just held tells nothing. What keeps being refused always tells. Not safe for use by many threads.
 */
final class RefusalHistory {

    /** For so many windows it counts what held, and that a refusal was none of the lane's doing. */
    private static final int REMEMBERED_WINDOWS = 3;

    /** Below this part of what has just held, a refusal is not for the lane's pace. */
    private static final double WELL_BELOW = 0.8;

    /** So many refusals well below what held are no accident: the server refuses at random. */
    private static final int AT_RANDOM = 2;

    /** So many tries refused in a row tell that the limit is lower, or that nothing passes at all. */
    private static final int IN_A_ROW = 3;

    /** A larger part of the calls of a window than this, and at least so many, are refused by a limit. */
    private static final double PART = 0.07;

    private static final int LEAST = 5;

    private record Outcome(long at, boolean refused) {}

    private record Held(long at, int places) {}

    private final long windowNanos;
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private int refusedLately;

    /** What was in use when calls were sent that passed: falling, so that the first is the most. */
    private final Deque<Held> held = new ArrayDeque<>();

    private final Deque<Long> wellBelow = new ArrayDeque<>();

    /** A call was refused at this instant and none sent since then has passed. */
    private Optional<Long> refusedAt = Optional.empty();

    /** How often in a row calls were refused; those that were on their way together count once. */
    private int inARow;

    private Optional<Long> slowedAt = Optional.empty();

    RefusalHistory(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /** Whether nothing has passed since a refusal: one call at a time tries. */
    boolean isTrying() {
        return refusedAt.isPresent();
    }

    /** How often in a row calls were refused before this one was: what was on its way together was refused once. */
    int before(long sent) {
        return wasTogether(sent) ? inARow - 1 : inARow;
    }

    private boolean wasTogether(long sent) {
        return refusedAt.filter(refused -> sent - refused < 0).isPresent();
    }

    /**
     * A call passed.
     *
     * @param used how many places were in use when it was sent
     * @return whether it is the first one sent since the latest refusal: the lane is open for all again
     */
    boolean passed(long sent, int used, long now) {
        keep(new Outcome(now, false));
        while (!held.isEmpty() && held.getLast().places <= used) {
            held.removeLast();
        }
        held.addLast(new Held(now, used));
        boolean opens = refusedAt.filter(refused -> sent - refused >= 0).isPresent();
        if (opens) {
            refusedAt = Optional.empty();
            inARow = 0;
        }
        return opens;
    }

    /**
     * A call was refused.
     *
     * @param used how many places were in use when it was sent
     * @return whether the lane has to slow down
     */
    boolean refused(long sent, int used, long now) {
        keep(new Outcome(now, true));
        boolean together = wasTogether(sent);
        inARow = before(sent) + 1;
        refusedAt = Optional.of(now);
        if (together || slowedAt.filter(slowed -> sent - slowed < 0).isPresent()) {
            return false;
        }
        boolean news = isNews(used, now);
        boolean often = inARow <= IN_A_ROW && refusedLately >= LEAST && refusedLately > PART * outcomes.size();
        boolean slows = often || (!slowedWithinAWindow(now) && (inARow == IN_A_ROW || news));
        if (slows) {
            slowedAt = Optional.of(now);
        }
        return slows;
    }

    private boolean slowedWithinAWindow(long now) {
        return slowedAt.filter(slowed -> now - slowed < windowNanos).isPresent();
    }

    /** Whether a single refusal speaks of the lane's pace: what held is near, and the server does not refuse at random. */
    private boolean isNews(int used, long now) {
        long since = now - REMEMBERED_WINDOWS * windowNanos;
        while (!held.isEmpty() && held.getFirst().at - since < 0) {
            held.removeFirst();
        }
        while (!wellBelow.isEmpty() && wellBelow.getFirst() - since < 0) {
            wellBelow.removeFirst();
        }
        boolean below = !held.isEmpty() && used < WELL_BELOW * held.getFirst().places;
        if (below) {
            wellBelow.addLast(now);
        }
        return !below && wellBelow.size() < AT_RANDOM;
    }

    private void keep(Outcome latest) {
        outcomes.addLast(latest);
        refusedLately += latest.refused ? 1 : 0;
        while (outcomes.getFirst().at - (latest.at - windowNanos) < 0) {
            refusedLately -= outcomes.removeFirst().refused ? 1 : 0;
        }
    }
}
