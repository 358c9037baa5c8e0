package org.deprovisioner.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A secret and where it is kept.
 *
 * @param atStart what it was when the settings were read
 * @param file the file that holds it, where it is kept in one: it may be renewed there while we run
 */
public record KeptSecret(Secret atStart, Optional<Path> file) {

    /**
     * What it is now.
     *
     * @throws UncheckedIOException when its file cannot be read any more
     */
    public Secret now() {
        return file.map(KeptSecret::read).orElse(atStart);
    }

    private static Secret read(Path file) {
        try {
            return new Secret(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
