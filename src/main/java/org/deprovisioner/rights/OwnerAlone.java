package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Files and folders that only the user who runs the program may read and write, from the moment they exist. */
public final class OwnerAlone {

    private OwnerAlone() {}

    /** Makes a file in a folder that is there; a file that exists is left as it is. */
    public static void file(Path file) throws IOException {
        try {
            Files.createFile(file, attribute(file, "rw-------", EnumSet.noneOf(AclEntryFlag.class)));
        } catch (FileAlreadyExistsException asItIs) {
            // its rights may have been chosen by its owner
        }
    }

    /** Makes a folder in one that is there, so none where a whole tree was moved away; one that exists is left as it is. */
    public static void folder(Path folder) throws IOException {
        try {
            Files.createDirectory(
                    folder,
                    attribute(
                            folder,
                            "rwx------",
                            EnumSet.of(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT)));
        } catch (FileAlreadyExistsException asItIs) {
            // its rights may have been chosen by its owner
            if (!Files.isDirectory(folder)) {
                throw asItIs;
            }
        }
    }

    private static FileAttribute<?> attribute(Path path, String posix, Set<AclEntryFlag> flags) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix));
        }
        AclEntry owner = AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(path.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name")))
                .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                .setFlags(flags)
                .build();
        return new FileAttribute<List<AclEntry>>() {
            @Override
            public String name() {
                return "acl:acl";
            }

            @Override
            public List<AclEntry> value() {
                return List.of(owner);
            }
        };
    }
}
