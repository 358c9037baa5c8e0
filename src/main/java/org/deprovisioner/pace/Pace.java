package org.deprovisioner.pace;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The tenants' quota: a permit is the right to make one call now. Each tenant has a lane for writes and one for reads.
 * Safe for use by many threads; whoever waits longest is served first.
 */
public final class Pace {

    private final int writes;
    private final int reads;
    private final Duration window;
    private final LongSupplier nanoTime;
    private final Map<Lane.Name, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @param writes the most actions in any window
     * @param reads the most reads in any window
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public Pace(int writes, int reads, Duration window, LongSupplier nanoTime) {
        this.writes = writes;
        this.reads = reads;
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /**
     * Waits for the right to act on a device of this tenant.
     *
     * @throws InterruptedException when no permits are given any more
     */
    public Permit awaitWrite(String tenant) throws InterruptedException {
        return awaitWrites(tenant, 1);
    }

    /**
     * Waits for the right to make so many actions of this tenant at once.
     *
     * @param count at most as many as a window holds
     * @throws InterruptedException when no permits are given any more
     */
    public Permit awaitWrites(String tenant, int count) throws InterruptedException {
        return lane(tenant, true).await(count);
    }

    /**
     * Waits for the right to read from this tenant.
     *
     * @throws InterruptedException when no permits are given any more
     */
    public Permit awaitRead(String tenant) throws InterruptedException {
        return lane(tenant, false).await(1);
    }

    /** Closes both lanes of a tenant for a time: Graph asked for it, or an earlier process used the window. */
    public void close(String tenant, Duration time) {
        lane(tenant, true).close(time);
        lane(tenant, false).close(time);
    }

    /**
     * Goes on with what an earlier process found out about a tenant's actions.
     *
     * @param share the share of the quota that was used right after the latest refusal
     * @param ago how long ago that was
     */
    public void goOn(String tenant, double share, Duration ago) {
        lane(tenant, true).goOn(new Rate(share, nanoTime.getAsLong() - ago.toNanos()));
    }

    /** The share of the quota that is used by now when it was so much after the latest refusal so long ago. */
    public static double shareNow(double share, Duration ago, Duration window) {
        return new Rate(share, 0).share(ago.toNanos(), window.toNanos());
    }

    /** Gives no permits any more; whoever waits for one is interrupted. */
    public void stop() {
        stopped = true;
        lanes.values().forEach(Lane::stop);
    }

    private Lane lane(String tenant, boolean write) {
        Lane lane = lanes.computeIfAbsent(
                new Lane.Name(tenant, write), name -> new Lane(write ? writes : reads, window, nanoTime));
        if (stopped) {
            lane.stop();
        }
        return lane;
    }
}
