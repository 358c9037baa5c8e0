package org.deprovisioner.pace;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to make one call now, or several together. Its holder says how it was used, once; to say it again changes nothing. */
public final class Permit {

    private final Lane lane;
    private final int places;
    private final AtomicBoolean returned = new AtomicBoolean();

    Permit(Lane lane, int places) {
        this.lane = lane;
        this.places = places;
    }

    /** The call was made and has ended; its place in the window is free again one window from now. */
    public void used() {
        if (returned.compareAndSet(false, true)) {
            lane.used(places);
        }
    }

    /** No call was made; its place is free at once. */
    public void unused() {
        if (returned.compareAndSet(false, true)) {
            lane.unused(places);
        }
    }
}
