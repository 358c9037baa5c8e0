package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. */
public final class TestClock extends Clock {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T08:00:00Z"));

    private final AtomicLong nanos = new AtomicLong();

    /** Moves the clock on. */
    public void pass(Duration time) {
        set(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Somebody sets the wall clock, forward or back; no time passes. */
    public void set(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    /** The time that has passed. */
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
