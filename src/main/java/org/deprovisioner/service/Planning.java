package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.intake.WorkingName;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.HeldDetails;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.PlannedRow;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.text.Sha256;

/**
 * Finds out what a file would do. The service's own routes look at the devices and guard them, on a copy of the ledger that is
 * thrown away: so a plan shows duplicates and limits as they would be met, and leaves nothing behind.
 */
public final class Planning {

    private static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration WITHOUT_A_ROW = Duration.ofMinutes(2);
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(10);

    /** A plan is looked at by somebody who waits: what Graph cannot show now is said soon. */
    private static final String ATTEMPTS = "3";

    /** What the service leaves free of the tenant's quota of reads. */
    private static final int SHARE_BESIDE_THE_SERVICE = 9;

    private final Settings settings;
    private final Ledger real;
    private final Function<Map<String, String>, SettingsReader> readers;
    private final String by;

    /**
     * Plans beside a ledger.
     *
     * @param readers reads the settings again, with some that are set by the program
     * @param by who plans
     */
    public Planning(Settings settings, Ledger real, Function<Map<String, String>, SettingsReader> readers, String by) {
        this.settings = settings;
        this.real = real;
        this.readers = readers;
        this.by = by;
    }

    /**
     * A plan that was made.
     *
     * @param whole whether every device could be looked at; else it is no plan to be applied
     */
    public record Made(Plan plan, boolean whole) {}

    /**
     * Plans a file, which stays where it is.
     *
     * @param name what it is called; its batch would be named after it
     * @param shown how the plan names it
     * @param toLookAt is told, every few seconds, how many devices are still to be looked at
     * @throws NotDoneException when it cannot be planned
     */
    public Made plan(Path file, String name, String shown, LongConsumer toLookAt) throws Exception {
        Optional<String> unprotected = Standstill.byProtectedList(settings);
        if (unprotected.isPresent()) {
            throw new NotDoneException(Exit.SETTINGS, unprotected.get());
        }
        try (PlanFolder scratch = PlanFolder.in(settings.data())) {
            real.backup(scratch.path().resolve("ledger.db"));
            return plan(file, name, shown, toLookAt, scratch.path());
        }
    }

    private Made plan(Path file, String name, String shown, LongConsumer toLookAt, Path scratch) throws Exception {
        Configuration configuration = readers.apply(overrides(scratch)).readWithCredentials();
        Path copy = Files.copy(file, scratch.resolve("planned"), StandardCopyOption.REPLACE_EXISTING);
        List<PlannedRow> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>(brakes());
        boolean whole;
        Plan.Read read;
        String digest = Sha256.of(copy);
        try (Ledger ledger = Ledger.open(configuration.settings().ledgerDatabase(), Clock.systemUTC())) {
            ledger.pauses().all().forEach(pause -> ledger.pauses().resume(pause.scope(), by));
            try (Service service = Service.startForPlan(configuration)) {
                String batch = takeIn(ledger, copy, name, scratch);
                service.dispatch(batch);
                whole = look(ledger, batch, toLookAt);
                Instant now = Instant.now();
                read = Plan.Read.of(ledger.intakes().howRead(batch).orElseThrow());
                ledger.plans().rows(batch, row -> rows.add(PlannedRow.of(row, now)));
            }
            ledger.pauses().all().forEach(pause -> notes.add(pause.message() + " " + pause.remedy()));
        }
        rows.stream()
                .filter(row -> row.would() == Would.HOLD)
                .map(PlannedRow::error)
                .distinct()
                .forEach(notes::add);
        moreThanUsual(rows).ifPresent(notes::add);
        return new Made(
                Plan.of(
                        shown,
                        digest,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        Plan.Summary.of(rows, settings.pace()),
                        read,
                        notes,
                        rows),
                whole);
    }

    private Optional<String> moreThanUsual(List<PlannedRow> rows) {
        long sent = rows.stream()
                .filter(row -> row.would() == Would.DEPROVISION || row.would() == Would.HOLD)
                .count();
        return HeldDetails.moreThanUsual(sent, real.plans().largestOfNewest(HeldDetails.USUAL_BATCHES));
    }

