package org.deprovisioner.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.ledger.HeldFacts;
import org.deprovisioner.ledger.HeldFacts.Facts;
import org.deprovisioner.ledger.HeldFacts.HandedOver;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.text.Counted;

/**
 * What somebody sees of a held batch before releasing it.
 *
 * @param warnings what is worth a second look, and of how many devices
 * @param unusual that it is larger than the latest batches; empty when it is not
 */
public record HeldDetails(HeldBatch held, Facts facts, Map<String, Long> warnings, Optional<String> unusual) {

    /** So many of the latest batches tell how large they usually are. */
    public static final int USUAL_BATCHES = 20;

    private static final int FIRST = 5;

    /** Of a larger batch the first so many devices are looked at for warnings: somebody waits. */
    private static final int LOOKED_AT = 100_000;

    /** What is held of a batch, found without regard to case; empty when nothing is. */
    public static Optional<HeldDetails> of(String batch, Ledger ledger, Instant now) {
        return HeldBatch.of(batch, ledger)
                .flatMap(held -> ledger.heldFacts()
                        .of(held.batch(), FIRST)
                        .map(facts -> new HeldDetails(
                                held, facts, warnings(held.batch(), ledger.heldFacts(), now), unusual(held, ledger))));
    }

    private static Map<String, Long> warnings(String batch, HeldFacts facts, Instant now) {
        Map<String, Long> warnings = new LinkedHashMap<>();
        facts.devices(
                batch,
                LOOKED_AT,
                device -> PlannedRow.warnings(device.particulars(), now)
                        .forEach(warning -> warnings.merge(warning, 1L, Long::sum)));
        return warnings;
    }

    private static Optional<String> unusual(HeldBatch held, Ledger ledger) {
        return moreThanUsual(held.devices(), ledger.plans().largestOfNewest(USUAL_BATCHES, held.batch()));
    }

    /** That so many devices are more than the largest of the latest batches has rows; empty when they are not. */
    public static Optional<String> moreThanUsual(long devices, long largest) {
        return largest > 0 && devices > largest
                ? Optional.of("%s more than usual: the largest of the latest %d batches has %s."
                        .formatted(
                                Counted.of(devices, "device is", "devices are"),
                                USUAL_BATCHES,
                                Counted.of(largest, "row")))
                : Optional.empty();
    }

    /** Who handed it over, as what, and how long ago; a sentence for each. */
    public List<String> handedOver(Instant now) {
        List<String> sentences = new ArrayList<>();
        for (HandedOver one : facts.handedOver()) {
            Duration ago = Duration.between(one.at(), now);
            sentences.add("Handed over by '%s' %s, %s (%s ago)."
                    .formatted(
                            one.by(),
                            one.byMessage() ? "in messages" : "as " + one.name(),
                            PlainTime.utc(one.at()),
                            PlainTime.of(ago.isNegative() ? Duration.ZERO : ago)));
        }
        return sentences;
    }
}
