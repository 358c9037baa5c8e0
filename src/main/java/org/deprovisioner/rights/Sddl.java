package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Who may write a file on Windows, by the security identifiers in its description: they are the same in every language, and
 * the names of accounts are not.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/ace-strings">ACE Strings</a>
 */
final class Sddl {

    /** Everyone, Anonymous, Authenticated Users, Interactive, Guests and Users, by alias and by identifier. */
    private static final Set<String> EVERYBODY = Set.of(
            "WD",
            "S-1-1-0",
            "AN",
            "S-1-5-7",
            "AU",
            "S-1-5-11",
            "IU",
            "S-1-5-4",
            "BG",
            "S-1-5-32-546",
            "BU",
            "S-1-5-32-545");

    /** Domain Users and Domain Guests, of whatever domain. */
    private static final Pattern OF_A_DOMAIN = Pattern.compile("DU|DG|S-1-5-21(-\\d+){3}-51[34]");

    /** Allowed (also with a condition); flags; rights; two GUIDs; the account. */
    private static final Pattern ALLOWED = Pattern.compile("\\((?:A|OA|XA);[^;]*;([^;]*);[^;]*;[^;]*;([^;)]+)");

    /** What lets somebody change a file or folder, or its rights, by the letters of its right. */
    private static final Set<String> WRITING = Set.of("FA", "FW", "GA", "GW", "KA", "KW", "DC", "LC", "DT", "WD", "WO");

    /** The same as bits: write, append, delete a child, write rights, write owner, all, write in general. */
    private static final long WRITING_BITS = 0x2L | 0x4L | 0x40L | 0x40000L | 0x80000L | 0x10000000L | 0x40000000L;

    private static final long SECONDS = 30;

    private Sddl() {}

    /**
     * The descriptions of what a path names, by their names; {@code *} as its end names all in a folder.
     *
     * @throws IOException when Windows does not tell them
     */
    static Map<String, String> of(String path) throws IOException {
        Path file = Files.createTempFile("rights", ".txt");
        try {
            Process icacls = new ProcessBuilder(command(path, file))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!icacls.waitFor(SECONDS, TimeUnit.SECONDS) || icacls.exitValue() != 0) {
                throw new IOException("The rights of " + path + " cannot be read: 'icacls' failed.");
            }
            return saved(Files.readString(file, StandardCharsets.UTF_16LE));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the rights of " + path + " were read.", interrupted);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static List<String> command(String path, Path file) {
        return List.of("icacls", path, "/save", file.toString(), "/q");
    }

    /** What icacls saves: a line with the name, a line with the description, and so on. */
    static Map<String, String> saved(String text) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        List<String> lines = text.replace("\ufeff", "").lines().toList();
        for (int line = 0; line + 1 < lines.size(); line += 2) {
            descriptions.put(lines.get(line), lines.get(line + 1));
        }
        return descriptions;
    }

    /** Whether everybody, or everybody who can sign in, may write what is described. */
    static boolean everybodyMayWrite(String description) {
        int list = description.indexOf("D:");
        return list < 0 // no list of rights at all: everybody may do everything
                || ALLOWED.matcher(description.substring(list))
                        .results()
                        .anyMatch(entry -> isEverybody(entry.group(2)) && isWriting(entry.group(1)));
    }

    private static boolean isEverybody(String account) {
        return EVERYBODY.contains(account) || OF_A_DOMAIN.matcher(account).matches();
    }

    private static boolean isWriting(String rights) {
        if (rights.startsWith("0x")) {
            return (Long.parseLong(rights.substring(2), 16) & WRITING_BITS) != 0;
        }
        for (int letter = 0; letter + 2 <= rights.length(); letter += 2) {
            if (WRITING.contains(rights.substring(letter, letter + 2))) {
                return true;
            }
        }
        return false;
    }
}
