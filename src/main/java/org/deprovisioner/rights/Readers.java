package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Who else may read what is written for people, such as results: a group, or nobody.
 *
 * @param group the group's name
 */
public record Readers(Optional<String> group) {

    /** What a reader may do on Windows; on others it is r, and x for folders. */
    private static final EnumSet<AclEntryPermission> READING = EnumSet.of(
            AclEntryPermission.READ_DATA,
            AclEntryPermission.READ_ATTRIBUTES,
            AclEntryPermission.READ_NAMED_ATTRS,
            AclEntryPermission.READ_ACL,
            AclEntryPermission.EXECUTE,
            AclEntryPermission.SYNCHRONIZE);

    /** As {@link OwnerAlone#folder}; the group may look into it, also into one that exists. */
    public void folder(Path folder) throws IOException {
        OwnerAlone.folder(folder);
        share(folder, "rwxr-x---");
    }

    /** Lets the group read a file that is its owner's alone until now. */
    public void file(Path file) throws IOException {
        share(file, "rw-r-----");
    }

    private void share(Path path, String rights) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        GroupPrincipal readers =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
        PosixFileAttributeView posix =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (posix != null) {
            if (!posix.readAttributes().group().equals(readers)) {
                posix.setGroup(readers);
            }
            if (!posix.readAttributes().permissions().equals(PosixFilePermissions.fromString(rights))) {
                posix.setPermissions(PosixFilePermissions.fromString(rights));
            }
            return;
        }
        AclFileAttributeView acl =
                Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (acl != null
                && acl.getAcl().stream().noneMatch(entry -> entry.principal().equals(readers))) {
            List<AclEntry> entries = new ArrayList<>(acl.getAcl());
            entries.add(AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(readers)
                    .setPermissions(READING)
                    .setFlags(EnumSet.noneOf(AclEntryFlag.class))
                    .build());
            acl.setAcl(entries);
        }
    }
}
