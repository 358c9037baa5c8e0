package org.deprovisioner.guard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deprovisioner.ledger.Finding;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.ProtectedLists;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.DeviceRules;

/** The devices that other machines on the same ledger protect: a device on any machine's list is protected for all. */
final class OtherLists {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final ProtectedLists lists;
    private final LongSupplier nanoTime;
    private Optional<Long> lookedAt = Optional.empty();
    private List<Rules> rules = List.of();

    OtherLists(ProtectedLists lists, LongSupplier nanoTime) {
        this.lists = lists;
        this.nanoTime = nanoTime;
    }

    private record Rules(String node, DeviceRules rules) {}

    /** How a request ends whose device another machine protects; empty when none does. */
    Optional<Finding> refuse(Device device) {
        return rules().stream()
                .flatMap(other -> other.rules.fitting(device).stream()
                        .map(rule -> Finding.of(
                                Outcome.REFUSED_BY_GUARD,
                                "The device is protected: " + rule.column() + " '" + rule.text()
                                        + "' stands in the list of machine " + other.node + ".",
                                "If it is to be deprovisioned all the same, take it off the list there and drop the row"
                                        + " again.")))
                .findFirst();
    }

    private synchronized List<Rules> rules() {
        long now = nanoTime.getAsLong();
        if (lookedAt.isEmpty() || now - lookedAt.get() > BETWEEN_LOOKS.toNanos()) {
            rules = lists.ofOthers().stream()
                    .map(list -> new Rules(list.node(), DeviceRules.ofTexts(list.rules())))
                    .toList();
            lookedAt = Optional.of(now);
        }
        return rules;
    }
}
