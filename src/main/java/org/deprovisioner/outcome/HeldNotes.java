package org.deprovisioner.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Approvals;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.ledger.Units.Held;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.rights.Readers;
import org.deprovisioner.text.Counted;

/** Writes {@code held/<batch>.txt}: why a batch is held, what it would do, and how to release it. */
public final class HeldNotes {

    private final OwnFiles files;
    private final Path approvals;
    private final Units units;

    /** Writes below a data folder from its ledger. */
    public HeldNotes(Path data, Readers readers, Units units, Batches batches) {
        this.files = new OwnFiles(data, "held", ".txt", readers, batches);
        this.approvals = data.resolve("approvals");
        this.units = units;
    }

    /** As {@link #write}, of the batch that a unit is of. */
    public void writeOfUnit(Unit unit) throws IOException {
        write(unit.batch());
    }

    /** As {@link #write}, of a batch that changed. */
    public void writeOfBatch(Changed batch) throws IOException {
        write(batch.name());
    }

    /** Writes the note of a batch that is held, and takes away that of a batch that is held no more. */
    public synchronized void write(String batch) throws IOException {
        Optional<Held> held = units.held(batch);
        if (held.isEmpty()) {
            files.remove(batch);
            return;
        }
        Path part = files.part(batch + "." + ProcessHandle.current().pid()); // commands write it, too
        try {
            OwnerAlone.write(part, text(held.get()));
            files.publish(part, batch);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String withoutShell(Held held) {
        List<String> alike = units.alike(held.batch());
        return alike.size() == 1
                ? "put a file that holds the number %d and nothing else into %s, named exactly: %s"
                        .formatted(held.devices(), approvals, Approvals.fileFor(held.batch()))
                : "not possible: the name of a file could also mean %s"
                        .formatted(alike.stream()
                                .filter(name -> !name.equals(held.batch()))
                                .map(name -> "'" + name + "'")
                                .collect(Collectors.joining(" or ")));
    }

    private String text(Held held) {
        return """
                The batch '%s' is held. Nothing of what is held was sent.

                Why:             %s
                What it would do: deprovision %s (%s). This cannot be undone remotely: each device must be
                                 factory reset by hand to come back.
                How to release:  deprovision approve %s
                                 It shows what is held, and asks for the number of devices.
                Without a shell: %s
                How to end it:   deprovision cancel %s
                """.formatted(
                        held.batch(),
                        held.why(),
                        Counted.of(held.devices(), "device"),
                        Counted.of(held.rows(), "row"),
                        held.batch(),
                        withoutShell(held),
                        held.batch());
    }
}
