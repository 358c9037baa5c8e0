package org.deprovisioner.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import org.deprovisioner.rights.OwnerAlone;

/**
 * How clients sign in to the embedded broker, kept in {@code client.properties} for the service's user alone. The file
 * holds {@code url}, {@code user} and, unless the settings give it, {@code password}.
 */
final class ClientAccess {

    private static final String USER = "deprovision-client";

    private final Path file;
    private final String user;
    private final String password;
    private final boolean made;

    private ClientAccess(Path file, String user, String password, boolean made) {
        this.file = file;
        this.user = user;
        this.password = password;
        this.made = made;
    }

    /** As the settings say; else as the file says; else with a new password. */
    static ClientAccess of(Path file, Optional<String> user, Optional<String> password) throws IOException {
        String name = user.orElse(USER);
        if (password.isPresent()) {
            return new ClientAccess(file, name, password.get(), false);
        }
        Properties known = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                known.load(reader);
            }
        }
        String kept = known.getProperty("password", "");
        return new ClientAccess(file, name, kept.isBlank() ? newPassword() : kept, true);
    }

    static String newPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    void write(String url) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("url", url);
        properties.setProperty("user", user);
        if (made) {
            properties.setProperty("password", password);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(fresh);
        OwnerAlone.file(fresh);
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            properties.store(writer, "How clients sign in to the embedded broker");
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
