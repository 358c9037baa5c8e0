package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Clock;
import javax.crypto.SecretKey;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Printable;
import org.deprovisioner.token.PersonSignIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sign-in by Entra ID: sends the browser there, and takes it back with a code that is changed for a token. */
final class SignInByEntra {

    static final String BEGIN = "/sign-in/entra";
    static final String CALLBACK = "/sign-in/callback";
    private static final Logger LOG = LoggerFactory.getLogger(SignInByEntra.class);

    private final Settings.Console settings;
    private final PersonSignIn entra;
    private final EntraTokens tokens;
    private final SignedIn signedIn;
    private final Clock clock;
    private final SecretKey key = SignInState.key();

    SignInByEntra(Settings.Console settings, PersonSignIn entra, EntraTokens tokens, SignedIn signedIn, Clock clock) {
        this.settings = settings;
        this.entra = entra;
        this.tokens = tokens;
        this.signedIn = signedIn;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.open("GET", BEGIN, this::begin);
        router.open("GET", CALLBACK, this::callback);
    }

    private WebResponse begin(WebRequest request) throws IOException {
        SignInState state = SignInState.begin(SignedIn.local(request.query("to")), clock.instant());
        URI address = entra.address(state.state(), state.nonce(), state.challenge(), redirect(request));
        return Cookies.SIGN_IN.set(WebResponse.seeOther(address.toString()), request.peer(), state.locked(key));
    }

    private WebResponse callback(WebRequest request) {
        SignInState state = Cookies.SIGN_IN
                .of(request)
                .flatMap(cookie -> SignInState.unlocked(cookie, key, clock.instant()))
                .filter(begun -> isSame(begun.state(), request.query("state").orElse("")))
                .orElseThrow(() -> new RefusedException(
                        403,
                        "This sign-in did not begin in this browser, or more than ten minutes ago. Begin it again."));
        String code = request.query("code")
                .orElseThrow(() -> new RefusedException(
                        403,
                        "Entra ID did not sign you in: "
                                + Printable.line(request.query("error").orElse("it sent no code"))
                                + ". Begin again, or ask who looks after Entra ID."));
        Person person =
                signedIn.checked(request.peer(), () -> tokens.ofIdToken(idToken(code, state, request), state.nonce()));
        return Cookies.SIGN_IN.clear(signedIn.begin(request, person, SignedIn.goOn(state.to())), request.peer());
    }

    private String idToken(String code, SignInState state, WebRequest request) {
        try {
            return entra.idToken(code, state.verifier(), redirect(request));
        } catch (IOException refused) {
            LOG.warn(
                    "Entra ID did not sign a person in to the console: {}",
                    Printable.line(String.valueOf(refused.getMessage())));
            throw new RefusedException(401, "Entra ID did not sign you in. The log says why. Begin again.");
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new RefusedException(503, "The console is ending.");
        }
    }

    private URI redirect(WebRequest request) {
        String base = settings.url().map(URI::toString).orElse(request.peer().origin());
        return URI.create(base + CALLBACK);
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }
}
