package org.deprovisioner.report;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.text.Counted;

/** What a guard holds of a batch until somebody approves it, and why. */
public record HeldBatch(String batch, String why, long devices, long rows) {

    /** All that is held. */
    public static List<HeldBatch> all(Ledger ledger) {
        return ledger.units().held().stream().map(HeldBatch::of).toList();
    }

    /** What is held of a batch, found without regard to case; empty when nothing is. */
    public static Optional<HeldBatch> of(String batch, Ledger ledger) {
        return ledger.units().held(batch).map(HeldBatch::of);
    }

    private static HeldBatch of(Units.Held held) {
        return new HeldBatch(held.batch(), held.why(), held.devices(), held.rows());
    }

    /** All of it in a line, with the number that whoever releases it gives back. */
    public String sentence() {
        return "Held: '%s', %s (%s). %s".formatted(batch, Counted.of(devices, "device"), Counted.of(rows, "row"), why);
    }

    /** The command that releases it; how many devices that is, it asks for: nobody is to paste it unread. */
    public String approveCommand() {
        return "deprovision approve " + batch;
    }
}
