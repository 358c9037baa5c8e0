package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.service.Decisions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API does: each operation is the command of its name. */
final class ApiActions {

    private static final Logger LOG = LoggerFactory.getLogger(ApiActions.class);

    private static final String[] OF_BATCH = {"reason"};
    private static final String[] OF_TENANT = {"tenant", "reason"};

    private final ConsoleContext context;

    ApiActions(ConsoleContext context) {
        this.context = context;
    }

    void addTo(Router router) {
        String batch = Api.PATH + "batches/{name}/";
        add(router, batch + "approve", Right.APPROVE, this::approve);
        add(router, batch + "cancel", Right.CANCEL, this::cancel);
        add(router, batch + "pause", Right.PAUSE, request -> pause(request, OF_BATCH, scope(request)));
        add(router, batch + "resume", Right.RESUME, request -> resume(request, OF_BATCH, Optional.of(scope(request))));
        add(router, batch + "replay", Right.REPLAY, request -> replay(request, Optional.of(batch(request))));
        add(
                router,
                Api.PATH + "pause",
                Right.PAUSE,
                request -> pause(request, OF_TENANT, tenant(request).orElse(Pause.ALL)));
        add(router, Api.PATH + "resume", Right.RESUME, request -> resume(request, OF_TENANT, tenant(request)));
        add(router, Api.PATH + "replay", Right.REPLAY, request -> replay(request, Optional.empty()));
    }

    private static void add(Router router, String path, Right right, WebHandler operation) {
        router.api("POST", path, right, Api.guarded(operation));
    }

    private Decisions decisions(WebRequest request) {
        return new Decisions(
                context.settings(), context.ledger(), request.signedIn().by(), LOG::warn);
    }

    private String batch(WebRequest request) {
        String name = request.named("name");
        return context.ledger()
                .rowPages()
                .batch(name)
                .orElseThrow(() -> Api.noSuchBatch(name))
                .name();
    }

    private String scope(WebRequest request) {
        return Pause.ofBatch(batch(request));
    }

    private Optional<String> tenant(WebRequest request) {
        return ApiBody.of(request, OF_TENANT).text("tenant").map(name -> {
            if (!context.settings().tenants().containsKey(name)) {
                throw new RefusedException(
                        404,
                        "'" + name + "' is not a configured tenant.",
                        "There is: "
                                + String.join(", ", context.settings().tenants().keySet()) + ".");
            }
            return name;
        });
    }

    /** What came of an approval. */
    private record Approved(String batch, long devices) {}

    private WebResponse approve(WebRequest request) throws Exception {
        ApiBody body = ApiBody.of(request, "devices", "facts", "remark");
        String batch = batch(request);
        BatchApproval approval = new BatchApproval(
                batch,
                body.number("devices", "the number of devices that are held, as it was shown to who approves."),
                OptionalLong.of(body.number(
                        "facts", "'facts' of the batch as it was shown, so that nothing is approved that nobody saw.")),
                request.signedIn().by(),
                body.text("remark").orElse(""));
        Verdict verdict = decisions(request).approve(approval);
        if (verdict instanceof Verdict.Released released) {
            return json(new Approved(released.batch(), released.devices()));
        }
        throw new RefusedException(
                verdict instanceof Verdict.NotByThisOne ? 403 : 409,
                verdict.words(),
                "Look at GET " + Api.PATH + "batches/" + batch
                        + " again: it stays held until the right person approves it.");
    }

    private WebResponse cancel(WebRequest request) throws Exception {
        ApiBody.of(request);
        String batch = batch(request);
        return json(decisions(request).cancel(batch).orElseThrow(() -> Api.noSuchBatch(batch)));
    }

    /** A pause that is in force. */
    private WebResponse pause(WebRequest request, String[] fields, String scope) {
        Optional<String> reason = ApiBody.of(request, fields).text("reason");
        PauseReport pause = decisions(request).pause(scope, reason).orElseThrow();
        return json(pause);
    }

    /**
     * What came of ending pauses.
     *
     * @param words a sentence for each that ended, and for what still stands in the way
     */
    private record Resumed(List<String> words, List<PauseReport> pauses) {}

    private WebResponse resume(WebRequest request, String[] fields, Optional<String> scope) {
        String reason =
                ApiBody.of(request, fields).needed("reason", "why sending may go on. It stands in the audit log.");
        List<String> words = decisions(request).resume(scope, reason);
        return json(new Resumed(words, PauseReport.all(context.ledger())));
    }

    /**
     * What came of putting dead letters back.
     *
     * @param unknown those left that may have been carried out
     * @param unreadable those left that were never understood
     */
    private record Replayed(long rows, long unknown, long unreadable) {}

    private WebResponse replay(WebRequest request, Optional<String> batch) {
        ApiBody body = ApiBody.of(request, "outcomes", "force");
        boolean force = body.flag("force");
        if (force && !request.signedIn().may(Right.FORCE)) {
            throw new RefusedException(403, "Nobody but a person may put back what may have been carried out.");
        }
        Set<Outcome> outcomes =
                body.texts("outcomes").stream().map(Api::outcome).collect(Collectors.toSet());
        if (outcomes.stream().anyMatch(outcome -> outcome.state() != State.DEAD)) {
            throw ApiBody.wrong("Only what failed or is unknown can be put back.");
        }
        Decisions.Replayed done = decisions(request).replay(new Choice(batch, outcomes), force);
        return json(new Replayed(
                done.rows(), force ? 0 : done.found().unknown(), done.found().unreadable()));
    }

    private static WebResponse json(Object report) {
        return WebResponse.json(ReportJson.write(report));
    }
}
