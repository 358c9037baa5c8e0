package org.deprovisioner.simulator;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A strict sliding window: of any stretch of time at most so many calls are taken, and refused ones count too. */
final class Quota {

    /** When each of the last calls came, as a ring; its length is the limit. */
    private final long[] calls;

    private final long window;
    private final LongSupplier nanoTime;
    private long count;

    /** No limit when {@code limit} is 0. */
    Quota(int limit, Duration window, LongSupplier nanoTime) {
        this.calls = new long[limit];
        this.window = window.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Counts a call; zero when it is taken, else how long to wait until the next one would be. */
    synchronized Duration count() {
        if (calls.length == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        int slot = (int) (count++ % calls.length);
        boolean taken = count <= calls.length || now - calls[slot] >= window;
        calls[slot] = now;
        long oldest = calls[(int) (count % calls.length)];
        return taken ? Duration.ZERO : Duration.ofNanos(Math.max(1, oldest + window - now));
    }
}
