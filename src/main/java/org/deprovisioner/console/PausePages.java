package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.settings.Settings;

/** The brake, and how it is released. */
final class PausePages {

    private final Settings settings;
    private final Ledger ledger;
    private final Layout layout;
    private final Notices notices;

    PausePages(ConsoleContext context, Layout layout, Notices notices) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.layout = layout;
        this.notices = notices;
    }

    void addTo(Router router) {
        router.action("/pause", Right.PAUSE, this::pause);
        router.page("/resume", request -> layout.page(request, "Resume", "resume", view(request)));
        router.action("/resume", Right.RESUME, this::resume);
    }

    static String resumePath(String scope) {
        return "/resume?scope=" + PathPart.encoded(scope);
    }

    /** A pause in force. */
    record ShownPause(String scope, String what, String message, String remedy, Shown.When since, String setBy) {}

    record View(List<ShownPause> pauses, boolean mayResume, Optional<String> stop) {}

    private View view(WebRequest request) {
        Optional<String> scope = request.query("scope").or(() -> request.form("scope"));
        return new View(
                PauseReport.all(ledger).stream()
                        .filter(pause -> scope.isEmpty() || pause.scope().equals(scope.get()))
                        .map(pause -> new ShownPause(
                                pause.scope(),
                                PauseReport.scopeName(pause.scope()),
                                pause.message(),
                                pause.remedy(),
                                Shown.when(pause.since()),
                                pause.setBy()))
                        .toList(),
                request.signedIn().may(Right.RESUME),
                org.deprovisioner.guard.Brakes.stopFile(settings.data()).map(String::valueOf));
    }

    private WebResponse pause(WebRequest request) {
        String scope = request.form("scope").orElse(Pause.ALL);
        Optional<String> batch =
                Pause.batch(scope).map(name -> BatchPage.find(ledger, name).name());
        if (batch.isEmpty() && !scope.equals(Pause.ALL) && !settings.tenants().containsKey(scope)) {
            throw new RefusedException(404, "'" + scope + "' is not a configured tenant.");
        }
        Optional<PauseReport> pause = decisions(request)
                .pause(
                        batch.map(Pause::ofBatch).orElse(scope),
                        request.form("reason").map(String::strip).filter(text -> !text.isEmpty()));
        return notices.say(
                batch.map(BatchPage::path).orElse("/"),
                request,
                List.of(
                        pause.map(PauseReport::sentence).orElse("Paused."),
                        "A call that is under way now is still settled; no other is made."));
    }

    private WebResponse resume(WebRequest request) {
        String reason = request.form("reason").orElse("").strip();
        String scope = request.form("scope").orElse("");
        if (reason.isEmpty()) {
            return layout.refused(
                    request, "Resume", "resume", view(request), "Say why it may go on; that stands in the audit log.");
        } else if (ledger.pauses().all().stream()
                .noneMatch(pause -> pause.scope().equals(scope))) {
            return notices.say("/", request, List.of("It is not paused any more, so nothing was to be resumed."));
        }
        return notices.say(
                Pause.batch(scope).map(BatchPage::path).orElse("/"),
                request,
                decisions(request).resume(Optional.of(scope), reason));
    }

    private Decisions decisions(WebRequest request) {
        return new Decisions(settings, ledger, request.signedIn().by(), ApprovalPages.WARNINGS);
    }
}
