package org.deprovisioner.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sees that too many of a tenant's latest actions failed, whatever the cause of each: more than {@value #MOST_FAILED} of
 * {@value #LATEST}. Whoever resumes after it goes on with such failures until the rate has fallen. May be used by many
 * threads, and may be forgotten.
 */
public final class FailureRate {

    static final int LATEST = 50;
    static final int MOST_FAILED = 25;

    private final Map<String, Tenant> tenants = new HashMap<>();

    /** Counts how an action ended; says why to stop, when there is a cause for it. */
    public synchronized Optional<String> ended(String tenant, boolean well) {
        return of(tenant).ended(well);
    }

    /** Counts anew after the {@code resume} of the pause that this led to: such failures are accepted. */
    public synchronized void resumed(String tenant) {
        Tenant resumed = of(tenant);
        resumed.latest.clear();
        resumed.accepted = true;
    }

    private Tenant of(String name) {
        return tenants.computeIfAbsent(name, unknown -> new Tenant());
    }

    private static final class Tenant {

        private final Deque<Boolean> latest = new ArrayDeque<>();
        private boolean accepted;

        Optional<String> ended(boolean well) {
            latest.add(well);
            if (latest.size() > LATEST) {
                latest.remove();
            }
            long failed = latest.stream().filter(one -> !one).count();
            accepted &= latest.size() < LATEST || failed > MOST_FAILED;
            return failed > MOST_FAILED && !accepted
                    ? Optional.of(failed + " of the last " + latest.size() + " actions failed.")
                    : Optional.empty();
        }
    }
}
