package org.deprovisioner.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.text.Printable;

/**
 * The name under which a file is worked on: {@code <intake id>-<name>}.
 *
 * @param name the file's own name; what a log or another folder could not hold is taken out of it: control characters
 *     and others that hide or turn round, space at its ends, and what is beyond 200 bytes of its base
 */
public record WorkingName(long intake, String name) {

    private static final int LONGEST_BASE = 200;
    private static final int LONGEST_EXTENSION = 20;
    private static final Pattern GIVEN = Pattern.compile("(\\d{1,18})-(.+)");

    /** The working name of a file. */
    public static WorkingName of(long intake, String fileName) {
        String name = Printable.fileName(fileName);
        String base =
                name.substring(0, name.length() - extension(name).length()).strip();
        while (base.getBytes(UTF_8).length > LONGEST_BASE) {
            base = base.substring(0, base.offsetByCodePoints(base.length(), -1));
        }
        return new WorkingName(intake, (base.isEmpty() ? "file" : base) + extension(name));
    }

    /**
     * What a working name says, as it was given.
     *
     * @throws IllegalArgumentException when it is the name of a file that somebody else put there
     */
    static WorkingName parse(String workingName) {
        Matcher given = GIVEN.matcher(workingName);
        if (!given.matches()) {
            throw new IllegalArgumentException("it is not from the inbox. Move it there.");
        }
        return new WorkingName(Long.parseLong(given.group(1)), given.group(2));
    }

    /** The name without its extension. */
    String base() {
        return name.substring(0, name.length() - extension().length());
    }

    /** The extension with its dot; empty when there is none. */
    String extension() {
        return extension(name);
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= LONGEST_EXTENSION ? name.substring(dot) : "";
    }

    @Override
    public String toString() {
        return intake + "-" + name;
    }
}
