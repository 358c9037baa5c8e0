package org.deprovisioner.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.DeadLetterCauses;
import org.deprovisioner.ledger.DeadLetterCauses.Cause;
import org.deprovisioner.ledger.DeadLetterCauses.Group;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.ListedRow;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.Decisions.Replayed;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Sha256;

/** Dead letters by what they have in common, their rows, and how they are put back. */
final class DeadLetterPages {

    private static final int MOST_CAUSES = 100;
    private static final int MOST = 50;
    private static final Pattern KEY = Pattern.compile("(\\d{1,18})\\.(.*)");

    private final Settings settings;
    private final Ledger ledger;
    private final Layout layout;
    private final Notices notices;
    private final Kept<String, List<Group>> groups = new Kept<>();

    DeadLetterPages(ConsoleContext context, Layout layout, Notices notices) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.layout = layout;
        this.notices = notices;
    }

    void addTo(Router router) {
        router.page("/dead-letters", this::causes);
        router.page("/dead-letters/{cause}", request -> rows(request, Optional.empty()));
        router.action("/dead-letters/{cause}/replay", Right.REPLAY, this::replay);
    }

    /** A cause, and how many rows have it. */
    record Line(String rows, String batches, String outcome, String code, String remedy, String href) {}

    record View(List<Line> causes, Optional<String> batch, Optional<String> batchHref) {}

    private WebResponse causes(WebRequest request) {
        Optional<String> batch = batch(request);
        return layout.page(
                request,
                "Dead letters",
                "dead-letters",
                new View(
                        groups(batch).stream().map(group -> line(group, batch)).toList(),
                        batch,
                        batch.map(BatchPage::path)));
    }

    private Optional<String> batch(WebRequest request) {
        return request.query("batch")
                .or(() -> request.form("batch"))
                .filter(name -> !name.isEmpty())
                .map(name -> BatchPage.find(ledger, name).name());
    }

    private List<Group> groups(Optional<String> batch) {
        return groups.get(batch.orElse(""), () -> ledger.deadLetterCauses().groups(batch, MOST_CAUSES));
    }

    private static Line line(Group group, Optional<String> batch) {
        Cause cause = group.cause();
        return new Line(
                Shown.rows(group.rows()),
                batch.isPresent() ? "" : Shown.count(group.batches(), "batch", "batches"),
                cause.outcome().word(),
                cause.graphCode(),
                cause.remedy(),
                path(cause)
                        + batch.map(name -> "?batch=" + PathPart.encoded(name)).orElse(""));
    }

    private static String path(Cause cause) {
        return "/dead-letters/" + id(cause);
    }

    /** By what a cause is named in an address. */
    private static String id(Cause cause) {
        return Sha256.of(cause.outcome().word() + "\n" + cause.graphCode() + "\n" + cause.remedy())
                .substring(0, 20);
    }

    record CauseView(
            Line cause,
            RowList list,
            Optional<String> batch,
            String batchName,
            Optional<String> batchHref,
            String replay,
            boolean mayReplay,
            boolean unknown,
            boolean unreadable) {}

    private WebResponse rows(WebRequest request, Optional<String> refused) {
        Optional<String> batch = batch(request);
        Group group = group(request, batch);
        Cause cause = group.cause();
        DeadLetterCauses.Key after = key(request.query("after").orElse(""));
        List<ListedRow> found = ledger.deadLetterCauses().rows(cause, batch, after, MOST + 1);
        String here = path(cause) + "?"
                + batch.map(name -> "batch=" + PathPart.encoded(name) + "&").orElse("");
        boolean unreadable = cause.outcome() == Outcome.INVALID;
        boolean unknown = cause.outcome() == Outcome.UNKNOWN;
        CauseView view = new CauseView(
                line(group, batch),
                RowList.of(
                        found.stream().limit(MOST).toList(),
                        found.size() > MOST
                                ? Optional.of(here + "after=" + text(found.get(MOST - 1)))
                                : Optional.empty(),
                        after.equals(DeadLetterCauses.Key.FIRST) ? Optional.empty() : Optional.of(here)),
                batch,
                batch.orElse(""),
                batch.map(BatchPage::path),
                path(cause) + "/replay",
                request.signedIn().may(Right.REPLAY)
                        && (!unknown || request.signedIn().may(Right.FORCE)),
                unknown,
                unreadable);
        String title = "Dead letters: " + cause.outcome().word();
        return refused.isPresent()
                ? layout.refused(request, title, "dead-letter", view, refused.get())
                : layout.page(request, title, "dead-letter", view);
    }

    private Group group(WebRequest request, Optional<String> batch) {
        return groups(batch).stream()
                .filter(group -> id(group.cause()).equals(request.named("cause")))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        404, "No dead letter has this cause any more. The dead letters are grouped anew."));
    }

    private static String text(ListedRow row) {
        return row.result().id() + "." + PathPart.encoded(row.result().batch());
    }

    private static DeadLetterCauses.Key key(String text) {
        Matcher key = KEY.matcher(text);
        return key.matches()
                ? new DeadLetterCauses.Key(key.group(2), Long.parseLong(key.group(1)))
                : DeadLetterCauses.Key.FIRST;
    }

    private WebResponse replay(WebRequest request) {
        Optional<String> batch = batch(request);
        Cause cause = group(request, batch).cause();
        boolean unknown = cause.outcome() == Outcome.UNKNOWN;
        if (unknown && (request.form("looked").isEmpty() || !request.signedIn().may(Right.FORCE))) {
            return rows(
                    request,
                    Optional.of(
                            "These may have been carried out. Look at each device in Intune first, and say here that"
                                    + " you did."));
        }
        Replayed replayed = new Decisions(settings, ledger, request.signedIn().by(), ApprovalPages.WARNINGS)
                .replay(new Choice(batch, Set.of(), Optional.of(cause)), unknown);
        List<String> words = new ArrayList<>();
        words.add(
                replayed.rows() == 0
                        ? "Nothing was put back."
                        : "Put back: %s. They are looked at and guarded again; one is sent first, and the others when it"
                                        .formatted(Shown.rows(replayed.rows()))
                                + " ended well.");
        if (replayed.found().unreadable() > 0) {
            words.add("Left: %s that %s never understood. Correct them in the dead-letter file, and hand it over again."
                    .formatted(
                            Shown.rows(replayed.found().unreadable()),
                            replayed.found().unreadable() == 1 ? "was" : "were"));
        }
        return notices.say(batch.map(BatchPage::path).orElse("/dead-letters"), request, words);
    }
}
