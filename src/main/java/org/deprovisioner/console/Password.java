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

    private final Path file;

    private Password(Path file) {
        this.file = file;
    }

    /** That of a data folder; it is made where there is none. */
    static Password in(Path folder) throws IOException {
        Path file = folder.resolve("password");
        try {
            OwnerAlone.writeNew(file, Sessions.random() + System.lineSeparator());
        } catch (FileAlreadyExistsException asItIs) {
            // of an earlier start
        }
        return new Password(file);
    }

    /** Whether this is it. An empty file lets nobody in. */
    boolean is(String given) {
        String right = read();
        return !right.isEmpty() && MessageDigest.isEqual(right.getBytes(UTF_8), given.getBytes(UTF_8));
    }

    private String read() {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
