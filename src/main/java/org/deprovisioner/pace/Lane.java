package org.deprovisioner.pace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A strict sliding window. A place in it is taken when a permit is given and free again one window after the answer came:
 * the server counted the call somewhere between, so no window at the server ever holds more calls than there are places.
 * Permits are given at even distances, so that a window's places are not spent in one burst.
 */
final class Lane {

    /** Whose lane it is. */
    record Name(String tenant, boolean write) {}

    private final int places;
    private final long windowNanos;
    private final long distanceNanos;
    private final LongSupplier nanoTime;
    /** Whoever holds it is next; the others wait in the order in which they came. */
    private final ReentrantLock line = new ReentrantLock(true);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Long> freeAt = new ArrayDeque<>();
    private int inFlight;
    private long next;
    private long closedUntil;
    private boolean stopped;

    Lane(int places, Duration window, LongSupplier nanoTime) {
        this.places = places;
        this.windowNanos = window.toNanos();
        this.distanceNanos = windowNanos / places;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
        this.closedUntil = next;
    }

    /** Waits for so many places at once; a window must hold as many. */
    Permit await(int count) throws InterruptedException {
        line.lockInterruptibly();
        try {
            return awaitAsFirst(count);
        } finally {
            line.unlock();
        }
    }

    private Permit awaitAsFirst(int count) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long wait = take(count);
                if (wait <= 0) {
                    return new Permit(this, count);
                }
                changed.awaitNanos(wait);
            }
            throw new InterruptedException("no permits are given any more");
        } finally {
            lock.unlock();
        }
    }

    /** Takes places, or says for how many nanoseconds there will not be as many; 0 or less when they were taken. */
    long take(int count) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            long wait = waitFrom(now, count);
            if (wait <= 0) {
                inFlight += count;
                // a place that was given late is caught up with, but never by more than one distance
                long caughtUp = next + count * distanceNanos;
                next = caughtUp - now > 0 ? caughtUp : now;
            }
            return wait;
        } finally {
            lock.unlock();
        }
    }

    /** How long until a permit may be given, in nanoseconds; 0 or less for now. */
    private long waitFrom(long now, int count) {
        while (!freeAt.isEmpty() && freeAt.peekFirst() - now <= 0) {
            freeAt.pollFirst();
        }
        long wait = Math.max(next - now, closedUntil - now);
        if (inFlight + freeAt.size() + count > places) {
            wait = Math.max(wait, freeAt.isEmpty() ? windowNanos : freeAt.peekFirst() - now);
        }
        return wait;
    }

    void used(int count) {
        lock.lock();
        try {
            inFlight -= count;
            long free = nanoTime.getAsLong() + windowNanos;
            freeAt.addAll(Collections.nCopies(count, free));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void unused(int count) {
        lock.lock();
        try {
            inFlight -= count;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close(Duration time) {
        lock.lock();
        try {
            long until = nanoTime.getAsLong() + time.toNanos();
            if (until - closedUntil > 0) {
                closedUntil = until;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
