package org.deprovisioner.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import org.deprovisioner.guard.FourEyes;

/** Who a file belongs to. */
public final class FileOwner {

    private FileOwner() {}

    /** The name of a file's owner, never that of what a link points to; a group (as on Windows) is marked as one. */
    public static String of(Path file) throws IOException {
        UserPrincipal owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
        return owner instanceof GroupPrincipal ? FourEyes.GROUP + owner.getName() : owner.getName();
    }
}
