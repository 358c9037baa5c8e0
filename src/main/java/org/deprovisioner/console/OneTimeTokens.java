package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What opens the console once within a minute, for who could read the password anyway: a time and a number that bear the
 * password's signature. So nothing has to be handed over to the service before, and the password itself leaves no file.
 */
final class OneTimeTokens {

    private static final Duration LIFETIME = Duration.ofSeconds(60);

    private final Password password;
    private final Clock clock;
    private final Map<String, Instant> used = new HashMap<>();

    OneTimeTokens(Password password, Clock clock) {
        this.password = password;
        this.clock = clock;
    }

    /** Makes one. */
    String make() {
        String claim = clock.instant().plus(LIFETIME).getEpochSecond() + "." + Sessions.random();
        return claim + "." + signature(claim);
    }

    /** Whether this is one that is still good; it is not good again. */
    synchronized boolean use(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[0].matches("\\d{1,12}")) {
            return false;
        }
        Instant now = clock.instant();
        Instant until = Instant.ofEpochSecond(Long.parseLong(parts[0]));
        boolean ours =
                MessageDigest.isEqual(signature(parts[0] + "." + parts[1]).getBytes(UTF_8), parts[2].getBytes(UTF_8));
        if (!ours || now.isAfter(until) || until.isAfter(now.plus(LIFETIME).plusSeconds(1))) {
            return false;
        }
        used.values().removeIf(now::isAfter);
        return used.putIfAbsent(token, until.plusSeconds(1)) == null;
    }

    private String signature(String claim) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(password.value().getBytes(UTF_8), "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(("console " + claim).getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
