package org.deprovisioner.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.settings.Settings;

/** What the ledger knows of the pace of an earlier process, or of another machine that worked it off. */
final class PaceOfBefore {

    private final Pace pace;
    private final Ledger ledger;
    private final Duration timeout;
    private final Clock clock;

    PaceOfBefore(Pace pace, Ledger ledger, Duration timeout, Clock clock) {
        this.pace = pace;
        this.ledger = ledger;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** What was sent may still fill the window at the server, and a Retry-After may still run. */
    void goOn(Collection<Settings.Tenant> tenants) {
        tenants.forEach(this::goOn);
    }

    private void goOn(Settings.Tenant one) {
        Instant now = clock.instant();
        String tenant = one.name();
        Duration window = one.quota().window();
        ledger.attempts()
                .placesTaken(tenant, window, timeout)
                .ifPresentOrElse(
                        places -> pace.goOn(
                                tenant,
                                places.stream()
                                        .map(free -> Duration.between(now, free))
                                        .toList()),
                        () -> pace.close(tenant, window));
        ledger.pauses().slowLanes().stream()
                .filter(slow -> slow.tenant().equals(tenant))
                .forEach(slow -> pace.goOn(tenant, slow.write(), slow.share(), Duration.between(slow.at(), now)));
        Duration closed = Duration.between(now, ledger.pauses().laneClosedUntil(tenant));
        if (!closed.isNegative()) {
            pace.close(tenant, closed);
        }
    }
}
