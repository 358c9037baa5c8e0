package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.ledger.Units.Unit;

/** Units that wait for the guard: where a share of the fleet is a limit, only once their tenant's devices are counted. */
final class GuardedUnits {

    private static final int ENOUGH = 1_000;

    private final Units units;
    private final Fleets fleets;
    private final boolean countedFirst;
    private final Clock clock;

    GuardedUnits(Units units, Fleets fleets, boolean countedFirst, Clock clock) {
        this.units = units;
        this.fleets = fleets;
        this.countedFirst = countedFirst;
        this.clock = clock;
    }

    /** Those that can be guarded now. */
    LedgerSource<Unit> ready() {
        return most -> countedFirst
                ? units.toGuard(ENOUGH).stream()
                        .filter(unit -> fleets.isCounted(unit.tenant(), clock.instant()))
                        .limit(most)
                        .toList()
                : units.toGuard(most);
    }

    /** The first page of the devices of each tenant that has to be counted before its units can be guarded. */
    LedgerSource<Call> uncounted(String baseUrl, Brakes brakes) {
        return most -> {
            Instant now = clock.instant();
            return !countedFirst
                    ? List.of()
                    : units.toGuard(ENOUGH).stream()
                            .map(Unit::tenant)
                            .distinct()
                            .filter(tenant -> !fleets.isCounted(tenant, now)
                                    && brakes.on(tenant).isEmpty()
                                    && fleets.mayBegin(tenant, now))
                            .limit(most)
                            .map(tenant -> Call.of(FleetPage.first(tenant), baseUrl))
                            .toList();
        };
    }
}
