package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.deprovisioner.rights.OwnerAlone;

/**
 * The console's password: in a file that only the service's user may read, made at the first start. It is read each time,
 * so another one that is written there holds at once.
 */
final class Password {

    private static final String NAME = "password";
    private static final int SHORTEST = 12;

    private final Path file;

    private Password(Path file) {
        this.file = file;
    }

    /** The one that is kept in a folder. */
    static Password in(Path folder) {
        return new Password(folder.resolve(NAME));
    }

    /** The same; it is made where there is none. */
    static Password madeIn(Path folder) throws IOException {
        try {
            OwnerAlone.writeNew(folder.resolve(NAME), Sessions.random() + System.lineSeparator());
        } catch (FileAlreadyExistsException asItIs) {
            // of an earlier start, or chosen by a person
        }
        return in(folder);
    }

    boolean canBeRead() {
        return Files.isReadable(file);
    }

    /** Whether this is it. */
    boolean is(String given) {
        return MessageDigest.isEqual(value().getBytes(UTF_8), given.getBytes(UTF_8));
    }

    /** @throws RefusedException when it is too short, as that of an empty file is: it lets nobody in */
    String value() {
        try {
            String value = Files.readString(file).strip();
            if (value.length() < SHORTEST) {
                throw new RefusedException(
                        403,
                        "The password in " + file + " has less than " + SHORTEST
                                + " letters, so it lets nobody in. Delete the file and start the service again.");
            }
            return value;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
