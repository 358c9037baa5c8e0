package org.deprovisioner.guard;

import java.util.Optional;
import org.deprovisioner.ledger.Units.Counts;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;

/** The limits that stop a mistake early. A pure decision over what the ledger counts. */
public final class Limits {

    /** Below this many refused rows a file is not called wrong as a whole. */
    private static final int FEWEST_REFUSED = 20;

    private final Settings.Guard settings;
    private final Optional<Long> fleet;

    /** The limits of the settings {@code deprovision.guard.…}. */
    public Limits(Settings.Guard settings) {
        this(settings, Optional.empty());
    }

    private Limits(Settings.Guard settings, Optional<Long> fleet) {
        this.settings = settings;
        this.fleet = fleet;
    }

    /** The same for a tenant that has so many devices of the guarded operating systems. */
    public Limits of(Optional<Long> devices) {
        return new Limits(settings, devices);
    }

    /** Whether a unit may be sent, is held as a whole, or is refused. */
    public Verdict judge(Counts counts) {
        if (counts.changed() > 0) {
            return new Verdict.Refuse(
                    "%s of its plan %s changed since it was shown, so nothing of it is sent."
                            .formatted(Counted.of(counts.changed(), "device"), counts.changed() == 1 ? "has" : "have"),
                    "Make a new plan, look at it, and submit that one.");
        }
        Optional<String> over = wrongAsAWhole(counts).or(() -> tooMany(counts));
        return switch (settings.approval()) {
            case NONE -> over.<Verdict>map(Limits::refuse).orElseGet(this::letThrough);
            case OVER_LIMIT ->
                heldAlready(counts).or(() -> over).map(why -> hold(counts, why)).orElseGet(this::letThrough);
            case ALWAYS ->
                hold(
                        counts,
                        over.orElse("Everything is held until it is approved (deprovision.guard.approval=always)."));
        };
    }

    private static Optional<String> heldAlready(Counts counts) {
        return counts.held() > 0 ? Optional.of("Other rows of it are held already.") : Optional.empty();
    }

    private Optional<String> wrongAsAWhole(Counts counts) {
        int percent = settings.maxRefusedPercent();
        return counts.refused() >= FEWEST_REFUSED && counts.refused() * 100 > counts.rows() * percent
                ? Optional.of(counts.refused() + " of its " + counts.rows() + " rows were refused, more than " + percent
                        + " % (deprovision.guard.max-refused-percent): is a column shifted, or the file an old one?")
                : Optional.empty();
    }

    private Optional<String> tooMany(Counts counts) {
        long batch = counts.batchBefore() + counts.toSend();
        if (batch > settings.maxPerBatch()) {
            return Optional.of("It would deprovision %s, and the limit for a batch is %,d"
                            .formatted(Counted.of(batch, "device"), settings.maxPerBatch())
                    + " (deprovision.guard.max-per-batch).");
        }
        long day = counts.dayLetThrough() + counts.toSend();
        if (day > settings.maxPerDay()) {
            return Optional.of("With it, %s of tenant %s would be deprovisioned in 24 hours, and the limit is %,d"
                            .formatted(Counted.of(day, "device"), counts.tenant(), settings.maxPerDay())
                    + " (deprovision.guard.max-per-day).");
        }
        return settings.maxFleetPercent().flatMap(percent -> tooLargeAShare(counts, Math.max(batch, day), percent));
    }

    private Optional<String> tooLargeAShare(Counts counts, long devices, int percent) {
        if (fleet.isEmpty()) {
            return Optional.of("How many devices tenant " + counts.tenant() + " has is not known, and " + percent
                    + " % of them may be deprovisioned in 24 hours (deprovision.guard.max-fleet-percent).");
        }
        return devices * 100 > fleet.get() * percent
                ? Optional.of(
                        "With it, %,d of the %s (%s) of tenant %s would be deprovisioned in 24 hours, and the limit is %d %%"
                                        .formatted(
                                                devices,
                                                Counted.of(fleet.get(), "device"),
                                                settings.operatingSystems().isEmpty()
                                                        ? "of any kind"
                                                        : String.join(", ", settings.operatingSystems()),
                                                counts.tenant(),
                                                percent)
                                + " (deprovision.guard.max-fleet-percent).")
                : Optional.empty();
    }

    private Verdict letThrough() {
        return new Verdict.LetThrough(settings.grace());
    }

    private static Verdict hold(Counts counts, String why) {
        return new Verdict.Hold(
                why,
                "Look at the rows. If they are right: deprovision approve " + counts.batch()
                        + ", and type the number of devices back.");
    }

    private static Verdict refuse(String why) {
        return new Verdict.Refuse(
                why,
                "What is over a limit is refused here (deprovision.guard.approval=none). If the rows are right, hand over"
                        + " fewer of them, or set deprovision.guard.approval=over-limit and drop them again.");
    }
}
