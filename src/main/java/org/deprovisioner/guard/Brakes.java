package org.deprovisioner.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;
import org.deprovisioner.settings.AllowedHours;

/**
 * What stops calls at once: a file named STOP or STOP.txt in the data folder, a list of protected devices that cannot be
 * read, and a pause; and what stops actions alone: the hours in which they are not allowed.
 */
public final class Brakes {

    private final Path data;
    private final ProtectedDevices protectedDevices;
    private final Pauses pauses;
    private final Optional<AllowedHours> hours;
    private final Clock clock;
    private final Supplier<Optional<String>> others;

    /**
     * The brakes of a data folder and its ledger.
     *
     * @param hours when actions are allowed; always when empty
     */
    public Brakes(
            Path data, ProtectedDevices protectedDevices, Pauses pauses, Optional<AllowedHours> hours, Clock clock) {
        this(data, protectedDevices, pauses, hours, clock, Optional::empty);
    }

    /**
     * The same of a ledger that several machines share.
     *
     * @param others why another machine lets nobody send; empty when none does
     */
    public Brakes(
            Path data,
            ProtectedDevices protectedDevices,
            Pauses pauses,
            Optional<AllowedHours> hours,
            Clock clock,
            Supplier<Optional<String>> others) {
        this.data = data;
        this.protectedDevices = protectedDevices;
        this.pauses = pauses;
        this.hours = hours;
        this.clock = clock;
        this.others = others;
    }

    /** Why no action may be sent now, whatever the tenant; empty when nothing but a pause may stop one. */
    public Optional<String> onAllActions() {
        return onForAll().or(this::closed);
    }

    /** Why no action is allowed at this hour; empty when it is. */
    public Optional<String> closed() {
        return hours.flatMap(allowed -> allowed.closed(clock.instant()));
    }

    /** Why no call of this tenant may be made now; empty when it may. */
    public Optional<String> on(String tenant) {
        return onForAll().or(() -> pauses.stopping(tenant).map(Pause::message));
    }

    /** Why no call may be made now, whatever the tenant; empty when nothing but a pause may stop one. */
    public Optional<String> onForAll() {
        try {
            return stopped(data).or(protectedDevices::broken).or(others);
        } catch (UncheckedIOException unreadable) {
            return Optional.of(String.valueOf(unreadable.getMessage()));
        }
    }

    /** What the STOP file of a data folder does, in words; empty when there is none. */
    public static Optional<String> stopped(Path data) {
        return stopFile(data).map(file -> "The file " + file + " stops every call. Remove it to go on.");
    }

    /** The STOP file of a data folder, when there is one. */
    public static Optional<Path> stopFile(Path data) {
        // looked at before every action: this is the cheapest list that Java has
        String[] entries = data.toFile().list();
        if (entries == null) {
            throw new UncheckedIOException(
                    "The data folder " + data + " cannot be read, so nothing is sent: a STOP file would not be seen.",
                    new IOException("it cannot be listed"));
        }
        for (String name : entries) {
            if (name.equalsIgnoreCase("STOP") || name.equalsIgnoreCase("STOP.txt")) {
                return Optional.of(data.resolve(name));
            }
        }
        return Optional.empty();
    }
}
