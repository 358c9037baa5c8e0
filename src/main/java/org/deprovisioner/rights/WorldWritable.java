package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Files and folders that everybody may write: whoever does decides what the program does, or what it has done. */
public final class WorldWritable {

    private WorldWritable() {}

    /**
     * Looks at a folder and what lies directly in it.
     *
     * @param handedOver names in it that are meant to be written by others
     * @return a line for each that everybody may write, with the command that fixes it
     */
    public static List<String> in(Path folder, Set<String> handedOver) throws IOException {
        List<String> problems = new ArrayList<>();
        if (!Files.exists(folder) || Files.getFileStore(folder).isReadOnly()) { // as Kubernetes mounts settings
            return problems;
        }
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> entries = found.sorted()
                    .filter(entry -> !handedOver.contains(String.valueOf(entry.getFileName())) && Files.exists(entry))
                    .toList();
            if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) == null) {
                return onWindows(folder, entries);
            }
            for (Path path : Stream.concat(Stream.of(folder), entries.stream()).toList()) {
                if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
                    problems.add(words(path, "chmod o-w '" + path.toString().replace("'", "'\\''") + "'"));
                }
            }
        }
        return problems;
    }

    private static List<String> onWindows(Path folder, List<Path> entries) throws IOException {
        List<String> problems = new ArrayList<>();
        if (Sddl.of(folder.toString()).values().stream().anyMatch(Sddl::everybodyMayWrite)) {
            problems.add(words(folder, removal(folder)));
        }
        Map<String, String> rights = entries.isEmpty() ? Map.of() : Sddl.of(folder + "\\*");
        for (Path entry : entries) {
            String name = String.valueOf(entry.getFileName());
            if (!rights.containsKey(name)) {
                throw new IOException("The rights of " + entry + " cannot be read.");
            } else if (Sddl.everybodyMayWrite(rights.get(name))) {
                problems.add(words(entry, removal(entry)));
            }
        }
        return problems;
    }

    private static String words(Path path, String command) {
        return "Everybody may write " + path + ", and so decide what is deprovisioned. Fix it with: " + command;
    }

    /** Takes the rights of Everyone, Authenticated Users and Users away; their SIDs are the same in every language. */
    static String removal(Path path) {
        return "icacls \"" + path + "\" /inheritance:d /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545";
    }
}
