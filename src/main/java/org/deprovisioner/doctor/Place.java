package org.deprovisioner.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.deprovisioner.rights.OwnerAlone;

/** Where a folder is or is to be: whether it can be written, or made as {@code run} makes it. */
final class Place {

    static final String USER = System.getProperty("user.name");
    static final String RIGHT = "Run this as the service's user, or give that user the right to write there.";

    private final Path folder;

    Place(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The folder, or the nearest above it that is there. */
    Path nearest() {
        Path at = folder;
        while (!Files.exists(at, LinkOption.NOFOLLOW_LINKS) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** Whether it can be written or made; what is made to find out is taken away again. */
    Remark look(String subject) {
        Path nearest = nearest();
        boolean isThere = nearest.equals(folder);
        if (!Files.isDirectory(nearest)) {
            return Remark.wrong(
                    FoldersCheck.CHECK,
                    subject,
                    isThere ? folder + " is no folder." : folder + " cannot be made, for " + nearest + " is no folder.",
                    "Name another folder with deprovision.data, or move that file away.");
        }
        try {
            tryOut(isThere, nearest);
            return Remark.ok(
                    FoldersCheck.CHECK,
                    subject,
                    isThere
                            ? folder + " can be written."
                            : folder + " is not there yet and can be made; the first start makes it.");
        } catch (IOException refused) {
            return Remark.wrong(
                    FoldersCheck.CHECK,
                    subject,
                    isThere
                            ? folder + " cannot be written by the user " + USER + "."
                            : folder + " cannot be made by the user " + USER + ", for " + nearest
                                    + " cannot be written by it.",
                    RIGHT);
        }
    }

    private void tryOut(boolean isThere, Path nearest) throws IOException {
        if (isThere) {
            Files.delete(Files.createTempFile(nearest, ".doctor", ".part"));
            return;
        }
        // the first of the folders that are missing shows whether the others can be made
        Path first = nearest.resolve(nearest.relativize(folder).getName(0));
        OwnerAlone.passableFolder(first);
        Files.delete(first);
    }

    /** Who owns what is there; empty where the file system does not tell. */
    Optional<String> owner() {
        try {
            return Optional.of(Files.getOwner(nearest()).getName());
        } catch (IOException | UnsupportedOperationException untold) {
            return Optional.empty();
        }
    }
}
