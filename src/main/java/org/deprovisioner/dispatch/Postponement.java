package org.deprovisioner.dispatch;

import java.time.Duration;

/**
 * How a request goes on whose call surely did nothing, and was answered by nothing about its device.
 *
 * @param delay how long to wait before the next call
 * @param charged whether this one counts towards the most that a request gets
 * @param reason what came, in words
 * @param paused whether its tenant pauses for it
 */
record Postponement(Duration delay, boolean charged, String reason, boolean paused) {

    /** The same, not charged where its tenant pauses for many of its kind. */
    Postponement chargedUnless(boolean tenantPauses) {
        return new Postponement(delay, charged && !tenantPauses, reason, paused);
    }
}
