package org.deprovisioner.simulator;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.deprovisioner.simulator.SimulatorOptions.End;
import org.deprovisioner.simulator.SimulatorOptions.Showing;

/** How late the actions of each device show, and how they end; it can be changed at any time. */
final class ActionTimings {

    private final Map<String, Showing> ofDevices = new ConcurrentHashMap<>();
    private volatile Showing ofOthers;

    ActionTimings(Showing ofOthers) {
        this.ofOthers = ofOthers;
    }

    /** From now on the actions of every device show like this, unless it has a showing of its own. */
    void set(Showing showing) {
        ofOthers = showing;
    }

    /** From now on the actions of one device, in lower case, show like this. */
    void set(String deviceId, Showing showing) {
        ofDevices.put(deviceId, showing);
    }

    private Showing of(String deviceId) {
        return ofDevices.getOrDefault(deviceId, ofOthers);
    }

    /** How an action of a device that was begun then shows now; empty when it does not. */
    Optional<ManagedDevice.ActionResult> shown(String deviceId, Instant start, Instant now) {
        Showing showing = of(deviceId);
        if (now.isBefore(start.plus(showing.after()))) {
            return Optional.empty();
        }
        Instant end = start.plus(showing.done());
        return Optional.of(
                now.isBefore(end)
                        ? new ManagedDevice.ActionResult("deprovision", "pending", start, start)
                        : new ManagedDevice.ActionResult(
                                "deprovision", showing.end() == End.FAILED ? "failed" : "done", start, end));
    }

    /** Whether a device is gone by now because of an action that was begun then. */
    boolean isGone(String deviceId, Instant start, Instant now) {
        Showing showing = of(deviceId);
        return showing.end() == End.GONE && !now.isBefore(start.plus(showing.done()));
    }
}
