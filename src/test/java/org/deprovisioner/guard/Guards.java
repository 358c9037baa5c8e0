package org.deprovisioner.guard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.Settings.ApprovalRule;

/** Settings of guards as tests want them: what is not named is as it is by default. */
public final class Guards {

    private Guards() {}

    /** With these limits. */
    public static Settings.Guard limits(int maxPerBatch, int maxPerDay, int maxRefusedPercent) {
        return of(maxPerBatch, maxPerDay, maxRefusedPercent, Optional.empty(), ApprovalRule.OVER_LIMIT, Duration.ZERO);
    }

    /** With the usual limits, this approval and this grace period. */
    public static Settings.Guard with(ApprovalRule approval, Duration grace) {
        return of(500, 1_000, 50, Optional.empty(), approval, grace);
    }

    /** With the usual limits and this share of the fleet. */
    public static Settings.Guard share(int maxFleetPercent) {
        return of(500, 1_000, 50, Optional.of(maxFleetPercent), ApprovalRule.OVER_LIMIT, Duration.ZERO);
    }

    private static Settings.Guard of(
            int maxPerBatch,
            int maxPerDay,
            int maxRefusedPercent,
            Optional<Integer> maxFleetPercent,
            ApprovalRule approval,
            Duration grace) {
        return new Settings.Guard(
                Set.of("ChromeOS"),
                maxPerBatch,
                maxPerDay,
                maxRefusedPercent,
                maxFleetPercent,
                Path.of("protected-devices.csv"),
                approval,
                false,
                java.util.Map.of(),
                Optional.empty(),
                grace);
    }
}
