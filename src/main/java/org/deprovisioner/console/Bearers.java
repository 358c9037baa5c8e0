package org.deprovisioner.console;

import java.util.Map;
import org.deprovisioner.console.WebRequest.Peer;

/** Who stands behind the {@code Authorization: Bearer} of a request to the API. */
final class Bearers {

    private static final String SCHEME = "Bearer ";

    private final Password password;

    Bearers(Password password) {
        this.password = password;
    }

    /** @throws RefusedException with 401 when nobody does */
    Person person(Map<String, String> headers, Peer peer) {
        String authorization = headers.getOrDefault("authorization", "");
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedException(
                    401, "The API wants Authorization: Bearer with the console's password, or an access token.");
        }
        String token = authorization.substring(SCHEME.length()).strip();
        if (!password.is(token)) {
            throw new RefusedException(401, "This password is wrong.");
        }
        return Person.withPassword();
    }
}
