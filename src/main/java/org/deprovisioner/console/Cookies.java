package org.deprovisioner.console;

import java.util.Optional;
import org.deprovisioner.console.WebRequest.Peer;

/**
 * The console's cookies. Over TLS a cookie's name begins with {@code __Host-}, which browsers take for this very host
 * alone; on http, which is for loopback, such a name is refused by them.
 */
enum Cookies {
    /** Of a session. It is never sent with a request that a page from elsewhere caused. */
    SESSION("deprovisioner", "Strict", ""),
    /** Of a sign-in that is under way: Entra ID sends the browser back, which is a request from elsewhere. */
    SIGN_IN("deprovisioner-sign-in", "Lax", "; Max-Age=600");

    private final String name;
    private final String sameSite;
    private final String age;

    Cookies(String name, String sameSite, String age) {
        this.name = name;
        this.sameSite = sameSite;
        this.age = age;
    }

    String name(boolean secure) {
        return secure ? "__Host-" + name : name + "-http";
    }

    /** The answer with this cookie set. */
    WebResponse set(WebResponse response, Peer peer, String value) {
        return response.withCookie(header(peer, value, age));
    }

    /** The answer that takes this cookie away. */
    WebResponse clear(WebResponse response, Peer peer) {
        return response.withCookie(header(peer, "", "; Max-Age=0"));
    }

    private String header(Peer peer, String value, String lifetime) {
        return name(peer.secure()) + "=" + value + "; Path=/; HttpOnly; SameSite=" + sameSite
                + (peer.secure() ? "; Secure" : "") + lifetime;
    }

    /** What a request has in this cookie. */
    Optional<String> of(WebRequest request) {
        return of(request.header("cookie").orElse(""), request.peer().secure());
    }

    Optional<String> of(String header, boolean secure) {
        String prefix = name(secure) + "=";
        for (String pair : header.split(";", -1)) {
            if (pair.strip().startsWith(prefix)) {
                return Optional.of(pair.strip().substring(prefix.length()));
            }
        }
        return Optional.empty();
    }
}
