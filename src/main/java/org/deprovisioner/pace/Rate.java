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

    private static final double DOWN = 0.88;
    private static final double MOST_DOWN = 0.5;

    /** By which part of the base it grows in a window … */
    private static final double STEP = 0.02;

    /** … for one window; from then on each step is so many times the one before: it is likely that others have gone. */
    private static final double FASTER = 8;

    /** How much faster than on average places are given that are free: what is left of the window is soon in use. */
    private static final double AHEAD = 1.1;

    /** The share of the window's places that may be taken now. */
    double share(long now, long windowNanos) {
        if (base >= 1) {
            return 1;
        }
        double windows = (double) (now - since) / windowNanos;
        double steps = windows <= 1 ? windows : 1 + (Math.pow(FASTER, windows - 1) - 1) / Math.log(FASTER);
        return Math.min(1, base * (1 + STEP * steps));
    }

    /** How fast permits may follow one another now, as a share of the quota. */
    double speed(long now, long windowNanos) {
        return Math.min(1, AHEAD * share(now, windowNanos));
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
