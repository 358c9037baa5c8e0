package org.deprovisioner.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has passed every check of {@link ConsoleHandler}: what a page, an action or an operation of the API is
 * given. All of it is text from outside, decoded and bounded.
 *
 * @param path as it came, without the query
 * @param named what stands in the path where its template has a {@code {name}}
 * @param query the parameters behind the {@code ?}
 * @param headers by name in small letters, the first of each
 * @param person who asks; empty behind an open door
 * @param csrf what a form of the page that answers carries in its hidden field {@value Forms#CSRF}; empty without a session
 */
record WebRequest(
        String method,
        String path,
        Map<String, String> named,
        Map<String, List<String>> query,
        Map<String, String> headers,
        Peer peer,
        Body body,
        Optional<Person> person,
        String csrf) {

    /**
     * Who is at the other end of the connection.
     *
     * @param address without its port
     * @param secure whether the browser came over TLS
     * @param loopback whether the connection came in at a loopback address
     * @param origin scheme, host and port by which the console was reached
     */
    record Peer(String address, boolean secure, boolean loopback, String origin) {}

    /** A path parameter of the template. */
    String named(String name) {
        return Optional.ofNullable(named.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** The first parameter of this name behind the {@code ?}; empty when there is none. */
    Optional<String> query(String name) {
        return first(query, name);
    }

    /** The first field of this name in the form that was posted; empty when there is none. */
    Optional<String> form(String name) {
        return first(body.form(), name);
    }

    /** A file of the form that was posted, or of no form at all. */
    Optional<Body.Upload> file(String name) {
        return Optional.ofNullable(body.files().get(name));
    }

    /** A header, by its name in small letters. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Who asks, behind a door that only those pass who are signed in. */
    Person signedIn() {
        return person.orElseThrow(() -> new RefusedException(401, "Sign in first."));
    }

    private static Optional<String> first(Map<String, List<String>> values, String name) {
        return values.getOrDefault(name, List.of()).stream().findFirst();
    }
}
