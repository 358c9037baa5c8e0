package org.deprovisioner.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How many devices each tenant has that may be acted on, as they were counted last. It may be forgotten. */
final class Fleets {

    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final Map<String, Instant> tried = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    private record Count(long devices, Instant at) {}

    /** The latest count of a tenant's devices, be it old. */
    Optional<Long> latest(String tenant) {
        return Optional.ofNullable(counts.get(tenant)).map(Count::devices);
    }

    /** Whether a tenant's devices were counted lately. */
    boolean isCounted(String tenant, Instant now) {
        return Optional.ofNullable(counts.get(tenant))
                .filter(count -> count.at.plus(FRESH).isAfter(now))
                .isPresent();
    }

    /** Whether a count may begin now; one that fails is tried again after a while. */
    boolean mayBegin(String tenant, Instant now) {
        Instant before = tried.getOrDefault(tenant, Instant.MIN);
        boolean may = !before.plus(BETWEEN_TRIES).isAfter(now);
        if (may) {
            tried.put(tenant, now);
        }
        return may;
    }

    void counted(String tenant, long devices, Instant now) {
        counts.put(tenant, new Count(devices, now));
        failures.remove(tenant);
    }

    /** A count failed; whether it has done so too often. */
    boolean failedTooOften(String tenant) {
        boolean tooOften = failures.merge(tenant, 1, Integer::sum) >= TRIES;
        if (tooOften) {
            failures.remove(tenant);
        }
        return tooOften;
    }
}
