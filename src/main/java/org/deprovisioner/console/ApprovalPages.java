package org.deprovisioner.console;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.HeldFacts.Facts;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.PlannedRow;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.Decisions.Cancelled;
import org.deprovisioner.settings.Settings;
import org.slf4j.LoggerFactory;

/** What is held, as its approver sees it, and how it is released; and how a batch is cancelled. */
final class ApprovalPages {

    static final Consumer<String> WARNINGS =
            warning -> LoggerFactory.getLogger(ApprovalPages.class).warn("{}", warning);

    private static final int FIRST = 10;
    private static final int LOOKED_AT = 1_000;

    private final Settings settings;
    private final Ledger ledger;
    private final BatchCounts counts;
    private final Layout layout;
    private final Notices notices;
    private final Clock clock;
    private final Kept<String, Optional<HeldShown>> facts = new Kept<>();

    ApprovalPages(ConsoleContext context, BatchCounts counts, Layout layout, Notices notices) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.clock = context.clock();
        this.counts = counts;
        this.layout = layout;
        this.notices = notices;
    }

    void addTo(Router router) {
        router.page("/batches/{name}/approve", request -> {
            ListedBatch batch = BatchPage.find(ledger, request.named("name"));
            return layout.page(request, "Approve " + batch.name(), "approve", view(batch, request));
        });
        router.action("/batches/{name}/approve", Right.APPROVE, this::approve);
        router.page("/batches/{name}/cancel", request -> {
            ListedBatch batch = BatchPage.find(ledger, request.named("name"));
            return layout.page(request, "Cancel " + batch.name(), "cancel", cancelView(batch, request));
        });
        router.action("/batches/{name}/cancel", Right.CANCEL, this::cancel);
    }

    /** How many of something. */
    record Tally(String number, String words) {}

    /**
     * What an approver is shown.
     *
     * @param devices the number to be typed, and that so many wait
     */
    record HeldShown(
            long count,
            String devices,
            String rows,
            String why,
            String age,
            Optional<String> waiting,
            List<BatchPage.By> handedOver,
            List<Tally> reasons,
            List<Tally> refused,
            List<Tally> warnings,
            String lookedAt,
            String takes,
            RowList first) {}

    record View(String name, String path, Optional<HeldShown> held, boolean mayApprove, Optional<String> grace) {}

    private View view(ListedBatch batch, WebRequest request) {
        Duration grace = settings.guard().grace();
        return new View(
                batch.name(),
                BatchPage.path(batch.name()),
                facts.get(
                        batch.name(),
                        batch.facts(),
                        () -> ledger.heldFacts().of(batch.name(), FIRST).map(this::shown)),
                request.signedIn().may(Right.APPROVE),
                grace.isZero() ? Optional.empty() : Optional.of(Shown.span(grace)));
    }

    private HeldShown shown(Facts facts) {
        String batch = facts.held().batch();
        Instant now = clock.instant();
        Map<String, Long> warnings = new TreeMap<>();
        long[] lookedAt = {0};
        ledger.heldFacts().devices(batch, LOOKED_AT, device -> {
            lookedAt[0]++;
            PlannedRow.warnings(device.particulars(), now).forEach(warning -> warnings.merge(warning, 1L, Long::sum));
        });
        List<Tally> reasons = new ArrayList<>();
        facts.reasons().forEach(reason -> reasons.add(new Tally(Shown.rows(reason.rows()), reason.reason())));
        return new HeldShown(
                facts.count(),
                Shown.count(facts.held().devices(), "device waits", "devices wait"),
                Shown.count(facts.held().rows(), "row", "rows") + " of " + Shown.number(facts.rows()),
                facts.held().why(),
                facts.handedOver().stream()
                        .map(handed -> Shown.span(Duration.between(handed.at(), now)))
                        .findFirst()
                        .orElse(""),
                facts.waiting() == 0
                        ? Optional.empty()
                        : Optional.of("%s for another one for the same device, and %s released with these."
                                .formatted(
                                        Shown.count(facts.waiting(), "row waits", "rows wait"),
                                        facts.waiting() == 1 ? "is" : "are")),
                facts.handedOver().stream().map(BatchPage::by).toList(),
                reasons,
                facts.refused().stream()
                        .map(cause -> new Tally(
                                Shown.rows(cause.rows()),
                                cause.example()
                                                .outcome()
                                                .map(outcome -> outcome.word() + ": ")
                                                .orElse("")
                                        + cause.example().error()))
                        .toList(),
                warnings.entrySet().stream()
                        .map(warning ->
                                new Tally(Shown.count(warning.getValue(), "device", "devices"), warning.getKey()))
                        .toList(),
                lookedAt[0] < facts.held().rows()
                        ? "Of the first %s, which were looked at for this.".formatted(Shown.rows(lookedAt[0]))
                        : "",
                Shown.span(BatchStatus.timeLeft(facts.held().devices(), settings.pace())
                        .plusMillis(999)),
                RowList.of(facts.first(), Optional.empty(), Optional.empty()));
    }

    private WebResponse approve(WebRequest request) throws IOException {
        ListedBatch batch = BatchPage.find(ledger, request.named("name"));
        String by = request.signedIn().by();
        long typed = number(request.form("devices").orElse(""));
        long seen = number(request.form("facts").orElse(""));
        Verdict answer = new Decisions(settings, ledger, by, WARNINGS)
                .approve(new BatchApproval(
                        batch.name(),
                        typed,
                        OptionalLong.of(seen),
                        by,
                        request.form("reason").orElse("").strip()));
        if (answer instanceof Verdict.Released) {
            forget(batch);
            return notices.say(BatchPage.path(batch.name()), request, List.of(answer.words()));
        }
        forget(batch);
        String why = answer instanceof Verdict.WrongNumber
                ? "That is not the number of devices that are held, so it stays held. Count again, and type it."
                : answer.words();
        ListedBatch now = BatchPage.find(ledger, batch.name());
        return layout.refused(request, "Approve " + batch.name(), "approve", view(now, request), why);
    }

    private void forget(ListedBatch batch) {
        facts.forget(batch.name());
        counts.forget(batch.name());
    }

    /** A number as people type it; -1 where it is none. */
    private static long number(String typed) {
        String digits = typed.strip().replaceAll("(?<=\\d)[,.'\u00a0 ](?=\\d{3})", "");
        return digits.matches("\\d{1,12}") ? Long.parseLong(digits) : -1;
    }

    record CancelView(String name, String path, String unsent, String done, boolean some, boolean mayCancel) {}

    private CancelView cancelView(ListedBatch batch, WebRequest request) {
        BatchStatus status = counts.of(batch);
        long unsent = status.rows() - status.settled() - status.inDoubt();
        return new CancelView(
                batch.name(),
                BatchPage.path(batch.name()),
                Shown.rows(unsent),
                Shown.count(status.done(), "device was", "devices were"),
                unsent > 0,
                request.signedIn().may(Right.CANCEL));
    }

    private WebResponse cancel(WebRequest request) throws IOException {
        ListedBatch batch = BatchPage.find(ledger, request.named("name"));
        String typed = request.form("name").orElse("").strip();
        if (!typed.equals(batch.name())) {
            return layout.refused(
                    request,
                    "Cancel " + batch.name(),
                    "cancel",
                    cancelView(batch, request),
                    "That is not the name of this batch, so nothing was cancelled. Type it as it stands here.");
        }
        Cancelled cancelled = new Decisions(settings, ledger, request.signedIn().by(), WARNINGS)
                .cancel(batch.name())
                .orElseThrow(() -> new RefusedException(404, "There is no batch '" + batch.name() + "'."));
        forget(batch);
        return notices.say(BatchPage.path(batch.name()), request, cancelled.words());
    }
}