    private Map<String, String> overrides(Path scratch) throws IOException {
        int share = ServiceLock.isHeld(settings.data()) ? SHARE_BESIDE_THE_SERVICE : 1;
        Map<String, String> overrides = new HashMap<>(Map.of(
                "deprovision.data",
                scratch.toString(),
                "deprovision.ledger.url",
                "jdbc:sqlite:" + scratch.resolve("ledger.db"),
                "deprovision.broker.url",
                "none",
                "deprovision.dry-run",
                "true",
                "deprovision.retry.max-attempts",
                ATTEMPTS,
                "deprovision.quota.reads",
                String.valueOf(Math.max(1, settings.pace().reads() / share))));
        if (settings.tenants().size() > 1) {
            settings.tenants()
                    .forEach((name, tenant) -> overrides.put(
                            "deprovision.tenants." + name + ".quota.reads",
                            String.valueOf(Math.max(1, tenant.quota().reads() / share))));
        }
        return overrides;
    }

    /** What would keep the file from being sent now, whatever is in it. */
    private List<String> brakes() {
        List<String> notes = new ArrayList<>();
        Brakes.stopFile(settings.data())
                .ifPresent(stop -> notes.add("The file " + stop + " stops every call. Remove it to go on."));
        PauseReport.all(real).forEach(pause -> notes.add(pause.sentence()));
        Standstill.atThisHour(settings).ifPresent(notes::add);
        if (settings.requests().dryRun()) {
            notes.add("Nothing is sent while deprovision.dry-run=true.");
        }
        return notes;
    }

    /** Gives the file to the routes as if it had been collected from the inbox. */
    private String takeIn(Ledger ledger, Path copy, String name, Path scratch)
            throws IOException, InterruptedException {
        long id = ledger.intakes().openFile(name, by);
        Path working = Files.createDirectories(scratch.resolve("inbox").resolve(".working"));
        Files.move(copy, working.resolve(WorkingName.of(id, name).toString()));
        if (!Await.until(TAKEN_UP_WITHIN, () -> isTakenUp(ledger.intakes().arrival(id)))) {
            throw new NotDoneException(
                    Exit.FAILED,
                    ("No route took %s in, so it cannot be planned. Was routes/take-in-files.camel.yaml changed? It has to take"
                                    + " files from data:inbox/.working.")
                            .formatted(name));
        }
        Arrival arrival = readToItsEnd(ledger, id, name);
        if (arrival.rejected()) {
            throw new NotDoneException(Exit.FAILED, HandOver.whyRejected(scratch, name, 0));
        }
        return arrival.batch().orElseThrow();
    }

    /** However long a file is: it is waited for as long as rows of it are read. */
    private static Arrival readToItsEnd(Ledger ledger, long id, String name) throws InterruptedException {
        while (true) {
            long before = ledger.intakes().recorded();
            Optional<Arrival> arrival = Await.first(
                    WITHOUT_A_ROW,
                    () -> Optional.of(ledger.intakes().arrival(id)).filter(one -> !one.open()));
            if (arrival.isPresent()) {
                return arrival.get();
            } else if (ledger.intakes().recorded() == before) {
                throw new NotDoneException(
                        Exit.FAILED,
                        ("Reading %s stopped: for %s no further row of it was read. Is the disk full or very slow? Make room"
                                        + " and plan it again; nothing was sent or recorded.")
                                .formatted(name, PlainTime.of(WITHOUT_A_ROW)));
            }
        }
    }

    private static boolean isTakenUp(Arrival arrival) {
        return !arrival.open() || arrival.batch().isPresent();
    }

    /** Waits until every row was looked at and guarded; false when something stands in the way of that. */
    private static boolean look(Ledger ledger, String batch, LongConsumer toLookAt) throws InterruptedException {
        while (!Await.until(BETWEEN_WORDS, () -> received(ledger, batch) == 0 || isPaused(ledger))) {
            toLookAt.accept(received(ledger, batch));
        }
        return received(ledger, batch) == 0;
    }

    private static boolean isPaused(Ledger ledger) {
        List<Pause> pauses = ledger.pauses().all();
        return !pauses.isEmpty();
    }

    private static long received(Ledger ledger, String batch) {
        return ledger.batches()
                .progress(batch)
                .map((Progress progress) -> progress.in(State.RECEIVED))
                .orElse(0L);
    }
}
