package org.deprovisioner.ledger;

import java.time.Duration;
import java.util.List;

/**
 * How long and how often a device is read back.
 *
 * @param looks how long after the call the first look is, and each other one after the look before it; at least one
 * @param resend whether a request is sent once more when the last look showed nothing
 * @param maxAttempts how many attempts a request gets then
 * @param maxAge for how long looks that are not answered are repeated
 */
public record ReadBackSchedule(List<Duration> looks, boolean resend, int maxAttempts, Duration maxAge) {

    /** What nobody has set otherwise. */
    public static final ReadBackSchedule STANDARD = new ReadBackSchedule(
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(30)),
            false,
            10,
            Duration.ofHours(24));
}
