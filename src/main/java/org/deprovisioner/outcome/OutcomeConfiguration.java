package org.deprovisioner.outcome;

import java.nio.file.Path;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outbox;

/** Wires what leaves the ledger. */
public final class OutcomeConfiguration implements CamelConfiguration {

    private final Path data;
    private final Ledger ledger;

    /** Wires what leaves a ledger into its data folder. */
    public OutcomeConfiguration(Path data, Ledger ledger) {
        this.data = data;
        this.ledger = ledger;
    }

    @BindToRegistry("resultFiles")
    public ResultFiles resultFiles() {
        return new ResultFiles(data, ledger.batches());
    }

    @BindToRegistry("heldNotes")
    public HeldNotes heldNotes() {
        return new HeldNotes(data, ledger.units());
    }

    @BindToRegistry("outbox")
    public Outbox outbox() {
        return ledger.outbox();
    }
}
