package org.deprovisioner.request;

import java.util.Optional;
import java.util.Set;

/**
 * What the settings say about requests.
 *
 * @param tenants the configured tenants; a row may name one of them
 * @param defaultTenant the tenant of a row that names none; empty when there are several
 * @param defaultReason the reason of a row that gives none ({@code deprovision.reason.default})
 * @param allowedReasons the only reasons that are taken ({@code deprovision.reason.allowed}); empty for any
 * @param resolve whether devices are read before they are acted on ({@code deprovision.resolve}); without it, rows that
 *     need a look to be understood are invalid
 */
public record RequestRules(
        Set<String> tenants,
        Optional<String> defaultTenant,
        Optional<String> defaultReason,
        Set<String> allowedReasons,
        boolean resolve) {}
