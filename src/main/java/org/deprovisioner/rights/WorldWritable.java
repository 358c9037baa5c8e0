package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Files and folders that everybody may write: whoever does decides what the program does, or what it has done. */
public final class WorldWritable {

    /** Everyone, Authenticated Users and Users, by the names that Windows gives them in some languages. */
    private static final Set<String> EVERYBODY = Set.of(
            "everyone",
            "authenticated users",
            "users",
            "jeder",
            "authentifizierte benutzer",
            "benutzer",
            "tout le monde",
            "utilisateurs authentifiés",
            "utilisateurs",
            "todos",
            "usuarios autentificados",
            "usuarios");

    private static final Set<AclEntryPermission> WRITING = Set.of(
            AclEntryPermission.WRITE_DATA,
            AclEntryPermission.APPEND_DATA,
            AclEntryPermission.DELETE_CHILD,
            AclEntryPermission.WRITE_ACL,
            AclEntryPermission.WRITE_OWNER);

    private WorldWritable() {}

    /**
     * Looks at a folder and what lies directly in it.
     *
     * @param handedOver names in it that are meant to be written by others
     * @return a line for each that everybody may write, with the command that fixes it
     */
    public static List<String> in(Path folder, Set<String> handedOver) throws IOException {
        List<String> problems = new ArrayList<>();
        if (!Files.exists(folder)) {
            return problems;
        }
        problem(folder).ifPresent(problems::add);
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                if (!handedOver.contains(String.valueOf(entry.getFileName())) && Files.exists(entry)) {
                    problem(entry).ifPresent(problems::add);
                }
            }
        }
        return problems;
    }

    private static Optional<String> problem(Path path) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (posix != null) {
            return posix.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE)
                    ? Optional.of(words(path, "chmod o-w '" + path.toString().replace("'", "'\\''") + "'"))
                    : Optional.empty();
        }
        AclFileAttributeView acl = Files.getFileAttributeView(path, AclFileAttributeView.class);
        return acl != null && everybodyMayWrite(acl.getAcl())
                ? Optional.of(words(path, removal(path)))
                : Optional.empty();
    }

    private static String words(Path path, String command) {
        return "Everybody may write " + path + ", and so decide what is deprovisioned. Fix it with: " + command;
    }

    /** Takes the rights of Everyone, Authenticated Users and Users away; their SIDs are the same in every language. */
    static String removal(Path path) {
        return "icacls \"" + path + "\" /inheritance:d /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545";
    }

    static boolean everybodyMayWrite(Collection<AclEntry> entries) {
        return entries.stream()
                .filter(entry -> entry.type() == AclEntryType.ALLOW)
                .filter(entry -> EVERYBODY.contains(account(entry.principal().getName())))
                .anyMatch(entry -> entry.permissions().stream().anyMatch(WRITING::contains));
    }

    /** The account without its domain, such as {@code BUILTIN\}. */
    private static String account(String name) {
        return name.substring(name.lastIndexOf('\\') + 1).toLowerCase(Locale.ROOT);
    }
}
