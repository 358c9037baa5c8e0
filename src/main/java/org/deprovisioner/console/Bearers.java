package org.deprovisioner.console;

import java.util.Map;
import java.util.function.Function;
import org.deprovisioner.console.WebRequest.Peer;

/** Who stands behind the {@code Authorization: Bearer} of a request to the API. */
final class Bearers {

    private static final String SCHEME = "Bearer ";

    private final Function<String, Person> check;
    private final SignedIn signedIn;

    /** @param check who a bearer is; a {@link RefusedException} with 401 when it is nobody */
    Bearers(Function<String, Person> check, SignedIn signedIn) {
        this.check = check;
        this.signedIn = signedIn;
    }

    /** Where the console's password opens the API. */
    static Function<String, Person> byPassword(Password password) {
        return bearer -> {
            if (!password.is(bearer)) {
                throw new RefusedException(401, "This password is wrong.");
            }
            return Person.withPassword();
        };
    }

    /** @throws RefusedException with 401 when nobody does, and 429 when this address has to wait */
    Person person(Map<String, String> headers, Peer peer) {
        String authorization = headers.getOrDefault("authorization", "");
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedException(
                    401, "The API wants 'Authorization: Bearer' with the console's password, or with an access token.");
        }
        return signedIn.checked(
                peer, () -> check.apply(authorization.substring(SCHEME.length()).strip()));
    }
}
