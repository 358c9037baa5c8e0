package org.deprovisioner.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The page to sign in at, sign-in by password or by the file of the command {@code console}, and sign-out. */
final class SignIn {

    static final String PATH = "/sign-in";

    /** What the file posts that the command {@code console} opens. */
    static final String BY_TOKEN = "/sign-in/token";

    private final Sessions sessions;
    private final SignedIn signedIn;
    private final Optional<Password> password;
    private final OneTimeTokens tokens;

    /** @param password empty where people sign in by Entra ID */
    SignIn(Sessions sessions, SignedIn signedIn, Optional<Password> password, OneTimeTokens tokens) {
        this.sessions = sessions;
        this.signedIn = signedIn;
        this.password = password;
        this.tokens = tokens;
    }

    void addTo(Router router) {
        router.open("GET", PATH, request -> WebResponse.html(page(request, "")));
        router.signedIn("/sign-out", this::signOut);
        password.ifPresent(right -> {
            router.open("POST", PATH, request -> byPassword(request, right));
            router.open("POST", BY_TOKEN, this::byToken);
        });
    }

    private WebResponse byPassword(WebRequest request, Password right) {
        try {
            Person person = signedIn.checked(request.peer(), () -> {
                if (!right.is(request.form("password").orElse("").strip())) {
                    throw new RefusedException(
                            401, "This password is wrong. It stands in the file console/password of the data folder.");
                }
                return Person.withPassword();
            });
            return signedIn.begin(request, person, WebResponse.seeOther(SignedIn.local(request.form("to"))));
        } catch (RefusedException refused) {
            int status = refused.status() == 401 ? 403 : refused.status();
            return WebResponse.html(page(request, refused.sentence())).withStatus(status);
        }
    }

    private WebResponse byToken(WebRequest request) {
        if (!tokens.use(request.form("token").orElse(""))) {
            return WebResponse.html(page(
                            request,
                            "This file has opened the console once, or is older than a minute. Run 'deprovision console'"
                                    + " again."))
                    .withStatus(403);
        }
        return signedIn.begin(request, Person.withPassword(), SignedIn.goOn("/"));
    }

    private WebResponse signOut(WebRequest request) {
        Cookies.SESSION.of(request).ifPresent(sessions::end);
        return Cookies.SESSION.clear(WebResponse.seeOther(PATH), request.peer());
    }

    private String page(WebRequest request, String remark) {
        String to = SignedIn.local(request.query("to").or(() -> request.form("to")));
        String alert = remark.isEmpty() ? "" : "<p role=\"alert\">%s</p>".formatted(Page.escaped(remark));
        return Page.of(
                "Sign in",
                password.isPresent()
                        ? alert + """
                                <form method="post" action="%s">
                                <input type="hidden" name="to" value="%s">
                                <input type="text" name="username" value="console" autocomplete="username" hidden>
                                <p><label>Password <input type="password" name="password" autocomplete="current-password" required autofocus></label>
                                <button>Sign in</button></p>
                                <p>It stands in the file console/password of the data folder, for the user who runs the service.
                                The command <code>deprovision console</code> signs that user in without it.</p>
                                </form>
                                """.formatted(PATH, Page.escaped(to))
                        : alert
                                + "<p><a href=\"%s?to=%s\">Sign in with Microsoft</a></p>"
                                        .formatted(
                                                SignInByEntra.BEGIN,
                                                Page.escaped(URLEncoder.encode(to, StandardCharsets.UTF_8))));
    }
}
