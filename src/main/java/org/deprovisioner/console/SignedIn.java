package org.deprovisioner.console;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deprovisioner.console.WebRequest.Peer;

/** What every way to sign in ends with: a session, or a failure that slows its address down. */
final class SignedIn {

    private final Sessions sessions;
    private final FailedSignIns failures;
    private final Consumer<Person> audit;

    /** @param audit is told who has signed in */
    SignedIn(Sessions sessions, FailedSignIns failures, Consumer<Person> audit) {
        this.sessions = sessions;
        this.failures = failures;
        this.audit = audit;
    }

    /**
     * Who somebody turns out to be. One who is known and has no role has not failed, and waits for nothing.
     *
     * @throws RefusedException as the check throws it, and with 429 when this address has to wait
     */
    Person checked(Peer peer, Supplier<Person> check) {
        failures.refuseTooSoon(peer.address());
        try {
            Person person = check.get();
            failures.succeeded(peer.address());
            return person;
        } catch (RefusedException refused) {
            if (refused.status() == 401) {
                failures.failed(peer.address());
            }
            throw refused;
        }
    }

    /** Begins a session, whose cookie goes with this answer. */
    WebResponse begin(WebRequest request, Person person, WebResponse answer) {
        Cookies.SESSION.of(request).ifPresent(sessions::end);
        audit.accept(person);
        return Cookies.SESSION.set(answer, request.peer(), sessions.begin(person));
    }

    /**
     * Goes on by a page of our own, for who came from elsewhere: a Strict cookie does not go along where such a request is
     * only led on.
     */
    static WebResponse goOn(String to) {
        String address = Page.escaped(local(Optional.of(to)));
        return WebResponse.html(Page.goingOn(
                "Signed in", address, "<p>You are signed in. <a href=\"%s\">Go on</a></p>".formatted(address)));
    }

    /** The page to go on with: one of ours, whatever the address says. */
    static String local(Optional<String> to) {
        return to.filter(path -> path.matches("/(?![/\\\\])[!-~]*") && !path.contains("\\"))
                .orElse("/");
    }
}
