package org.deprovisioner.pace;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The tenants' quota: a permit is the right to make one call now. Each tenant has a lane for writes and one for reads.
 * Safe for use by many threads; whoever waits longest is served first.
 */
public final class Pace {

    /**
     * How fast a tenant may be called.
     *
     * @param writes the most actions in any window
     * @param reads the most reads in any window
     */
    public record Quota(int writes, int reads, Duration window) {}

    private final Map<String, Quota> quotas;
    private final LongSupplier nanoTime;
    private final Map<Lane.Name, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @param quotas the quota of each tenant
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public Pace(Map<String, Quota> quotas, LongSupplier nanoTime) {
        this.quotas = Map.copyOf(quotas);
        this.nanoTime = nanoTime;
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
     * Waits for the right to read so often from this tenant at once.
     *
     * @param count at most as many as a window holds
     * @throws InterruptedException when no permits are given any more
     */
    public Permit awaitReads(String tenant, int count) throws InterruptedException {
        return lane(tenant, false).await(count);
    }

    /** How long the window of a tenant's quota is. */
    public Duration window(String tenant) {
        return quota(tenant).window();
    }

    /** Closes both lanes of a tenant for a time: Graph asked for it, or an earlier process used the window. */
    public void close(String tenant, Duration time) {
        lane(tenant, true).close(time);
        lane(tenant, false).close(time);
    }

    /** Forgets what its lanes know: another process has made the calls since. */
    public void forget() {
        lanes.clear();
    }

    /**
     * Goes on where an earlier process ended. Nothing is known of its reads: half the places of their lane are taken for a
     * window.
     *
     * @param taken for how long each place of the actions' lane is still taken, the shortest first
     */
    public void goOn(String tenant, List<Duration> taken) {
        lane(tenant, true).goOn(taken);
        lane(tenant, false)
                .goOn(Collections.nCopies(
                        quota(tenant).reads() / 2, quota(tenant).window()));
    }

    /**
     * Goes on with what an earlier process found out about one of a tenant's lanes.
     *
     * @param write whether it is the lane of the actions; else that of the reads
     * @param share the share of the quota that was used right after the latest refusal
     * @param ago how long ago that was
     */
    public void goOn(String tenant, boolean write, double share, Duration ago) {
        lane(tenant, write).goOn(new Rate(share, nanoTime.getAsLong() - ago.toNanos()));
    }

    /** The share of the quota that is used by now when it was so much after the latest refusal so long ago. */
    public static double shareNow(double share, Duration ago, Duration window) {
        return new Rate(share, 0).share(ago.toNanos(), window.toNanos());
    }

    /**
     * How much of a lane is taken now.
     *
     * @param write whether it is the lane of the actions; else that of the reads
     * @param places how many calls a window may hold
     * @param used how many of them it holds
     */
    public record Usage(String tenant, boolean write, int places, int used, Duration window) {}

    /** How much of each lane is taken that was ever used. */
    public List<Usage> usage() {
        return lanes.entrySet().stream()
                .map(lane -> {
                    Lane.Name name = lane.getKey();
                    Quota quota = quota(name.tenant());
                    int places = name.write() ? quota.writes() : quota.reads();
                    return new Usage(
                            name.tenant(), name.write(), places, lane.getValue().inUse(), quota.window());
                })
                .toList();
    }

    /** Gives no permits any more; whoever waits for one is interrupted. */
    public void stop() {
        stopped = true;
        lanes.values().forEach(Lane::stop);
    }

    private Lane lane(String tenant, boolean write) {
        Lane lane = lanes.computeIfAbsent(new Lane.Name(tenant, write), this::lane);
        if (stopped) {
            lane.stop();
        }
        return lane;
    }

    private Lane lane(Lane.Name name) {
        Quota quota = quota(name.tenant());
        return new Lane(name.write() ? quota.writes() : quota.reads(), quota.window(), nanoTime);
    }

    private Quota quota(String tenant) {
        return Optional.ofNullable(quotas.get(tenant))
                .orElseThrow(() -> new IllegalArgumentException("No tenant is named " + tenant));
    }
}
