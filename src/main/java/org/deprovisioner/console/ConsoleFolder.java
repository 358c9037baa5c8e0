package org.deprovisioner.console;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.deprovisioner.rights.OwnerAlone;

/** {@code data/console}, for the service's user alone: what the command {@code console} knows of a running service's. */
public final class ConsoleFolder {

    private static final String ADDRESS = "address";
    private static final String OPENING = "open-";

    private ConsoleFolder() {}

    static Path in(Path data) {
        return data.resolve("console");
    }

    /** From now on says where the console is. */
    static void tell(Path folder, String address) throws IOException {
        clearOpenings(folder);
        OwnerAlone.write(folder.resolve(ADDRESS), address + System.lineSeparator());
    }

    static void forget(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(ADDRESS));
    }

    /**
     * Where the console of a data folder is; empty while none is served.
     *
     * @throws IOException when this user may not know it
     */
    public static Optional<URI> address(Path data) throws IOException {
        try {
            return Optional.of(
                    URI.create(Files.readString(in(data).resolve(ADDRESS)).strip()));
        } catch (NoSuchFileException noneServed) {
            return Optional.empty();
        }
    }

    /**
     * Makes a file that signs in whoever opens it in a browser: once, and within a minute. Only this user may read it.
     *
     * @return empty where this user may not read the password
     */
    public static Optional<Path> opening(Path data, URI address) throws IOException {
        Path folder = in(data);
        Password password = Password.in(folder);
        if (!password.canBeRead()) {
            return Optional.empty();
        }
        clearOpenings(folder);
        Path file = folder.resolve(OPENING + Sessions.random().substring(0, 12) + ".html");
        String token = new OneTimeTokens(password, Clock.systemUTC()).make();
        OwnerAlone.writeNew(file, """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Deprovisioner</title></head>
                <body>
                <form method="post" action="%s%s">
                <input type="hidden" name="token" value="%s">
                <button>Open the console</button>
                </form>
                <script>document.forms[0].submit()</script>
                </body>
                </html>
                """.formatted(Page.escaped(address.toString()), SignIn.BY_TOKEN, token));
        return Optional.of(file);
    }

    /** Those of before open nothing any more. */
    private static void clearOpenings(Path folder) throws IOException {
        try (DirectoryStream<Path> before = Files.newDirectoryStream(folder, OPENING + "*.html")) {
            for (Path file : before) {
                Files.deleteIfExists(file);
            }
        }
    }
}
