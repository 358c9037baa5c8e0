package org.deprovisioner.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.deprovisioner.rights.OwnerAlone;

/** What a data folder is known by in a ledger that several machines share: its file {@code node.id}, made once. */
public final class NodeId {

    private NodeId() {}

    /** The id of a data folder, which gets one where it has none. */
    public static String of(Path data) throws IOException {
        Path file = data.resolve("node.id");
        try {
            return UUID.fromString(Files.readString(file).strip()).toString();
        } catch (NoSuchFileException none) {
            OwnerAlone.passableFolder(data);
            String id = UUID.randomUUID().toString();
            OwnerAlone.write(file, id + "\n");
            return id;
        } catch (IllegalArgumentException noId) {
            throw new IOException(file + " does not hold what was written there: an id. Put back the one of before. If"
                    + " there is none, delete the file: this machine is then another one to the ledger, and what the one of"
                    + " before left is taken over by 'deprovision node adopt'.");
        }
    }
}
