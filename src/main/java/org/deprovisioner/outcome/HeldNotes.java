package org.deprovisioner.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deprovisioner.ledger.Batches.Changed;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.ledger.Units.Held;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.rights.OwnerAlone;

/** Writes {@code held/<batch>.txt}: why a batch is held, what it would do, and how to release it. */
public final class HeldNotes {

    private final Path folder;
    private final Path approvals;
    private final Units units;

    /** Writes below a data folder from its ledger. */
    public HeldNotes(Path data, Units units) {
        this.folder = data.resolve("held");
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
        OwnerAlone.folder(folder);
        Path note = folder.resolve(batch + ".txt");
        var held = units.held(batch);
        if (held.isEmpty()) {
            Files.deleteIfExists(note);
            return;
        }
        Path part = folder.resolve(
                "." + batch + "." + ProcessHandle.current().pid() + ".part"); // a command may write it too
        Files.writeString(part, text(held.get()));
        Files.move(part, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String text(Held held) {
        return """
                The batch '%s' is held. Nothing of what is held was sent.

                Why:             %s
                What it would do: deprovision %d device%s (%d row%s). This cannot be undone from afar: each device must be
                                 factory reset by hand to come back.
                How to release:  deprovision approve %s --devices %d
                Without a shell: put a file named %s.txt that holds the number %d and nothing else into
                                 %s
                How to end it:   deprovision cancel %s
                """.formatted(
                        held.batch(),
                        held.why(),
                        held.devices(),
                        held.devices() == 1 ? "" : "s",
                        held.rows(),
                        held.rows() == 1 ? "" : "s",
                        held.batch(),
                        held.devices(),
                        held.batch(),
                        held.devices(),
                        approvals,
                        held.batch());
    }
}
