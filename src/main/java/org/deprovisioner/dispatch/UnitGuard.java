package org.deprovisioner.dispatch;

import org.deprovisioner.guard.Limits;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.ledger.Units.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a resolved unit through, or holds or refuses it as a whole. */
public final class UnitGuard {

    private static final Logger LOG = LoggerFactory.getLogger(UnitGuard.class);

    private final Units units;
    private final Limits limits;
    private final Fleets fleets;

    UnitGuard(Units units, Limits limits, Fleets fleets) {
        this.units = units;
        this.limits = limits;
        this.fleets = fleets;
    }

    /** Guards a unit as a whole before its first call. */
    public void guard(Unit unit) {
        Verdict verdict = units.guard(unit, limits.of(fleets.latest(unit.tenant()))::judge);
        if (verdict instanceof Verdict.Hold hold) {
            LOG.warn("{} is held. {} {}", unit.batch(), hold.why(), hold.remedy());
        } else if (verdict instanceof Verdict.Refuse refuse) {
            LOG.warn("{} is refused. {} {}", unit.batch(), refuse.why(), refuse.remedy());
        }
    }
}
