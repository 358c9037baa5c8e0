package org.deprovisioner.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.text.Printable;

/**
 * The name under which a file is worked on: {@code <intake id>-<name>}.
 *
 * @param name the file's own name; its base as {@link BatchName#of} makes it
 */
public record WorkingName(long intake, String name) {

    private static final int LONGEST_EXTENSION = 20;
    private static final Pattern GIVEN = Pattern.compile("(\\d{1,18})-(.+)");
    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9_~-]{1," + (LONGEST_EXTENSION - 1) + "}");

    /** The working name of a file. */
    public static WorkingName of(long intake, String fileName) {
        return new WorkingName(intake, mended(fileName));
    }

    /** A file's name as any folder, log and command can hold it: mostly the same. */
    static String mended(String fileName) {
        String name = Printable.fileName(fileName).strip();
        String extension = extension(name);
        return BatchName.of(name.substring(0, name.length() - extension.length())) + extension;
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
        return dot > 0 && EXTENSION.matcher(name.substring(dot)).matches() ? name.substring(dot) : "";
    }

    @Override
    public String toString() {
        return intake + "-" + name;
    }
}
