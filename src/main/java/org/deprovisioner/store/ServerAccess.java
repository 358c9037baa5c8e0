package org.deprovisioner.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a database of a server is reached.
 *
 * @param url of JDBC, without a password
 * @param user who signs in
 * @param secret gives the password, asked for at each sign-in
 * @param authorities a PEM file of the authorities of certificates that the server's must be of
 */
public record ServerAccess(
        String url, Optional<String> user, Optional<Supplier<String>> secret, Optional<Path> authorities) {

    /** One that wants nothing but its URL. */
    static ServerAccess to(String url) {
        return new ServerAccess(url, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Optional<String> password() {
        return secret.map(Supplier::get);
    }
}
