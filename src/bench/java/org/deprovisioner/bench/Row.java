package org.deprovisioner.bench;

import java.util.Locale;

/**
 * A line of the result.
 *
 * @param what what was measured
 * @param ours our figure
 * @param other what it is compared with; 0 when it stands alone
 * @param ratio what the target speaks of
 * @param target the most or the least that the ratio should be
 * @param atMost whether the target is the most
 */
record Row(String what, String unit, double ours, double other, double ratio, double target, boolean atMost) {

    static Row atLeast(double target, String what, String unit, double ours, double other) {
        return new Row(what, unit, ours, other, ours / other, target, false);
    }

    static Row atMost(double target, String what, String unit, double ours, double other) {
        return new Row(what, unit, ours, other, ours / other, target, true);
    }

    /** A figure that has no target. */
    static Row figure(String what, String unit, double ours) {
        return new Row(what, unit, ours, 0, 0, 0, false);
    }

    boolean isReached() {
        return atMost ? ratio <= target : ratio >= target;
    }

    String table() {
        return target == 0 && other == 0
                ? String.format(Locale.ROOT, "%-68s %,12.1f %-9s", what, ours, unit)
                : String.format(
                        Locale.ROOT,
                        "%-68s %,12.1f %-9s %,12.1f %8.3f   %s",
                        what,
                        ours,
                        unit,
                        other,
                        ratio,
                        verdict());
    }

    /** What the ratio should be and whether it is; nothing for a least of 0, which is no target. */
    private String verdict() {
        return target == 0 && !atMost
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s %-5s %s",
                        atMost ? "<=" : ">=",
                        target == (long) target ? String.valueOf((long) target) : String.valueOf(target),
                        isReached() ? "reached" : "MISSED");
    }

    String csv() {
        return String.format(
                Locale.ROOT,
                "\"%s\",%s,%.3f,%.3f,%.4f,%s,%s",
                what.replace('"', '\''),
                unit,
                ours,
                other,
                ratio,
                atMost ? "at most" : "at least",
                target);
    }
}
