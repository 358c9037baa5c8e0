package org.deprovisioner.request;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the settings say about requests.
 *
 * @param tenants the configured tenants; a row may name one of them
 * @param defaultTenant the tenant of a row that names none; empty when there are several
 * @param defaultReason the reason of a row that gives none ({@code deprovision.reason.default})
 * @param allowedReasons the only reasons that are taken ({@code deprovision.reason.allowed}); empty for any
 * @param resolve whether devices are read before they are acted on ({@code deprovision.resolve}); without it, rows that
 *     need a look to be understood are invalid
 * @param carried names of columns that are only carried along, though they are nearly ours
 *     ({@code deprovision.columns.carried})
 */
public record RequestRules(
        Set<String> tenants,
        Optional<String> defaultTenant,
        Optional<String> defaultReason,
        Set<String> allowedReasons,
        boolean resolve,
        Set<String> carried) {

    /** The names of {@link #carried} in the form in which names are compared. */
    Set<String> carriedNames() {
        return carried.stream().map(Column::plain).collect(Collectors.toUnmodifiableSet());
    }
}
