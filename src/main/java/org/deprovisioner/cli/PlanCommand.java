package org.deprovisioner.cli;

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
import org.deprovisioner.cli.PlannedRow.Would;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.intake.WorkingName;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.PlanFolder;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.text.Counted;
import org.deprovisioner.text.Sha256;
import org.deprovisioner.vault.HashicorpFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a file would do. The service's own routes look at the devices and guard them, on a copy of the ledger that is thrown
 * away: so a plan shows duplicates and limits as they would be met, and leaves nothing behind.
 */
@Command(
        name = "plan",
        footer = "  deprovision plan leavers.csv",
        description =
                "Show what a file would do, device by device: it is read, each device is looked at, the guards are"
                        + " applied. Nothing is sent, and nothing is recorded.")
final class PlanCommand extends LedgerCommand {

    private static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration WITHOUT_A_ROW = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /** A plan is looked at by somebody who waits: what Graph cannot show now is said soon. */
    private static final String ATTEMPTS = "3";

    /** What the service leaves free of the tenant's quota of reads. */
    private static final int SHARE_BESIDE_THE_SERVICE = 9;

    /** So many of the latest batches tell how large they usually are. */
    private static final int USUAL_BATCHES = 20;

    @Parameters(paramLabel = "FILE", description = "A file as 'submit' takes it; it stays where it is.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--out", paramLabel = "PLAN", description = "Write the plan to a file for 'submit --plan'.")
    private Optional<Path> plan = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) throws Exception {
        InputFile.readable(file);
        Optional<String> unprotected = Standstill.byProtectedList(settings);
        if (unprotected.isPresent()) {
            throw new CommandException(Exit.SETTINGS, unprotected.get());
        }
        try (PlanFolder scratch = PlanFolder.in(settings.data())) {
            ledger.backup(scratch.path().resolve("ledger.db"));
            return plan(settings, ledger, scratch.path());
        }
    }

    private Exit plan(Settings settings, Ledger real, Path scratch) throws Exception {
        Configuration configuration = SettingsReader.ofProcess(home(), overrides(settings, scratch))
                .withVaults(HashicorpFunction::new)
                .readWithCredentials();
        Logging.onlyErrors();
        Path copy = Files.copy(file, scratch.resolve("planned"), StandardCopyOption.REPLACE_EXISTING);
        List<PlannedRow> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>(brakes(settings, real));
        boolean cut;
        Plan.Read read;
        try (Ledger ledger = Ledger.open(configuration.settings().ledgerUrl(), Clock.systemUTC())) {
            ledger.pauses().all().forEach(pause -> ledger.pauses().resume(pause.scope(), user()));
            String digest = Sha256.of(copy);
            try (Service service = Service.startForPlan(configuration)) {
                String batch = takeIn(ledger, copy, scratch);
                service.dispatch(batch);
                cut = !look(ledger, batch);
                Instant now = Instant.now();
                read = Plan.Read.of(ledger.intakes().howRead(batch).orElseThrow());
                ledger.plans().rows(batch, row -> rows.add(PlannedRow.of(row, now)));
            }
            ledger.pauses().all().forEach(pause -> notes.add(pause.message() + " " + pause.remedy()));
            rows.stream()
                    .filter(row -> row.would() == Would.HOLD)
                    .map(PlannedRow::error)
                    .distinct()
                    .forEach(notes::add);
            moreThanUsual(real.plans().largestOfNewest(USUAL_BATCHES), rows).ifPresent(notes::add);
            return show(settings, digest, read, rows, notes, cut);
        }
    }

    private static Optional<String> moreThanUsual(long largest, List<PlannedRow> rows) {
        long sent = rows.stream()
                .filter(row -> row.would() == Would.DEPROVISION || row.would() == Would.HOLD)
                .count();
        return largest > 0 && sent > largest
                ? Optional.of("%s more than usual: the largest of the latest %d batches has %s."
                        .formatted(
                                Counted.of(sent, "device is", "devices are"),
                                USUAL_BATCHES,
                                Counted.of(largest, "row")))
                : Optional.empty();
    }

    private Exit show(
            Settings settings, String digest, Plan.Read read, List<PlannedRow> rows, List<String> notes, boolean cut)
            throws IOException {
        Plan made = Plan.of(
                file.toRealPath(),
                digest,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Plan.Summary.of(rows, settings.pace()),
                read,
                notes,
                rows);
        if (json) {
            out().println(made.json());
        } else {
            new PlanText(made, settings.pace(), out(), width()).print();
        }
        if (cut) {
            err().println("Not every device could be looked at, so this plan cannot be applied with 'submit --plan'.");
            return Exit.UNREACHABLE;
        }
        if (plan.isPresent()) {
            Files.writeString(plan.get(), made.json());
            err().println("Apply exactly this with: deprovision submit --plan " + plan.get());
        }
        if (made.summary().would(Would.HOLD) > 0) {
            return Exit.HELD;
        }
        return made.summary().would(Would.REFUSE) > 0 ? Exit.FAILED : Exit.DONE;
    }

    private static Map<String, String> overrides(Settings settings, Path scratch) throws IOException {
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
    private static List<String> brakes(Settings settings, Ledger ledger) {
        List<String> notes = new ArrayList<>();
        Brakes.stopFile(settings.data())
                .ifPresent(stop -> notes.add("The file " + stop + " stops every call. Remove it to go on."));
        PauseReport.all(ledger).forEach(pause -> notes.add(pause.sentence()));
        Standstill.atThisHour(settings).ifPresent(notes::add);
        if (settings.requests().dryRun()) {
            notes.add("Nothing is sent while deprovision.dry-run=true.");
        }
        return notes;
    }

    /** Gives the file to the routes as if it had been collected from the inbox. */
    private String takeIn(Ledger ledger, Path copy, Path scratch) throws IOException, InterruptedException {
        String name = String.valueOf(file.toRealPath().getFileName());
        long id = ledger.intakes().openFile(name, user());
        Path working = Files.createDirectories(scratch.resolve("inbox").resolve(".working"));
        Files.move(copy, working.resolve(WorkingName.of(id, name).toString()));
        if (!BatchFollower.await(
                TAKEN_UP_WITHIN, () -> isTakenUp(ledger.intakes().arrival(id)))) {
            throw new CommandException(
                    Exit.FAILED,
                    "No route took %s in, so it cannot be planned. Was routes/take-in-files.camel.yaml changed? It has to take"
                                    .formatted(name)
                            + " files from data:inbox/.working.");
        }
        Arrival arrival = readToItsEnd(ledger, id, name);
        if (arrival.rejected()) {
            throw new CommandException(Exit.FAILED, Submit.reason(scratch.resolve("rejected"), name, 0));
        }
        return arrival.batch().orElseThrow();
    }

    /** However long a file is: it is waited for as long as rows of it are read. */
    private static Arrival readToItsEnd(Ledger ledger, long id, String name) throws InterruptedException {
        while (true) {
            long before = ledger.intakes().recorded();
            Optional<Arrival> arrival = BatchFollower.first(
                    WITHOUT_A_ROW,
                    () -> Optional.of(ledger.intakes().arrival(id)).filter(one -> !one.open()));
            if (arrival.isPresent()) {
                return arrival.get();
            } else if (ledger.intakes().recorded() == before) {
                throw new CommandException(
                        Exit.FAILED,
                        "Reading %s stopped: for %s no further row of it was read. Is the disk full or very slow? Make room"
                                        .formatted(name, PlainTime.of(WITHOUT_A_ROW))
                                + " and plan it again; nothing was sent or recorded.");
            }
        }
    }

    private static boolean isTakenUp(Arrival arrival) {
        return !arrival.open() || arrival.batch().isPresent();
    }

    /** Waits until every row was looked at and guarded; false when something stands in the way of that. */
    private boolean look(Ledger ledger, String batch) throws InterruptedException {
        while (true) {
            boolean guarded =
                    BatchFollower.await(BETWEEN_LINES, () -> received(ledger, batch) == 0 || isPaused(ledger));
            if (guarded) {
                return received(ledger, batch) == 0;
            }
            err().println(Counted.of(received(ledger, batch), "device is", "devices are") + " still to be looked at.");
            err().flush();
        }
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
