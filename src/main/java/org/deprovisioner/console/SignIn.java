package org.deprovisioner.console;

/** Sign-in by password, and sign-out. */
final class SignIn {

    static final String PATH = "/sign-in";

    /** What the file posts that the command {@code console} opens. */
    static final String BY_TOKEN = "/sign-in/token";

    private final Sessions sessions;
    private final Password password;

    SignIn(Sessions sessions, Password password) {
        this.sessions = sessions;
        this.password = password;
    }

    void addTo(Router router) {
        router.open("GET", PATH, request -> WebResponse.html(form("")));
        router.open("POST", PATH, this::byPassword);
        router.signedIn("/sign-out", this::signOut);
    }

    private WebResponse byPassword(WebRequest request) {
        if (!password.is(request.form("password").orElse("").strip())) {
            return WebResponse.html(form("This password is wrong. It stands in the file data/console/password."))
                    .withStatus(403);
        }
        return Cookies.SESSION.set(WebResponse.seeOther("/"), request.peer(), sessions.begin(Person.withPassword()));
    }

    private WebResponse signOut(WebRequest request) {
        Cookies.SESSION.of(request).ifPresent(sessions::end);
        return Cookies.SESSION.clear(WebResponse.seeOther(PATH), request.peer());
    }

    private static String form(String remark) {
        return Page.of("Sign in", """
                <form method="post" action="%s">
                <p role="alert">%s</p>
                <label>Password <input type="password" name="password" autocomplete="current-password" required autofocus></label>
                <button>Sign in</button>
                </form>
                """.formatted(PATH, Page.escaped(remark)));
    }
}
