package org.deprovisioner.dispatch;

import java.util.Optional;
import org.deprovisioner.guard.FileChanges;
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
    private final FileChanges fileChanges;
    private final boolean dryRun;

    /** @param dryRun whether what would be held ends as a dry run, so that it is in no real run's way */
    UnitGuard(Units units, Limits limits, Fleets fleets, FileChanges fileChanges, boolean dryRun) {
        this.dryRun = dryRun;
        this.units = units;
        this.limits = limits;
        this.fleets = fleets;
        this.fileChanges = fileChanges;
    }

    /** Guards a unit as a whole before its first call. */
    public void guard(Unit unit) {
        Limits ofTenant = limits.of(fleets.latest(unit.tenant()));
        Optional<Verdict.Hold> changed = fileChanges.objection(unit);
        Verdict verdict = units.guard(
                unit, counts -> dryRun(changed.<Verdict>map(held -> held).orElseGet(() -> ofTenant.judge(counts))));
        if (verdict instanceof Verdict.Hold hold) {
            LOG.warn("{} is held. {} {}", unit.batch(), hold.why(), hold.remedy());
        } else if (verdict instanceof Verdict.Refuse refuse) {
            LOG.warn("{} is refused. {} {}", unit.batch(), refuse.why(), refuse.remedy());
        } else if (verdict instanceof Verdict.DryRun dryRun) {
            LOG.warn("{} would be held, were it no dry run. {}", unit.batch(), dryRun.why());
        }
    }

    private Verdict dryRun(Verdict verdict) {
        return dryRun && verdict instanceof Verdict.Hold hold ? new Verdict.DryRun(hold.why()) : verdict;
    }
}
