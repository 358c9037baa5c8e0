package org.deprovisioner.store;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The time by which leases, retries and looks run: it begins with the wall clock's and goes on steadily, whatever is done to
 * the wall clock meanwhile.
 */
public final class SteadyTime {

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long begun;
    private final long begunNanos;
    private final AtomicLong ahead = new AtomicLong();

    /**
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public SteadyTime(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.begun = clock.millis();
        this.begunNanos = nanoTime.getAsLong();
    }

    /** Milliseconds since 1970 UTC. */
    public long millis() {
        return begun + (nanoTime.getAsLong() - begunNanos) / 1_000_000;
    }

    /**
     * As {@link #millis}, but it follows a wall clock that is set forward, and never goes back: what other processes or
     * people want at a time of the wall clock is due then, and nothing waits for hours when that is set back.
     */
    public long dueMillis() {
        long steady = millis();
        return steady + ahead.accumulateAndGet(clock.millis() - steady, Math::max);
    }

    /** The instant that the wall clock will show then, if nobody sets it. */
    public long onTheWall(long steadyMillis) {
        return steadyMillis - millis() + clock.millis();
    }

    /** How far the wall clock is ahead of the machine's steady one: the same for as long as neither is set anew. */
    public long wallAhead() {
        return clock.millis() - nanoTime.getAsLong() / 1_000_000;
    }
}
