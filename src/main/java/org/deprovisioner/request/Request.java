package org.deprovisioner.request;

import java.time.Instant;
import java.util.Optional;

/**
 * One device to be deprovisioned, with a reason; every value has passed the checks.
 *
 * @param tenant the configured tenant it belongs to
 * @param address how the device is reached
 * @param expected what else the row says of the device
 * @param reason the reason sent to Graph as {@code deprovisionReason}
 * @param requestId the sender's own key
 * @param notBefore the instant before which it is not sent
 * @param force whether it is sent although it was done before, or may have been
 */
public record Request(
        String tenant,
        Address address,
        Expected expected,
        String reason,
        Optional<String> requestId,
        Optional<Instant> notBefore,
        boolean force) {}
