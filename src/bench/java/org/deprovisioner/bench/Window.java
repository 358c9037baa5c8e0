package org.deprovisioner.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * At most so many calls in a window of time, as the stub counts them: refused calls count, too.
 *
 * @see #SLIDING
 */
final class Window {

    /** Any stretch of time is a window. */
    static final String SLIDING = "sliding";

    /** Windows follow one another, and each begins empty. */
    static final String FIXED = "fixed";

    private final String kind;
    private final int limit;
    private final long nanos;
    private final Deque<Long> counted = new ArrayDeque<>();

    Window(String kind, int limit, long nanos) {
        this.kind = kind;
        this.limit = limit;
        this.nanos = nanos;
    }

    /** Counts a call, and says whether there was room for it; a limit of 0 is none. */
    boolean takes(long now) {
        if (limit == 0) {
            return true;
        }
        drop(now);
        counted.add(now);
        return counted.size() <= limit;
    }

    private void drop(long now) {
        long since = kind.equals(FIXED) ? now - Math.floorMod(now, nanos) - 1 : now - nanos;
        while (!counted.isEmpty() && counted.peekFirst() <= since) {
            counted.pollFirst();
        }
    }

    /** When there will be room again if nobody calls. */
    long roomAt(long now) {
        drop(now);
        if (counted.size() < limit) {
            return now;
        }
        return kind.equals(FIXED)
                ? now - Math.floorMod(now, nanos) + nanos
                : counted.stream().skip(counted.size() - limit).findFirst().orElse(now) + nanos;
    }
}
