package org.deprovisioner.graph;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * When an attempt was recorded, by two clocks: one stands still while the machine sleeps, the other is set by people.
 *
 * @param nanos by a clock that nobody sets
 * @param at by the wall clock
 */
public record Begun(long nanos, Instant at) {

    /** A call leaves so soon after its attempt was recorded, or not at all. */
    static final Duration LEAVES_WITHIN = Duration.ofSeconds(5);

    /** Now. */
    public static Begun now(LongSupplier nanoTime, Clock clock) {
        return new Begun(nanoTime.getAsLong(), clock.instant());
    }

    /** Whether the call would leave too late: whoever stopped or cancelled it since was told that it is not under way. */
    boolean isTooLongAgo(Begun now) {
        Duration steady = Duration.ofNanos(now.nanos - nanos);
        Duration wall = Duration.between(at, now.at);
        return steady.compareTo(LEAVES_WITHIN) > 0 || wall.compareTo(LEAVES_WITHIN) > 0;
    }

    /** As a header of our own bears it inside this process. */
    public String header() {
        return nanos + " " + at;
    }

    static Begun of(String header) {
        int blank = header.indexOf(' ');
        return new Begun(Long.parseLong(header.substring(0, blank)), Instant.parse(header.substring(blank + 1)));
    }
}
