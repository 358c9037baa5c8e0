package org.deprovisioner.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** What the stub counted since its latest orders: the actions that came, and those of another app. Safe for many threads. */
final class Tally {

    /** An answer is on its way to the caller for so long at most: what comes later inside a Retry-After is a fault. */
    private static final long ON_ITS_WAY = 100_000_000;

    private static final long SECOND = 1_000_000_000;

    private final Orders orders;
    private final Window window;
    private final SplittableRandom dice = new SplittableRandom(42);
    private long[] times = new long[1 << 12];
    private boolean[] taken = new boolean[1 << 12];
    private int calls;
    private long devices;
    private long othersTaken;
    private long nextOther;
    private long refusedAt;
    private long closedUntil;
    private int inside;
    private long firstMillis;

    Tally(Orders orders) {
        this.orders = orders;
        this.window = new Window(orders.kind(), orders.limit(), orders.windowMillis() * 1_000_000L);
    }

    Orders orders() {
        return orders;
    }

    /**
     * Counts an action that came now.
     *
     * @return for how many milliseconds nothing more will be taken when it is refused; -1 when it is taken
     */
    synchronized long count(int devicesInIt) {
        long now = System.nanoTime();
        if (calls == 0) {
            nextOther = now;
            firstMillis = System.currentTimeMillis();
        }
        letOthersCall(now);
        boolean noise = orders.noise() > 0 && dice.nextDouble() < orders.noise();
        boolean takes = window.takes(now) && !noise && !orders.isStorm(now - (calls == 0 ? now : times[0]));
        if (calls == times.length) {
            times = Arrays.copyOf(times, calls * 2);
            taken = Arrays.copyOf(taken, calls * 2);
        }
        times[calls] = now;
        taken[calls++] = takes;
        if (takes) {
            devices += devicesInIt;
        }
        if (now < closedUntil && now > refusedAt + ON_ITS_WAY) {
            inside++;
        }
        if (takes) {
            return -1;
        }
        long millis = Math.max(noise ? 1000 : 0, (window.roomAt(now) - now) / 1_000_000 + 1);
        if (orders.retryAfter() && now >= closedUntil) {
            refusedAt = now;
            closedUntil = now + millis * 1_000_000;
        }
        return millis;
    }

    /** The other app calls; what it calls is always taken, and fills the window for us. */
    private void letOthersCall(long now) {
        double perNano = orders.others() * orders.limit() / (orders.windowMillis() * 1e6);
        while (perNano > 0 && nextOther <= now) {
            window.takes(nextOther);
            othersTaken++;
            nextOther += (long) ((orders.evenly() ? 1 : -Math.log(1 - dice.nextDouble())) / perNano);
        }
    }

    /** What is to be known of it, a line each. */
    synchronized String report() {
        int refused = 0;
        for (int i = 0; i < calls; i++) {
            refused += taken[i] ? 0 : 1;
        }
        int warm = calls / 5;
        double seconds = calls < 2 ? 0 : (times[calls - 1] - times[0]) / 1e9;
        double steady = calls - warm < 2 ? 0 : (calls - 1 - warm) / ((times[calls - 1] - times[warm]) / 1e9);
        return String.format(
                Locale.ROOT,
                "calls=%d%nrefused=%d%ndevices=%d%nothers=%d%nseconds=%.3f%nsteady=%.2f%nmost=%d%ninside=%d%n"
                        + "firstMillis=%d%n",
                calls,
                refused,
                devices,
                othersTaken,
                seconds,
                steady,
                mostInAWindow(),
                inside,
                firstMillis);
    }

    private int mostInAWindow() {
        int most = 0;
        long nanos = orders.windowMillis() * 1_000_000L;
        for (int first = 0, last = 0; last < calls; last++) {
            while (times[last] - times[first] >= nanos) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** Calls taken and refused in each second since the first one: {@code second,taken,refused}. */
    synchronized String bySecond() {
        StringBuilder lines = new StringBuilder();
        int at = 0;
        for (int second = 0; at < calls; second++) {
            int[] counts = new int[2];
            for (; at < calls && times[at] - times[0] < (second + 1) * SECOND; at++) {
                counts[taken[at] ? 0 : 1]++;
            }
            lines.append(second).append(',').append(counts[0]).append(',').append(counts[1]).append('\n');
        }
        return lines.toString();
    }
}
