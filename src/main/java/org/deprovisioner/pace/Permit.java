package org.deprovisioner.pace;

import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to make one call now, or several together. Its holder says how it was used, once; to say it again changes nothing. */
public final class Permit {

    private final Lane lane;
    private final int places;
    private final long given;
    private final int inUse;
    private final AtomicBoolean returned = new AtomicBoolean();

    /**
     * @param given when, in nanoseconds of the lane's clock
     * @param inUse how many of the lane's places were taken then, with these
     */
    Permit(Lane lane, int places, long given, int inUse) {
        this.lane = lane;
        this.places = places;
        this.given = given;
        this.inUse = inUse;
    }

    /** The call was made and has ended; its place in the window is free again one window from now. */
    public void used() {
        if (returned.compareAndSet(false, true)) {
            lane.used(places);
        }
    }

    /** The call passed: where one was refused before, the lane is open again. */
    public void passed() {
        lane.passed(given, inUse);
    }

    /**
     * The call was refused, for there are too many: the lane lets one call through at a time until one passes, and slows
     * down unless the refusal came for reasons of the server's own.
     *
     * @return the share of the quota that is used from now on, where this refusal changed it
     */
    public OptionalDouble refused() {
        return lane.refused(given, inUse);
    }

    /** How often in a row calls of this lane were refused before this one; those on their way together count once. */
    public int refusalsBefore() {
        return lane.refusalsBefore(given);
    }

    /**
     * The call passed, and Graph said how much of its limit is used.
     *
     * @param used 1 where the limit is reached; the lane slows down above, and goes no faster below
     * @return the share of the quota that is used from now on, where this changed it
     */
    public OptionalDouble advised(double used) {
        return lane.advised(given, used);
    }

    /** No call was made; its place is free at once. */
    public void unused() {
        if (returned.compareAndSet(false, true)) {
            lane.unused(places);
        }
    }
}
