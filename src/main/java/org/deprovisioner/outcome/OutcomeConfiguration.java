package org.deprovisioner.outcome;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.settings.Settings;

/** Wires what leaves the ledger. */
public final class OutcomeConfiguration implements CamelConfiguration {

    private final Settings settings;
    private final Ledger ledger;
    private final Supplier<Optional<String>> still;

    /**
     * Wires what leaves a ledger into its data folder.
     *
     * @param still why nothing is sent now; empty when it is
     */
    public OutcomeConfiguration(Settings settings, Ledger ledger, Supplier<Optional<String>> still) {
        this.settings = settings;
        this.ledger = ledger;
        this.still = still;
    }

    @BindToRegistry("resultFiles")
    public ResultFiles resultFiles() {
        return new ResultFiles(settings.data(), settings.readers(), ledger.batches(), still);
    }

    @BindToRegistry("heldNotes")
    public HeldNotes heldNotes() {
        return new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches());
    }

    @BindToRegistry("outbox")
    public Outbox outbox() {
        return ledger.outbox();
    }
}
