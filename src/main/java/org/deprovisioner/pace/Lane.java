package org.deprovisioner.pace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
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

    /** A rate that did not grow is told once others take it for so many times as high. */
    private static final double NEWS = 1.05;

    private final int places;
    private final long windowNanos;
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
    private Rate rate;

    /** The rate that was told last: others take it to have grown since. */
    private Rate told;

    private final RefusalHistory refusals;

    Lane(int places, Duration window, LongSupplier nanoTime) {
        this.places = places;
        this.windowNanos = window.toNanos();
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
        this.closedUntil = next;
        this.refusals = new RefusalHistory(windowNanos);
        this.rate = Rate.FULL;
        this.told = rate;
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
                    return new Permit(this, count, nanoTime.getAsLong(), inUse());
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
                long caughtUp = next + (long) (count * (windowNanos / rate.speed(now, windowNanos) / places));
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
        if (refusals.isTrying() && inFlight > 0) {
            wait = Math.max(wait, windowNanos);
        }
        int taken = inUse();
        if (taken > 0 && taken + count > places * rate.share(now, windowNanos)) {
            wait = Math.max(wait, freeAt.isEmpty() ? windowNanos : freeAt.peekFirst() - now);
        }
        return wait;
    }

    /** How many places are taken. */
    int inUse() {
        lock.lock();
        try {
            return inFlight + freeAt.size();
        } finally {
            lock.unlock();
        }
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

    /** Takes the places that calls of an earlier process still have, each for so long, the shortest first. */
    void goOn(List<Duration> taken) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            taken.forEach(time -> freeAt.addLast(now + time.toNanos()));
        } finally {
            lock.unlock();
        }
    }

    /** Goes on with the rate of an earlier process. */
    void goOn(Rate earlier) {
        lock.lock();
        try {
            rate = earlier;
            told = earlier;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A call was refused.
     *
     * @param sent when its permit was given
     * @param used how many places were taken then
     * @return the share of the quota that is used from now on, where the refusal tells that the lane was too fast
     */
    OptionalDouble refused(long sent, int used) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (!refusals.refused(sent, used, now) || isOlder(sent)) {
                return OptionalDouble.empty();
            }
            rate = rate.refused((double) used / places, now, windowNanos);
            return tell();
        } finally {
            lock.unlock();
        }
    }

    /** How often in a row calls were refused before this one was: what was on its way together was refused once. */
    int refusalsBefore(long sent) {
        lock.lock();
        try {
            return refusals.before(sent);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Graph said how much of its limit is used. Over it the lane slows down; close to it it goes no faster.
     *
     * @param used 1 where the limit is reached
     * @return the share of the quota that is used from now on, where it changed
     */
    OptionalDouble advised(long sent, double used) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            double share = rate.share(now, windowNanos);
            if (isOlder(sent) || (used <= 1 && share >= 1)) {
                return OptionalDouble.empty();
            }
            rate = rate.advised(used, now, windowNanos);
            boolean isNews = used > 1 || told.share(now, windowNanos) > NEWS * rate.base();
            return isNews ? tell() : OptionalDouble.empty();
        } finally {
            lock.unlock();
        }
    }

    private OptionalDouble tell() {
        told = rate;
        return OptionalDouble.of(rate.base());
    }

    /** Whether a call was sent before the lane was slowed down last, so that its answer is no news. */
    private boolean isOlder(long sent) {
        return rate.base() < 1 && sent - rate.since() < 0;
    }

    /** A call passed. When it was sent after the latest refusal, the lane is open for all again. */
    void passed(long sent, int used) {
        lock.lock();
        try {
            if (refusals.passed(sent, used, nanoTime.getAsLong())) {
                changed.signal();
            }
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
