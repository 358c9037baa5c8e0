package org.deprovisioner.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call as it was received: a line of {@code calls.jsonl}. The parts of a {@code $batch} and the devices of a bulk
 * action have lines of their own, before that of the whole.
 *
 * @param at when it was received
 * @param via {@code $batch} or {@code executeAction} for a part, nothing for a whole call
 * @param path the path as it was sent
 * @param query the query as it was sent, nothing when there was none
 * @param headers the names of the headers that came with it, in lower case; never their values
 * @param clientRequestId the caller's own id of the call
 * @param requestId the simulator's id of the call, where it was answered as Graph does
 * @param body the body, except that of a call for a token
 * @param deviceId the Intune id of the device that the path names
 * @param ending how it ended
 * @param status the status answered; 0 when none was
 * @param executed whether the device was deprovisioned by this call
 * @param executions how often the device had been deprovisioned after this call; 0 when this call did nothing
 */
public record Call(
        Instant at,
        @Nullable String via,
        String method,
        String path,
        @Nullable String query,
        List<String> headers,
        @Nullable String clientRequestId,
        @Nullable String requestId,
        @Nullable String body,
        @Nullable String deviceId,
        Fault.Ending ending,
        int status,
        boolean executed,
        int executions) {}
