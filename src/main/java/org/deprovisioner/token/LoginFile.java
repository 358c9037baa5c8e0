package org.deprovisioner.token;

import com.microsoft.aad.msal4j.ITokenCacheAccessAspect;
import com.microsoft.aad.msal4j.ITokenCacheAccessContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a person's sign-in for MSAL in a file that its owner alone may read. It is read each time, so a sign-in by the
 * command {@code login} is known to a running service at once.
 */
record LoginFile(Path file) implements ITokenCacheAccessAspect {

    @Override
    public void beforeCacheAccess(ITokenCacheAccessContext context) {
        try {
            if (Files.exists(file)) {
                context.tokenCache().deserialize(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterCacheAccess(ITokenCacheAccessContext context) {
        if (!context.hasCacheChanged()) {
            return;
        }
        try {
            // a temporary file is its owner's alone from its first byte on
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "login", ".part");
            Files.writeString(part, context.tokenCache().serialize());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
