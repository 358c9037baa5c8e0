package org.deprovisioner.console;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.console.Router.Door;
import org.deprovisioner.console.Router.Route;
import org.deprovisioner.console.Sessions.Session;
import org.deprovisioner.console.WebRequest.Peer;

/**
 * Who passes: every check of a request that is none of its page's business, before its body is read and after. A page
 * from elsewhere can make a browser send what it likes but the {@code Origin}, the token of a form, and our cookie.
 */
final class Gate {

    private final Hosts hosts;
    private final Sessions sessions;
    private final Bearers bearers;

    Gate(Hosts hosts, Sessions sessions, Bearers bearers) {
        this.hosts = hosts;
        this.sessions = sessions;
        this.bearers = bearers;
    }

    /** Who may pass: a person behind a door that asks for one, with the session they have where they have one. */
    record Admitted(Optional<Person> person, Optional<Session> session) {}

    /** From where a request came, by its {@code Host} and its connection. */
    Peer peer(String host, String address, boolean tls, boolean loopback) {
        boolean secure = hosts.isSecure(host, tls);
        return new Peer(address, secure, loopback, (secure ? "https://" : "http://") + host.toLowerCase(Locale.ROOT));
    }

    /** @throws RefusedException when the console is not called by this name */
    void refuseForeignHost(Door door, String host) {
        if (door != Door.HEALTH && !hosts.isOurs(host)) {
            throw new RefusedException(
                    421,
                    "The console is not known by this name. Set deprovision.console.url to the address people use.");
        }
    }

    /**
     * Before the body is read.
     *
     * @throws RefusedException when it does not pass; with 401 where a sign-in would help
     */
    Admitted admit(Route route, Map<String, String> headers, Peer peer) {
        if (route.door() != Door.BEARER && !route.method().equals("GET")) {
            refuseForeignOrigin(route, headers, peer);
        }
        Admitted admitted = switch (route.door()) {
            case HEALTH -> new Admitted(Optional.empty(), Optional.empty());
            case OPEN -> session(headers, peer);
            case SESSION -> signedIn(headers, peer);
            case BEARER -> new Admitted(Optional.of(bearers.person(headers, peer)), Optional.empty());
        };
        route.right().ifPresent(right -> refuseWithout(right, admitted));
        return admitted;
    }

    private static void refuseWithout(Right right, Admitted admitted) {
        if (admitted.person().filter(person -> person.may(right)).isEmpty()) {
            throw new RefusedException(
                    403,
                    "Your roles do not allow this (" + right.name().toLowerCase(Locale.ROOT)
                            + "). Roles are given to people in Entra ID: enterprise applications, users and groups.");
        }
    }

    /** A file on disk, which the command {@code console} opens, has no origin; its token lets nobody else in. */
    private static void refuseForeignOrigin(Route route, Map<String, String> headers, Peer peer) {
        String origin = headers.getOrDefault("origin", "");
        boolean ours = origin.toLowerCase(Locale.ROOT).equals(peer.origin());
        if (!ours && !route.path().equals(SignIn.BY_TOKEN)) {
            throw new RefusedException(
                    403,
                    "This did not come from a page of the console (Origin: " + (origin.isEmpty() ? "none" : origin)
                            + "). Behind a proxy, set deprovision.console.url to the address people use.");
        }
    }

    private Admitted session(Map<String, String> headers, Peer peer) {
        Optional<Session> session = Cookies.SESSION
                .of(headers.getOrDefault("cookie", ""), peer.secure())
                .flatMap(sessions::of);
        return new Admitted(session.map(Session::person), session);
    }

    private Admitted signedIn(Map<String, String> headers, Peer peer) {
        Admitted admitted = session(headers, peer);
        if (admitted.person().isEmpty()) {
            throw new RefusedException(401, "Your session has ended, or you have not signed in.");
        }
        return admitted;
    }

    /** Once the body is read: that a form that acts came from a page of this very session. */
    void refuseForgedForm(Route route, Admitted admitted, Map<String, String> headers, Body body) {
        if (route.door() != Door.SESSION || route.method().equals("GET")) {
            return;
        }
        String token = body.form().getOrDefault(Forms.CSRF, java.util.List.of()).stream()
                .findFirst()
                .orElse(headers.getOrDefault(Forms.CSRF_HEADER, ""));
        if (admitted.session().filter(session -> session.isTokenOfForm(token)).isEmpty()) {
            throw new RefusedException(
                    403, "This form is of an earlier session. Go back, load the page again, and repeat.");
        }
    }
}
