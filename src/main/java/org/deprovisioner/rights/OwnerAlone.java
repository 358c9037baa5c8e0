package org.deprovisioner.rights;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Files and folders that only the user who runs the program may read and write, from the moment they exist. */
public final class OwnerAlone {

    private static final String FILE = "rw-------";

    private OwnerAlone() {}

    /** Makes a file in a folder that is there; a file that exists is left as it is. */
    public static void file(Path file) throws IOException {
        try {
            Files.createFile(file, attribute(file, FILE, EnumSet.noneOf(AclEntryFlag.class)));
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
            if (!Files.isDirectory(folder)) {
                throw asItIs;
            }
            // its rights may have been chosen by its owner
        }
    }

    /** Makes a file for this text, in the place of any other. */
    public static void write(Path file, String text) throws IOException {
        try (Writer writer = writer(file)) {
            writer.write(text);
        }
    }

    /**
     * Makes a file for this text.
     *
     * @throws FileAlreadyExistsException where there is one
     */
    public static void writeNew(Path file, String text) throws IOException {
        Files.createFile(file, attribute(file, FILE, EnumSet.noneOf(AclEntryFlag.class)));
        Files.writeString(file, text);
    }

    /** Makes a file in the place of any other, and opens it for text. */
    public static BufferedWriter writer(Path file) throws IOException {
        Files.deleteIfExists(file); // its rights, or where it leads to, are not ours
        Files.createFile(file, attribute(file, FILE, EnumSet.noneOf(AclEntryFlag.class)));
        return Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    /**
     * Takes the rights of all others from a file that somebody handed over. It stays as it is where it has a second name,
     * for that one is not ours, and where its owner alone may change its rights.
     */
    public static void restrict(Path file) throws IOException {
        if (hasSecondName(file)) {
            return;
        }
        try {
            PosixFileAttributeView posix =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (posix != null) {
                posix.setPermissions(PosixFilePermissions.fromString(FILE));
                return;
            }
            AclFileAttributeView acl =
                    Files.getFileAttributeView(file, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (acl != null) {
                acl.setAcl(List.of(owner(file, EnumSet.noneOf(AclEntryFlag.class))));
            }
        } catch (FileSystemException ofAnotherUser) {
            // the folder that it comes to rest in keeps it from the others
        }
    }

    private static boolean hasSecondName(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
    }

    /** Makes a folder and those above it that others may pass through, whatever the umask, and nobody else may write. */
    public static void passableFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static FileAttribute<?> attribute(Path path, String posix, Set<AclEntryFlag> flags) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix));
        }
        AclEntry owner = owner(path, flags);
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

    /** The account that this process runs as; that of a Windows service is known by its whole name alone. */
    private static UserPrincipal self(UserPrincipalLookupService accounts) throws IOException {
        String name = System.getProperty("user.name");
        try {
            return accounts.lookupPrincipalByName(name);
        } catch (UserPrincipalNotFoundException unknown) {
            return accounts.lookupPrincipalByName("NT SERVICE\\" + name);
        }
    }

    private static AclEntry owner(Path path, Set<AclEntryFlag> flags) throws IOException {
        return AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(self(path.getFileSystem().getUserPrincipalLookupService()))
                .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                .setFlags(flags)
                .build();
    }
}
