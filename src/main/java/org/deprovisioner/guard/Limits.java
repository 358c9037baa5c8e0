package org.deprovisioner.guard;

import org.deprovisioner.ledger.Units.Counts;
import org.deprovisioner.ledger.Units.Verdict;

/** The limits that stop a mistake early. A pure decision over what the ledger counts. */
public final class Limits {

    /** Below this many refused rows a file is not called wrong as a whole. */
    private static final int FEWEST_REFUSED = 20;

    private final int maxPerBatch;
    private final int maxPerDay;
    private final int maxRefusedPercent;

    /** The limits of the settings {@code deprovision.guard.max-…}. */
    public Limits(int maxPerBatch, int maxPerDay, int maxRefusedPercent) {
        this.maxPerBatch = maxPerBatch;
        this.maxPerDay = maxPerDay;
        this.maxRefusedPercent = maxRefusedPercent;
    }

    /** Whether a unit may be sent, or is held as a whole. */
    public Verdict judge(Counts counts) {
        if (counts.held() > 0) {
            return hold(counts, "Other rows of it are held already.");
        }
        if (counts.refused() >= FEWEST_REFUSED && counts.refused() * 100 > counts.rows() * maxRefusedPercent) {
            return hold(
                    counts,
                    counts.refused() + " of its " + counts.rows() + " rows were refused, more than " + maxRefusedPercent
                            + " % (deprovision.guard.max-refused-percent): is a column shifted, or the file an old one?");
        }
        long batch = counts.batchLetThrough() + counts.toSend();
        if (batch > maxPerBatch) {
            return hold(
                    counts,
                    "It would deprovision " + batch + " devices, and " + maxPerBatch
                            + " is the most of a batch (deprovision.guard.max-per-batch).");
        }
        long day = counts.dayLetThrough() + counts.toSend();
        if (day > maxPerDay) {
            return hold(
                    counts,
                    "It would make " + day + " devices in 24 hours for tenant " + counts.tenant() + ", and " + maxPerDay
                            + " is the most of a day (deprovision.guard.max-per-day).");
        }
        return new Verdict.LetThrough();
    }

    private static Verdict hold(Counts counts, String why) {
        return new Verdict.Hold(
                why,
                "Look at the rows. If they are right: deprovision approve " + counts.batch()
                        + ", and type the number of devices back.");
    }
}
