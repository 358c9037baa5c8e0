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
record Answer(
        Fault.Ending ending, Duration delay, int status, Map<String, String> headers, String body, int executions) {

    static Answer of(int status, Map<String, String> headers, String body) {
        return new Answer(Fault.Ending.ANSWER, Duration.ZERO, status, headers, body, 0);
    }

    static Answer json(int status, Object body) {
        return of(status, Map.of("Content-Type", "application/json; charset=utf-8"), Json.write(body));
    }

    static Answer noContent() {
        return of(204, Map.of(), "");
    }

    Answer executed(int executions) {
        return new Answer(ending, delay, status, headers, body, executions);
    }

    Answer late(Duration delay) {
        return new Answer(ending, delay, status, headers, body, executions);
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(ending, delay, status, all, body, executions);
    }
}
