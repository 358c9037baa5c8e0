package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * Who works on a data folder now.
 *
 * @param running whether a service takes in and sends whatever comes
 * @param oneBatch whether a command sends its own batch
 * @param holder the process, in words that follow the word service; empty where it is not known
 * @param broker what the broker does not do for it
 */
public record ServiceState(boolean running, boolean oneBatch, String holder, List<BrokerTrouble> broker) {

    /** What the broker does not do, since when, and what the user can do. */
    public record BrokerTrouble(
            String message,
            String remedy,
            @JsonProperty("sinceUtc") Instant since) {}
}
