package org.deprovisioner.console;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Machine;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.SlowLane;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Settings;

/** The first page: is it well, what waits for me, how long will it take. */
final class OverviewPage {

    private static final int SOME = 10;

    private final Settings settings;
    private final Ledger ledger;
    private final BatchCounts counts;
    private final Layout layout;
    private final Clock clock;
    private final Instant started;
    private final Kept<String, String> live = new Kept<>();

    OverviewPage(ConsoleContext context, BatchCounts counts, Layout layout) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.counts = counts;
        this.layout = layout;
        this.clock = context.clock();
        this.started = clock.instant();
    }

    void addTo(Router router) {
        router.page("/", request -> layout.page(request, "Overview", "overview", view()));
        router.page(
                "/live/overview",
                request -> WebResponse.html(live.get("overview", () -> Templates.filled("overview-live", view()))));
    }

    /** What waits for a person, with where it is looked at. */
    record Task(String words, String href, String link) {}

    /** A pause, and where it is ended. */
    record ShownPause(String words, String remedy, Shown.When since, Optional<String> resume) {}

    /** A machine that works on this ledger, and since when, or when it was heard of last. */
    record ShownMachine(String name, String words, Shown.When when) {}

    record View(
            String kind,
            String sentence,
            Optional<String> left,
            List<Task> tasks,
            Chart chart,
            List<ShownPause> pauses,
            List<String> slow,
            List<ShownMachine> machines,
            List<BatchesPage.Line> batches,
            Shown.When now) {}

    private View view() {
        List<PauseReport> pauses = PauseReport.all(ledger);
        List<ListedBatch> newest = ledger.rowPages().batches(Optional.empty(), SOME / 2);
        long toSend = counts.toSend();
        List<Task> tasks = tasks(pauses);
        Condition state = state(pauses, toSend, tasks, newest.isEmpty());
        return new View(
                state.kind(),
                state.sentence(),
                toSend == 0
                        ? Optional.empty()
                        : Optional.of(counts.timeLeft(toSend)
                                .map(left -> "%s still to be sent: at least %s at the quota."
                                        .formatted(Shown.rows(toSend), Shown.span(atLeastASecond(left))))
                                .orElse(
                                        "%s still to be sent; how long that takes cannot be said while something stands still%s."
                                                .formatted(
                                                        Shown.rows(toSend),
                                                        settings.tenants().size() > 1
                                                                ? ", or several tenants have a quota each"
                                                                : ""))),
                tasks,
                Chart.of(settings, ledger, clock.instant()),
                pauses.stream().map(OverviewPage::shown).toList(),
                SlowLane.all(settings, ledger, clock.instant()).stream()
                        .map(OverviewPage::words)
                        .toList(),
                machines(),
                newest.stream()
                        .map(batch -> BatchesPage.line(batch, counts.of(batch)))
                        .toList(),
                Shown.when(clock.instant()));
    }

    private List<ShownMachine> machines() {
        return settings.ledgerIsShared()
                ? Machine.all(ledger).stream()
                        .map(machine -> new ShownMachine(
                                machine.name(), machine.state() + ", last heard of at", Shown.when(machine.lastSeen())))
                        .toList()
                : List.of(new ShownMachine(
                        host(), "runs this service and works the ledger off, since", Shown.when(started)));
    }

    private static Duration atLeastASecond(Duration left) {
        return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }

    /** What is the matter as a whole. */
    private record Condition(String kind, String sentence) {}

    private Condition state(List<PauseReport> pauses, long toSend, List<Task> tasks, boolean empty) {
        Optional<String> stop = Brakes.stopFile(settings.data())
                .map(file -> "Nothing is sent: the file " + file.getFileName()
                        + " stops every call. Remove it from the data folder to go on.");
        Optional<String> list = Standstill.byProtectedList(settings);
        if (stop.isPresent() || list.isPresent()) {
            return new Condition("bad", stop.or(() -> list).orElseThrow());
        }
        long resumes =
                pauses.stream().filter(pause -> pause.until().equals("resume")).count();
        if (resumes > 0) {
            return new Condition("bad", "%s until a person resumes it.".formatted(paused(pauses)));
        } else if (!pauses.isEmpty()) {
            return new Condition("warn", paused(pauses) + ", and goes on by itself once its cause is gone.");
        }
        Optional<String> closed = Standstill.atThisHour(settings);
        if (closed.isPresent() && toSend > 0) {
            return new Condition("warn", closed.get());
        } else if (settings.requests().dryRun()) {
            return new Condition("warn", "This is a dry run: nothing is sent (deprovision.dry-run=true).");
        } else if (toSend > 0) {
            return new Condition("good", "All is well, and devices are being deprovisioned.");
        } else if (empty) {
            return new Condition("good", "All is well. Nothing was handed over yet: start with Submit.");
        }
        return tasks.isEmpty()
                ? new Condition("good", "All is well, and everything that was handed over has ended.")
                : new Condition("warn", "Nothing is being sent; something waits for a person.");
    }

    private static String paused(List<PauseReport> pauses) {
        return pauses.size() == 1
                ? "Sending is paused for " + PauseReport.scopeName(pauses.get(0).scope())
                : "Sending is paused in %d places".formatted(pauses.size());
    }

    private List<Task> tasks(List<PauseReport> pauses) {
        List<Task> tasks = new ArrayList<>();
        for (String name : ledger.rowPages().batchesWith(State.HELD, SOME)) {
            ledger.rowPages()
                    .batch(name)
                    .ifPresent(batch -> tasks.add(new Task(
                            "%s of '%s' %s held until somebody approves."
                                    .formatted(
                                            Shown.rows(counts.of(batch).held()),
                                            name,
                                            counts.of(batch).held() == 1 ? "is" : "are"),
                            BatchPage.path(name) + "/approve",
                            "Look at it, and approve or cancel")));
        }
        pauses.stream()
                .filter(pause -> pause.until().equals("resume"))
                .forEach(pause -> tasks.add(new Task(
                        "A pause of " + PauseReport.scopeName(pause.scope()) + " waits for a person.",
                        PausePages.resumePath(pause.scope()),
                        "See why, and resume")));
        long dead = counts.in(State.DEAD);
        if (dead > 0) {
            tasks.add(new Task(
                    "%s failed or %s unknown, each with its cause and remedy."
                            .formatted(Shown.rows(dead), dead == 1 ? "is" : "are"),
                    "/dead-letters",
                    "Dead letters by cause"));
        }
        long inDoubt = counts.in(State.IN_DOUBT);
        if (inDoubt > 0) {
            tasks.add(new Task(
                    "%s in doubt or being verified: the service reads the devices back by itself."
                            .formatted(Shown.count(inDoubt, "row is", "rows are")),
                    "/in-doubt",
                    "What each look saw"));
        }
        return tasks;
    }

    static ShownPause shown(PauseReport pause) {
        return new ShownPause(
                "Paused: " + PauseReport.scopeName(pause.scope()) + ". " + pause.message(),
                pause.remedy(),
                Shown.when(pause.since()),
                Optional.of(PausePages.resumePath(pause.scope())));
    }

    private static String words(SlowLane lane) {
        return String.format(
                Locale.ROOT,
                "Tenant %s uses %.1f of %.1f %s a second, since Graph answered %s. It grows again while nothing is refused.",
                lane.tenant(),
                lane.callsPerSecond(),
                lane.quotaPerSecond(),
                lane.lane().equals("actions") ? "calls" : "reads",
                lane.by());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "this machine";
        }
    }
}
