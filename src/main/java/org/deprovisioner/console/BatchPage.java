package org.deprovisioner.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.ledger.HeldFacts.HandedOver;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.RowPages;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.outcome.ResultFiles;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Settings;

/** A batch: how it stands, how fast it goes, and its rows. */
final class BatchPage {

    private static final int MOST = 50;

    private final Settings settings;
    private final Ledger ledger;
    private final BatchCounts counts;
    private final Layout layout;
    private final Kept<String, String> live = new Kept<>();
    private final Kept<String, List<HandedOver>> handedOver = new Kept<>();

    BatchPage(ConsoleContext context, BatchCounts counts, Layout layout) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.counts = counts;
        this.layout = layout;
    }

    void addTo(Router router) {
        router.page("/batches/{name}", this::page);
        router.page("/live/batches/{name}", request -> {
            String name = request.named("name");
            return WebResponse.html(live.get(name, () -> Templates.filled("batch-live", standing(find(ledger, name)))));
        });
        router.page("/batches/{name}/results.csv", this::results);
    }

    /** Where the page of a batch is. */
    static String path(String batch) {
        return "/batches/" + PathPart.encoded(batch);
    }

    /** @throws RefusedException when there is none */
    static ListedBatch find(Ledger ledger, String name) {
        return ledger.rowPages()
                .batch(name)
                .orElseThrow(() -> new RefusedException(404, "There is no batch '" + name + "'."));
    }

    /** A number that leads to its rows. */
    record Count(String kind, String number, String word, String href) {}

    /** How a batch stands now. */
    record Standing(
            String name,
            String path,
            String kind,
            String sentence,
            Bar bar,
            List<Count> counts,
            Optional<String> pace,
            Optional<String> why,
            List<OverviewPage.ShownPause> pauses,
            boolean held,
            Shown.When now,
            String live) {}

    record By(String by, String what, Shown.When at) {}

    record View(
            Standing standing,
            String rows,
            Shown.When created,
            List<By> handedOver,
            List<String> columns,
            Optional<String> skipped,
            List<Choice> choices,
            RowList list,
            String scope,
            boolean mayCancel,
            boolean dead,
            String deadLetters,
            String results) {}

    /** A way to choose rows. */
    record Choice(String label, String href, boolean current) {}

    private WebResponse page(WebRequest request) {
        ListedBatch batch = find(ledger, request.named("name"));
        String show = request.query("show").orElse(RowFilter.ALL);
        RowFilter filter = RowFilter.of(show);
        RowPages.Key after = RowFilter.key(request.query("after").orElse(""));
        RowPages.Page rows = filter.all()
                ? ledger.rowPages().rows(batch.name(), after, MOST)
                : ledger.rowPages().rows(batch.name(), filter.standing(), after, MOST);
        BatchStatus status = counts.of(batch);
        String path = path(batch.name());
        Optional<org.deprovisioner.ledger.Intakes.HowRead> read =
                ledger.intakes().howRead(batch.name());
        return layout.page(
                request,
                batch.name(),
                "batch",
                new View(
                        standing(batch),
                        Shown.rows(status.rows()),
                        Shown.when(batch.created()),
                        handedOver
                                .get(
                                        batch.name(),
                                        batch.facts(),
                                        () -> ledger.heldFacts().handedOver(batch.name()))
                                .stream()
                                .map(BatchPage::by)
                                .toList(),
                        read.map(how -> how.columns()).orElse(List.of()),
                        read.flatMap(how -> how.skipped().words()),
                        RowFilter.choices(status).stream()
                                .map(choice -> new Choice(
                                        choice.label(),
                                        path + "?show=" + choice.key() + "#rows",
                                        choice.key().equals(filter.key())))
                                .toList(),
                        RowList.of(
                                rows.rows(),
                                rows.next()
                                        .map(next -> path + "?show=" + filter.key() + "&after=" + RowFilter.text(next)
                                                + "#rows"),
                                after.equals(RowPages.Key.FIRST)
                                        ? Optional.empty()
                                        : Optional.of(path + "?show=" + filter.key() + "#rows")),
                        Pause.ofBatch(batch.name()),
                        request.signedIn().may(Right.CANCEL) && status.settled() < status.rows(),
                        status.failed() + status.unknown() > 0,
                        "/dead-letters?batch=" + PathPart.encoded(batch.name()),
                        path + "/results.csv"));
    }

    static By by(HandedOver handed) {
        return new By(
                handed.by(),
                handed.byMessage() ? "as a message" : "as the file " + handed.name(),
                Shown.when(handed.at()));
    }

    private Standing standing(ListedBatch batch) {
        BatchStatus status = counts.of(batch);
        BatchWords words = BatchWords.of(status);
        String path = path(batch.name());
        double rate = status.ready() == 0 ? 0 : counts.rate(batch.name());
        List<OverviewPage.ShownPause> pauses = PauseReport.all(ledger).stream()
                .filter(pause ->
                        Pause.batch(pause.scope()).isEmpty() || pause.scope().equals(Pause.ofBatch(batch.name())))
                .map(OverviewPage::shown)
                .toList();
        return new Standing(
                batch.name(),
                path,
                words.kind(),
                words.sentence(),
                Bar.of(status),
                Bar.parts(status).stream()
                        .map(part -> new Count(
                                part.kind(), part.number(), part.word(), path + "?show=" + part.kind() + "#rows"))
                        .toList(),
                status.ready() == 0
                        ? Optional.empty()
                        : Optional.of(String.format(Locale.ROOT, "%.1f calls a second in the last minute", rate)
                                + BatchStatus.timeLeft(status.ready(), settings, ledger)
                                        .map(left -> "; at least " + Shown.span(left.plus(Duration.ofMillis(999)))
                                                + " left at the quota.")
                                        .orElse(".")),
                status.ready() == 0 ? Optional.empty() : Standstill.now(settings),
                pauses,
                status.held() > 0,
                Shown.when(java.time.Instant.now()),
                "/live" + path);
    }

    private WebResponse results(WebRequest request) {
        ListedBatch batch = find(ledger, request.named("name"));
        var layoutOfRows = ledger.batches()
                .layout(batch.name())
                .orElseThrow(() -> new RefusedException(404, "There is no batch '" + batch.name() + "'."));
        ResultFiles files =
                new ResultFiles(settings.data(), settings.readers(), ledger.batches(), () -> Standstill.now(settings));
        return WebResponse.streamed("text/csv; charset=utf-8", out -> {
                    java.io.PrintWriter text =
                            new java.io.PrintWriter(new java.io.OutputStreamWriter(out, StandardCharsets.UTF_8));
                    files.print(batch.name(), layoutOfRows, text);
                    text.flush();
                })
                .with(
                        "Content-Disposition",
                        "attachment; filename=\"results.csv\"; filename*=UTF-8''" + PathPart.encoded(batch.name())
                                + ".csv");
    }
}
