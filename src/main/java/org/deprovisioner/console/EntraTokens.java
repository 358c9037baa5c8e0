package org.deprovisioner.console;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.deprovisioner.settings.Settings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a token of Entra ID holds, and who it is of. It must be signed by one of the tenant's keys with RS256, which the
 * token itself has no say in; be issued by this tenant for the console's own app; and hold now. Safe for many threads.
 */
final class EntraTokens {

    private static final Logger LOG = LoggerFactory.getLogger(EntraTokens.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);
    private static final String ROLES = "roles";

    private final Settings.Entra entra;
    private final EntraDocuments documents;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Optional<Check> check = Optional.empty();
    private volatile long triedAt = System.nanoTime() - BETWEEN_TRIES.toNanos();

    EntraTokens(Settings.Entra entra, EntraDocuments documents) {
        this.entra = entra;
        this.documents = documents;
    }

    /** What is checked of every token, and by which keys. */
    private record Check(
            DefaultJWTClaimsVerifier<SecurityContext> claims, DefaultJWTProcessor<SecurityContext> processor) {}

    /**
     * The person that an ID token is of.
     *
     * @param nonce of the sign-in that it is to be the answer to
     * @throws RefusedException when it does not hold, or nobody gave this person a role
     */
    Person ofIdToken(String token, String nonce) {
        JWTClaimsSet claims = checked(token);
        if (!nonce.equals(text(claims, "nonce"))) {
            throw refused("it is the answer to another sign-in");
        }
        return person(claims);
    }

    /**
     * Who sends an access token.
     *
     * @throws RefusedException when it does not hold, is no access token, or nobody gave them a role
     */
    Person ofAccessToken(String token) {
        JWTClaimsSet claims = checked(token);
        if (text(claims, "idtyp").equals("app")) {
            return Person.app(required(claims, "azp"), roles(claims));
        } else if (text(claims, "scp").isEmpty()) {
            throw refused(
                    "it is no access token: it has neither scp nor idtyp=app. An ID token does not open the API; for"
                            + " an app's own token, add the optional claim idtyp to the console's app registration");
        }
        return person(claims);
    }

    private static Person person(JWTClaimsSet claims) {
        String name = text(claims, "preferred_username").isEmpty()
                ? text(claims, "name")
                : text(claims, "preferred_username");
        String id = required(claims, "oid").toLowerCase(Locale.ROOT);
        return Person.person(id, name.isEmpty() ? id : name, roles(claims));
    }

    private static List<Role> roles(JWTClaimsSet claims) {
        try {
            List<String> words =
                    Optional.ofNullable(claims.getStringListClaim(ROLES)).orElse(List.of());
            List<Role> roles =
                    words.stream().flatMap(word -> Role.of(word).stream()).toList();
            if (roles.isEmpty()) {
                throw new RefusedException(
                        403,
                        "You are signed in, but have no role here. Ask for Deprovisioner.Viewer, Deprovisioner.Operator or"
                                + " Deprovisioner.Approver: Entra ID, enterprise applications, users and groups.");
            }
            return roles;
        } catch (ParseException malformed) {
            throw refused("its roles cannot be read");
        }
    }

    private JWTClaimsSet checked(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token); // one without a signature, or locked, is none
            Check with = check();
            with.claims().verify(jwt.getJWTClaimsSet(), null); // before anything is asked of the network for it
            return with.processor().process(jwt, null);
        } catch (KeySourceException unreachable) {
            throw unreachable(unreachable);
        } catch (ParseException malformed) {
            throw refused("it cannot be read, or is not signed");
        } catch (BadJOSEException | JOSEException bad) {
            throw refused(String.valueOf(bad.getMessage()));
        }
    }

    private static RefusedException refused(String why) {
        return new RefusedException(401, "The token is not accepted: " + why + ".");
    }

    private static RefusedException unreachable(Exception cause) {
        LOG.warn("The keys of Entra ID cannot be had, so nobody signs in to the console: {}", cause.getMessage());
        return new RefusedException(503, "Entra ID cannot be reached now. Try again in a moment; the log says more.");
    }

    /** How tokens are checked; found out once, and not by many at a time. */
    private Check check() {
        if (check.isPresent()) {
            return check.get();
        } else if (!looking.tryLock()) {
            throw new RefusedException(503, "Entra ID is being asked for its keys. Try again in a moment.");
        }
        try {
            if (check.isEmpty()) {
                if (System.nanoTime() - triedAt < BETWEEN_TRIES.toNanos()) {
                    throw new RefusedException(503, "Entra ID cannot be reached now. Try again in a moment.");
                }
                triedAt = System.nanoTime();
                check = Optional.of(lookUp());
            }
            return check.get();
        } catch (IOException | RuntimeException failed) {
            throw failed instanceof RefusedException told ? told : unreachable(failed);
        } finally {
            looking.unlock();
        }
    }

    private Check lookUp() throws IOException {
        EntraDocuments.Metadata metadata =
                documents.metadata(URI.create(entra.authority() + "/v2.0/.well-known/openid-configuration"));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                Set.of(entra.clientId()),
                new JWTClaimsSet.Builder()
                        .issuer(metadata.issuer())
                        .claim("ver", "2.0")
                        .claim("tid", entra.tenantId())
                        .build(),
                Set.of("exp", "iat"),
                Set.of());
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                        metadata.keys().toURL(), documents)
                .refreshAheadCache(false) // which would have threads of its own
                .outageTolerant(true)
                .build();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        processor.setJWTClaimsSetVerifier(claims);
        return new Check(claims, processor);
    }

    private static String required(JWTClaimsSet claims, String name) {
        String value = text(claims, name);
        if (value.isEmpty()) {
            throw refused("it has no " + name);
        }
        return value;
    }

    private static String text(JWTClaimsSet claims, String name) {
        @Nullable Object value = claims.getClaim(name);
        return value instanceof String text ? text : "";
    }
}
