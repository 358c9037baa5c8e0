package org.deprovisioner.report;

import java.time.Clock;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.guard.ProtectedDevices;
import org.deprovisioner.settings.Settings;

/** Why nothing is sent, of whatever batch, in sentences for people; pauses aside, which the ledger knows. */
public final class Standstill {

    private Standstill() {}

    /** Why nothing is sent at this hour; empty when it is. */
    public static Optional<String> atThisHour(Settings settings) {
        return atThisHour(settings, Clock.systemUTC());
    }

    private static Optional<String> atThisHour(Settings settings, Clock clock) {
        return settings.guard().hours().flatMap(hours -> hours.closed(clock.instant()));
    }

    /** Why the list of protected devices stops every call; empty when it does not. */
    public static Optional<String> byProtectedList(Settings settings) {
        return ProtectedDevices.flaw(settings.guard().protectedDevices());
    }

    /** Why nothing is sent now, be it a STOP file or the hour; empty when it is. */
    public static Optional<String> now(Settings settings) {
        return now(settings, Clock.systemUTC());
    }

    /** The same, by this clock. */
    public static Optional<String> now(Settings settings, Clock clock) {
        return Brakes.stopped(settings.data()).or(() -> atThisHour(settings, clock));
    }
}
