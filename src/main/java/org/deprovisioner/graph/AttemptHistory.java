package org.deprovisioner.graph;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a request when its attempt is settled.
 *
 * @param charged its charged attempts before this one
 * @param maxAttempts how many charged attempts it gets
 * @param age the time since its first attempt, without that in which it was paused, held, parked or throttled
 * @param maxAge how old it may get before it is given up
 * @param probe whether this call probes a paused tenant: such a call is not charged
 * @param newToken whether a 401 of this request was answered with a new token already
 * @param resolved whether the device was read from Graph before this attempt
 * @param throttledInARow how often in a row the tenant's lane was refused before; calls on their way together count once
 * @param window the tenant's quota window
 * @param lastForbidden when this request got its last 403
 * @param lastSuccess when an action of this tenant succeeded last
 */
public record AttemptHistory(
        int charged,
        int maxAttempts,
        Duration age,
        Duration maxAge,
        boolean probe,
        boolean newToken,
        boolean resolved,
        int throttledInARow,
        Duration window,
        Optional<Instant> lastForbidden,
        Optional<Instant> lastSuccess) {

    /** Whether this attempt was the last that the request gets. */
    boolean isLast() {
        return !probe && (charged + 1 >= maxAttempts || age.compareTo(maxAge) >= 0);
    }

    /** Whether the tenant may act, this request was refused before all the same, and others passed in between. */
    boolean aloneIsForbidden() {
        return lastForbidden
                .flatMap(refused -> lastSuccess.filter(refused::isBefore))
                .isPresent();
    }
}
