package org.deprovisioner.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Pauses;

/**
 * What stops calls at once: a file named STOP or STOP.txt in the data folder, a list of protected devices that cannot be
 * read, and a pause.
 */
public final class Brakes {

    private static final Set<String> STOP = Set.of("stop", "stop.txt");

    private final Path data;
    private final ProtectedDevices protectedDevices;
    private final Pauses pauses;

    /** The brakes of a data folder and its ledger. */
    public Brakes(Path data, ProtectedDevices protectedDevices, Pauses pauses) {
        this.data = data;
        this.protectedDevices = protectedDevices;
        this.pauses = pauses;
    }

    /** Why no call of this tenant may be made now; empty when it may. */
    public Optional<String> on(String tenant) {
        return onForAll().or(() -> pauses.stopping(tenant).map(Pause::message));
    }

    /** Why no call may be made now, whatever the tenant; empty when nothing but a pause may stop one. */
    public Optional<String> onForAll() {
        return stopFile(data)
                .map(file -> "The file " + file + " stops every call. Remove it to go on.")
                .or(protectedDevices::broken);
    }

    /** The STOP file of a data folder, when there is one. */
    public static Optional<Path> stopFile(Path data) {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.filter(entry ->
                            STOP.contains(String.valueOf(entry.getFileName()).toLowerCase(Locale.ROOT)))
                    .findFirst();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "The data folder " + data + " cannot be read, so nothing is sent: a STOP file would not be seen.",
                    unreadable);
        }
    }
}
