package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Settings;

/**
 * A tenant whose quota window has no room now, by the attempts in the ledger: those of this process or of an earlier one.
 *
 * @param until when the next place is free
 */
public record FullWindow(
        String tenant, @JsonProperty("untilUtc") Instant until) {

    /** Those there are. */
    public static List<FullWindow> all(Settings settings, Ledger ledger) {
        return settings.tenants().values().stream()
                .flatMap(tenant -> of(tenant, settings, ledger).stream())
                .toList();
    }

    private static Optional<FullWindow> of(Settings.Tenant tenant, Settings settings, Ledger ledger) {
        Settings.Quota quota = tenant.quota();
        return ledger.attempts()
                .placesTaken(tenant.name(), quota.window(), settings.graph().timeout())
                .filter(taken -> taken.size() >= quota.writes())
                .map(taken -> new FullWindow(tenant.name(), taken.get(taken.size() - quota.writes())));
    }

    /** The same for people. */
    public String sentence() {
        return "Tenant '%s': the quota's window is full until %s."
                .formatted(tenant, PlainTime.utc(until.plusMillis(999)));
    }
}
