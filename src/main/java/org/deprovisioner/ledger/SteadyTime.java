package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * The time by which leases and retries run: it begins with the wall clock's and goes on steadily, whatever is done to the
 * wall clock meanwhile.
 */
final class SteadyTime {

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long begun;
    private final long begunNanos;

    /**
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    SteadyTime(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.begun = clock.millis();
        this.begunNanos = nanoTime.getAsLong();
    }

    long millis() {
        return begun + (nanoTime.getAsLong() - begunNanos) / 1_000_000;
    }

    /** What is due by either clock is due: one that was set back must not make it wait for hours. */
    long dueMillis() {
        return Math.max(millis(), clock.millis());
    }
}
