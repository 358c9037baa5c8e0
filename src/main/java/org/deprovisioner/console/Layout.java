package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Pause;

/** The frame of each page of who is signed in: where else to go, the brake, and what came of the last action. */
final class Layout {

    private static final List<Place> PLACES = List.of(
            new Place("/", "Overview", false),
            new Place("/batches", "Batches", false),
            new Place("/submit", "Submit", false),
            new Place("/dead-letters", "Dead letters", false),
            new Place("/in-doubt", "In doubt", false),
            new Place("/devices", "Device", false),
            new Place("/audit", "Audit", false),
            new Place("/doctor", "Doctor", false));

    private final Notices notices;

    Layout(Notices notices) {
        this.notices = notices;
    }

    /** A place in the navigation. */
    record Place(String href, String label, boolean current) {}

    /**
     * What the frame of a page has.
     *
     * @param everything the scope that the brake stops
     * @param alert why what was asked is not done
     */
    record Frame(
            String title,
            List<Place> places,
            String person,
            String csrf,
            boolean mayPause,
            String everything,
            List<String> notices,
            Optional<String> alert) {}

    /** A page, filled from a template of its own. */
    WebResponse page(WebRequest request, String title, String template, Object view) {
        return page(request, title, template, view, Optional.empty());
    }

    /** The page again from which something was asked that is not done. */
    WebResponse refused(WebRequest request, String title, String template, Object view, String why) {
        return page(request, title, template, view, Optional.of(why)).withStatus(409);
    }

    private WebResponse page(WebRequest request, String title, String template, Object view, Optional<String> alert) {
        Person person = request.signedIn();
        String at = "/" + request.path().split("/", 3)[1];
        Frame frame = new Frame(
                title,
                PLACES.stream()
                        .map(place -> new Place(
                                place.href(), place.label(), place.href().equals(at)))
                        .toList(),
                person.name(),
                request.csrf(),
                person.may(Right.PAUSE),
                Pause.ALL,
                request.query(Notices.FIELD).map(id -> notices.of(id, person)).orElse(List.of()),
                alert);
        return WebResponse.html(Templates.filled(template, frame, view));
    }
}
