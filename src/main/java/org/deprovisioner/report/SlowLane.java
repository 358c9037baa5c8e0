package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;

/**
 * A tenant's lane that uses less than its quota now, since Graph wanted fewer calls.
 *
 * @param lane {@code actions} or {@code reads}
 * @param share the part of the quota that it uses
 * @param quotaPerSecond the calls a second of the whole quota
 * @param by how Graph answered that slowed it down
 */
public record SlowLane(
        String tenant,
        String lane,
        double share,
        double callsPerSecond,
        @JsonIgnore double quotaPerSecond,
        @JsonProperty("slowedBy") String by,
        @JsonProperty("slowedUtc") Instant at) {

    /** Those that are slowed down now. */
    public static List<SlowLane> all(Settings settings, Ledger ledger, Instant now) {
        return ledger.pauses().slowLanes().stream()
                .map(lane -> of(lane, quota(settings, lane.tenant()), now))
                .filter(lane -> lane.share() < 1)
                .toList();
    }

    private static SlowLane of(Pauses.SlowLane lane, Settings.Quota quota, Instant now) {
        double share = Pace.shareNow(lane.share(), Duration.between(lane.at(), now), quota.window());
        double perSecond = (lane.write() ? quota.writes() : quota.reads())
                * 1000.0
                / quota.window().toMillis();
        return new SlowLane(
                lane.tenant(),
                lane.write() ? "actions" : "reads",
                share,
                share * perSecond,
                perSecond,
                lane.by(),
                lane.at());
    }

    /** The quota of a tenant; that of all where it is not configured any more. */
    private static Settings.Quota quota(Settings settings, String tenant) {
        Settings.Pace ofAll = settings.pace();
        return Optional.ofNullable(settings.tenants().get(tenant))
                .map(Settings.Tenant::quota)
                .orElseGet(() -> new Settings.Quota(ofAll.writes(), ofAll.window(), ofAll.reads()));
    }
}
