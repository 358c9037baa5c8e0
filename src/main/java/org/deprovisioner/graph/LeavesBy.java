package org.deprovisioner.graph;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Until when a call has to leave. By two clocks, for one may stand still while the machine sleeps, and the other may be
 * set back.
 *
 * @param nanos by a clock that nobody sets
 * @param at by the wall clock
 */
public record LeavesBy(long nanos, Instant at) {

    /** The header that bears it to the client, which takes it off. */
    public static final String HEADER = "deprovisioner-leaves-by";

    /** So long from now. */
    public static LeavesBy in(Duration time, LongSupplier nanoTime, Clock clock) {
        return new LeavesBy(
                nanoTime.getAsLong() + time.toNanos(), clock.instant().plus(time));
    }

    boolean isPast(LongSupplier nanoTime, Clock clock) {
        return nanoTime.getAsLong() - nanos > 0 || clock.instant().isAfter(at);
    }

    /** As the header bears it. */
    public String header() {
        return nanos + " " + at;
    }

    static LeavesBy of(String header) {
        int blank = header.indexOf(' ');
        return new LeavesBy(Long.parseLong(header.substring(0, blank)), Instant.parse(header.substring(blank + 1)));
    }
}
