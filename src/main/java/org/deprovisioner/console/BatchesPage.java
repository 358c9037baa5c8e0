package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.report.BatchStatus;

/** All batches, the newest first, page by page. */
final class BatchesPage {

    private static final int MOST = 25;

    private final Ledger ledger;
    private final BatchCounts counts;
    private final Layout layout;
    private final Kept<String, String> live = new Kept<>();

    BatchesPage(ConsoleContext context, BatchCounts counts, Layout layout) {
        this.ledger = context.ledger();
        this.counts = counts;
        this.layout = layout;
    }

    void addTo(Router router) {
        router.page("/batches", request -> layout.page(request, "Batches", "batches", view(behind(request))));
        router.page("/live/batches", request -> {
            String behind = behind(request);
            return WebResponse.html(live.get(behind, () -> Templates.filled("batches-live", view(behind))));
        });
    }

    private static String behind(WebRequest request) {
        return request.query("behind").orElse("");
    }

    /** A batch in the list. */
    record Line(String name, String href, Shown.When created, String rows, String kind, String words, Bar bar) {}

    record View(List<Line> batches, boolean first, Optional<String> next, String live) {}

    private View view(String behind) {
        Optional<ListedBatch> from =
                behind.isEmpty() ? Optional.empty() : ledger.rowPages().batch(behind);
        List<ListedBatch> found = ledger.rowPages().batches(from, MOST + 1);
        return new View(
                found.stream()
                        .limit(MOST)
                        .map(batch -> line(batch, counts.of(batch)))
                        .toList(),
                from.isEmpty(),
                found.size() > MOST
                        ? Optional.of("/batches?behind="
                                + PathPart.encoded(found.get(MOST - 1).name()))
                        : Optional.empty(),
                "/live/batches" + (from.isEmpty() ? "" : "?behind=" + PathPart.encoded(behind)));
    }

    static Line line(ListedBatch batch, BatchStatus status) {
        BatchWords words = BatchWords.of(status);
        return new Line(
                batch.name(),
                BatchPage.path(batch.name()),
                Shown.when(batch.created()),
                Shown.rows(status.rows()),
                words.kind(),
                words.state(),
                Bar.of(status));
    }
}
