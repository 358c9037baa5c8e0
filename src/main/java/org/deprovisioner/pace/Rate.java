package org.deprovisioner.pace;

/**
 * How fast a lane may go, as a share of its quota: what other apps leave of the tenant's quota is found by going down by a
 * factor when a call is refused, and up by small steps while none is. The steps grow the longer it goes well, so that a
 * quota that is free again is soon used again.
 *
 * @param base the share right after the latest refusal; 1 when there was none
 * @param since when that was, in nanoseconds of a monotonic clock
 */
record Rate(double base, long since) {

    /** Nothing has been refused yet. */
    static final Rate FULL = new Rate(1, 0);

    /** A lane never stands still: else nobody would see that it could go faster. */
    static final double LEAST = 0.02;

    private static final double DOWN = 0.93;
    private static final double MOST_DOWN = 0.5;

    /** By which part of the base it grows in a window … */
    private static final double STEP = 0.03;

    /** … for so many windows; after that the steps double from window to window. */
    private static final double EVEN = 1.5;

    /** The share that may be used now. */
    double share(long now, long windowNanos) {
        if (base >= 1) {
            return 1;
        }
        double windows = (double) (now - since) / windowNanos;
        double steps = windows <= EVEN ? windows : EVEN + (Math.pow(2, windows - EVEN) - 1) / Math.log(2);
        return Math.min(1, base * (1 + STEP * steps));
    }

    /** The rate after Graph said that so much of its limit is used; up to the limit it only stops to grow for now. */
    Rate advised(double used, long now, long windowNanos) {
        return new Rate(Math.max(LEAST, share(now, windowNanos) / Math.max(1, used)), now);
    }

    /**
     * The rate after a call was refused.
     *
     * @param used which share of a window's places our own calls took when it was: others took the rest
     */
    Rate refused(double used, long now, long windowNanos) {
        double share = share(now, windowNanos);
        return new Rate(Math.max(LEAST, Math.max(MOST_DOWN * share, DOWN * Math.min(share, used))), now);
    }
}
