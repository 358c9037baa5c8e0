package org.deprovisioner.console;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.DeviceHistories.Look;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.ListedRow;

/** What nobody knows yet whether it was carried out, and what each look at its device saw. */
final class InDoubtPage {

    private static final int MOST = 25;
    private static final Pattern KEY = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(.*)");

    private final Ledger ledger;
    private final Layout layout;

    InDoubtPage(ConsoleContext context, Layout layout) {
        this.ledger = context.ledger();
        this.layout = layout;
    }

    void addTo(Router router) {
        router.page("/in-doubt", request -> layout.page(request, "In doubt", "in-doubt", view(request)));
    }

    /** What one look saw. */
    record Saw(Shown.When at, String words) {
        static Saw of(Look look) {
            return new Saw(Shown.when(look.at()), look.saw());
        }
    }

    /** A row in doubt. */
    record Doubt(RowList.Row row, String why, Optional<Shown.When> nextLook, List<Saw> looks) {}

    record View(List<Doubt> doubts, Optional<String> next, boolean first) {}

    private View view(WebRequest request) {
        Matcher key = KEY.matcher(request.query("after").orElse(""));
        boolean later = key.matches();
        List<ListedRow> rows = later
                ? ledger.rowPages()
                        .inDoubt(key.group(3), Long.parseLong(key.group(1)), Long.parseLong(key.group(2)), MOST + 1)
                : ledger.rowPages().inDoubt("", 0, 0, MOST + 1);
        return new View(
                rows.stream().limit(MOST).map(this::doubt).toList(),
                rows.size() > MOST ? Optional.of("/in-doubt?after=" + text(rows.get(MOST - 1))) : Optional.empty(),
                !later);
    }

    private static String text(ListedRow row) {
        return row.due().map(due -> due.toEpochMilli()).orElse(0L) + "."
                + row.result().id() + "." + PathPart.encoded(row.tenant());
    }

    private Doubt doubt(ListedRow row) {
        return new Doubt(
                RowList.row(row),
                row.doubt(),
                row.due().map(Shown::when),
                ledger.deviceHistories().looks(row.result().id()).stream()
                        .map(Saw::of)
                        .toList());
    }
}
