package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Nodes;

/**
 * A machine on the ledger, as the others see it.
 *
 * @param state active, standing by, gone, or adopted
 * @param stopFile why it lets nobody send; empty when it does not
 * @param differingSettings the settings in which it differs from those that all work by, so that it stands by
 */
public record Machine(
        String name,
        String state,
        @JsonProperty("lastSeenUtc") Instant lastSeen,
        String version,
        String stopFile,
        List<String> differingSettings) {

    /** All that ever joined; none where the ledger is a file. */
    public static List<Machine> all(Ledger ledger) {
        return ledger.nodes().all().stream()
                .map(node -> new Machine(
                        node.name(), state(node), node.seen(), node.version(), node.stopFile(), node.differing()))
                .toList();
    }

    private static String state(Nodes.Node node) {
        if (node.adopted().isPresent()) {
            return "adopted";
        } else if (!node.lives()) {
            return "gone";
        }
        return node.active() ? "active" : "standing by";
    }

    /** How it stands, in a sentence. */
    @JsonIgnore
    public String sentence() {
        return "Machine %s: %s%s.%s%s"
                .formatted(
                        name,
                        state,
                        state.equals("gone") ? ", last heard of at " + PlainTime.utc(lastSeen) : "",
                        stopFile.isEmpty() ? "" : " " + stopFile,
                        differingSettings.isEmpty()
                                ? ""
                                : " Its settings differ from those that all work by: "
                                        + String.join(", ", differingSettings) + ".");
    }
}
