package org.deprovisioner.simulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What becomes of a call.
 *
 * @param delay how long it is held back
 * @param status 0 when there is no answer
 * @param executions how often the device has been deprovisioned by now; 0 when this call did nothing
 */
record SimulatorAnswer(
        Fault.Ending ending, Duration delay, int status, Map<String, String> headers, String body, int executions) {

    static SimulatorAnswer of(int status, Map<String, String> headers, String body) {
        return new SimulatorAnswer(Fault.Ending.ANSWER, Duration.ZERO, status, headers, body, 0);
    }

    static SimulatorAnswer json(int status, Object body) {
        return of(status, Map.of("Content-Type", "application/json; charset=utf-8"), WireJson.write(body));
    }

    static SimulatorAnswer noContent() {
        return of(204, Map.of(), "");
    }

    SimulatorAnswer executed(int executions) {
        return new SimulatorAnswer(ending, delay, status, headers, body, executions);
    }

    SimulatorAnswer late(Duration delay) {
        return new SimulatorAnswer(ending, delay, status, headers, body, executions);
    }

    SimulatorAnswer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new SimulatorAnswer(ending, delay, status, all, body, executions);
    }
}
