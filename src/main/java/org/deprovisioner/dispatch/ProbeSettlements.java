package org.deprovisioner.dispatch;

import java.time.Clock;
import java.util.Optional;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.pace.Permit;
import org.deprovisioner.settings.AllowedHours;

/** Settles the probes of paused tenants: one that Graph answers lets one call through. */
public final class ProbeSettlements {

    private final Pauses pauses;
    private final Tenants tenants;
    private final AnswerReader answers;
    private final Optional<AllowedHours> hours;
    private final Clock clock;

    ProbeSettlements(Pauses pauses, Tenants tenants, AnswerReader answers, Optional<AllowedHours> hours, Clock clock) {
        this.pauses = pauses;
        this.tenants = tenants;
        this.answers = answers;
        this.hours = hours;
        this.clock = clock;
    }

    /** Settles a probe by its answer. */
    public void settle(Call probe) {
        probe.permit().ifPresent(Permit::used);
        ReadResult reading = answers.read(probe);
        tenants.learn(probe, probe.answer().orElseThrow());
        if (reading instanceof ReadResult.Listed
                || reading instanceof ReadResult.Found
                || reading instanceof ReadResult.Gone) {
            boolean closed = hours.flatMap(set -> set.closed(clock.instant())).isPresent();
            pauses.letOneThrough(probe.tenant(), closed);
        } else {
            tenants.postpone(probe, reading);
        }
    }
}
