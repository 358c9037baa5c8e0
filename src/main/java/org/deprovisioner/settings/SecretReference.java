package org.deprovisioner.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A secret and where it is kept: in a file or a vault it may be renewed while we run.
 *
 * @param atStart what it was when the settings were read; empty where a vault was not asked yet
 * @param file the file that holds it, where it is kept in one
 * @param vault asks the vault for it, where it is kept in one
 */
public record SecretReference(Secret atStart, Optional<Path> file, Optional<Supplier<Secret>> vault) {

    /** A secret of the settings themselves, or of a file. */
    public SecretReference(Secret atStart, Optional<Path> file) {
        this(atStart, file, Optional.empty());
    }

    /**
     * What it is now.
     *
     * @throws UncheckedIOException when its file cannot be read any more, or is no text
     * @throws UnreadableSecretException when its vault does not give it
     */
    public Secret now() {
        return vault.map(Supplier::get)
                .orElseGet(() -> file.map(SecretReference::read).orElse(atStart));
    }

    private static Secret read(Path file) {
        try {
            return new Secret(TextFile.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
