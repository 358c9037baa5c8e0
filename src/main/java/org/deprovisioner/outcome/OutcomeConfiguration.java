package org.deprovisioner.outcome;

import java.time.Clock;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outbox;
import org.deprovisioner.settings.Settings;

/** Wires what leaves the ledger. */
public final class OutcomeConfiguration implements CamelConfiguration {

    private final Settings settings;
    private final Ledger ledger;
    private final Clock clock;

    /** Wires what leaves a ledger into its data folder. */
    public OutcomeConfiguration(Settings settings, Ledger ledger, Clock clock) {
        this.settings = settings;
        this.ledger = ledger;
        this.clock = clock;
    }

    @BindToRegistry("resultFiles")
    public ResultFiles resultFiles() {
        return new ResultFiles(
                settings.data(),
                ledger.batches(),
                () -> settings.guard().hours().flatMap(hours -> hours.closed(clock.instant())));
    }

    @BindToRegistry("heldNotes")
    public HeldNotes heldNotes() {
        return new HeldNotes(settings.data(), ledger.units());
    }

    @BindToRegistry("outbox")
    public Outbox outbox() {
        return ledger.outbox();
    }
}
