package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.intake.FileOwner;
import org.deprovisioner.intake.WorkingName;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;

/** Hands a file over, and follows what becomes of it. */
final class Submit extends LedgerCommand {

    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);
    private static final Duration FOR_THE_NAME = Duration.ofSeconds(30);
    private static final Duration FOR_THE_REASON = Duration.ofSeconds(3);

    private final Argument<Optional<Path>> named = takes(Argument.parameter(
            Path.class,
            "FILE",
            "A CSV, JSON or JSON Lines file; it is copied, never moved. With --plan the file that was planned."));

    private final Argument<Optional<Path>> planFile = takes(Argument.option(
            Path.class,
            "--plan",
            "PLAN",
            "Apply exactly what 'deprovision plan FILE --out PLAN' has shown: nothing when the file has changed"
                    + " since, and no device that has."));

    private final Argument<Boolean> wait =
            takes(Argument.flag("--wait", "Show progress and the summary, and exit with the batch's exit code."));

    private final Argument<Boolean> newLedger = takes(Run.newLedgerFlag());

    Submit() {
        super(
                "submit",
                "Hand a file over. With --wait follow it until every row is settled or waits; without a running"
                        + " service that sends it, too.");
    }

    @Override
    boolean newLedgerIsMeant() {
        return newLedger.get();
    }

    @Override
    @SuppressWarnings("try")
    Exit run(Settings settings, Ledger ledger) throws Exception {
        Optional<Path> planned = planFile.get();
        Optional<Plan> plan = planned.isPresent() ? Optional.of(Plan.read(planned.get())) : Optional.empty();
        Path file = named.get()
                .or(() -> plan.map(made -> Path.of(made.file())))
                .orElseThrow(() -> new Refused(Exit.USAGE, "Name a FILE, or a --plan."));
        if (!Files.isRegularFile(file)) {
            throw new Refused(Exit.USAGE, file + " is not a file that can be read.");
        }
        Optional<ServiceLock> own = wait.get() ? ServiceLock.acquire(settings.data()) : Optional.empty();
        if (own.isEmpty()) {
            return handOver(file, plan, settings, ledger, Optional.empty());
        }
        try (ServiceLock lock = own.get()) {
            Configuration configuration = settings().readWithCredentials();
            configuration.warnings().forEach(err()::println);
            startLogging(configuration, true);
            Run.refuseOpenFolders(configuration);
            err().println("No service is running: this command sends until the batch is at rest.");
            err().flush();
            try (Service service = Service.startForOneBatch(configuration)) {
                service.endWhereFilesAreTakenAway();
                return handOver(file, plan, settings, ledger, Optional.of(service));
            }
        }
    }

    private Exit handOver(Path file, Optional<Plan> plan, Settings settings, Ledger ledger, Optional<Service> sender)
            throws IOException, InterruptedException {
        long started = System.currentTimeMillis() / 1000 * 1000;
        Path inbox = Files.createDirectories(settings.data().resolve("inbox"));
        boolean isTakenUp = wait.get() || ServiceLock.isHeld(settings.data());
        if (!isTakenUp && plan.isEmpty()) {
            return waits(copyInto(inbox, file));
        }
        String own = String.valueOf(file.toRealPath().getFileName());
        Path whole = copyWhole(file, plan, inbox);
        if (settings.requests().dryRun()) {
            ledger.rehearse(); // what is handed over to a dry run is never sent by a later service
        }
        long intake = plan.isPresent()
                ? ledger.plans()
                        .openFile(plan.get().named(own), user(), plan.get().devices())
                : ledger.intakes().openFile(own, FileOwner.of(whole));
        // it is whole, and has its number: it need not stand still in the inbox first
        Path placed = Files.move(
                whole,
                Files.createDirectories(inbox.resolve(".working"))
                        .resolve(WorkingName.of(intake, own).toString()));
        if (!isTakenUp) {
            return waits(placed);
        }
        Optional<Arrival> arrival = Watch.first(
                wait.get() ? AS_LONG_AS_IT_TAKES : FOR_THE_NAME,
                () -> Optional.of(ledger.intakes().arrival(intake)).filter(this::isTold));
        if (arrival.isEmpty()) {
            out().println("Handed over as " + placed + "; the service has not taken it in yet: deprovision status");
            return Exit.DONE;
        }
        String batch = arrival.flatMap(Arrival::batch).orElse("");
        if (arrival.get().rejected()) {
            throw new Refused(Exit.FAILED, reason(settings.data().resolve("rejected"), own, started));
        }
        sender.ifPresent(service -> service.dispatch(batch));
        out().println("Taken in as batch '" + batch + "'.");
        out().flush();
        return wait.get() ? follow(batch, settings, ledger, sender) : Exit.DONE;
    }

    private Exit waits(Path placed) {
        out().println("Handed over as " + placed + ".");
        out().println("No service is running: nothing of it is sent until 'deprovision run'.");
        return Exit.DONE;
    }

    /** Whether the file's batch is known, and complete where that matters. */
    private boolean isTold(Arrival arrival) {
        return arrival.rejected() || (arrival.batch().isPresent() && !(wait.get() && arrival.open()));
    }

    @SuppressWarnings("try")
    private Exit follow(String batch, Settings settings, Ledger ledger, Optional<Service> own)
            throws InterruptedException {
        Standing standing;
        try (Interruption farewell = Interruption.runs(() -> interrupted(batch, settings, ledger, own))) {
            standing = new Watch(settings, ledger, err())
                    .untilAtRest(List.of(batch))
                    .get(0);
        }
        Summary.print(standing, settings, ledger, out());
        ledger.pauses().all().forEach(pause -> out().println(Scopes.describe(pause)));
        Standing.still(settings).ifPresent(out()::println);
        return standing.exit();
    }

    /** Calls under way are ended and settled first, where this command sends by itself. */
    private void interrupted(String batch, Settings settings, Ledger ledger, Optional<Service> own) {
        own.ifPresent(Service::close);
        out().println();
        Standing.of(batch, settings, ledger).ifPresent(standing -> Summary.print(standing, settings, ledger, out()));
        out().println(
                        own.isPresent()
                                ? "Interrupted. What is still to be sent waits in the ledger. Go on with: deprovision run"
                                : "Interrupted. The service goes on with it: deprovision status " + batch);
        out().println("Or end it: deprovision cancel " + batch);
        out().flush();
    }

    /** A file of the inbox appears whole, and never in the place of another. */
    private Path copyInto(Path inbox, Path file) throws IOException {
        String name = String.valueOf(file.toRealPath().getFileName());
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        Path part = copy(file, inbox);
        for (int number = 1; ; number++) {
            Path target =
                    inbox.resolve(number == 1 ? name : name.substring(0, dot) + "-" + number + name.substring(dot));
            try {
                return Files.move(part, target);
            } catch (FileAlreadyExistsException waitsToBeTakenIn) {
                err().println(target.getFileName() + " still waits in the inbox; the next number is taken.");
            }
        }
    }

    private static Path copy(Path file, Path inbox) throws IOException {
        Path part = inbox.resolve("." + file.toRealPath().getFileName() + "."
                + ProcessHandle.current().pid() + ".part");
        return Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A copy that the routes do not see yet; with a plan, of exactly the file that was planned. */
    private static Path copyWhole(Path file, Optional<Plan> plan, Path inbox) throws IOException {
        Path part = copy(file, inbox);
        if (plan.isPresent() && !Plan.digest(part).equals(plan.get().fileSha256())) {
            Files.delete(part);
            throw new Refused(
                    Exit.FAILED,
                    file
                            + " has changed since it was planned, so nothing of it is handed over. Make a new plan and look at"
                            + " it.");
        }
        return part;
    }

    /** The newest reason that was written for a file of this name since then. */
    static String reason(Path rejected, String name, long since) throws IOException, InterruptedException {
        String base = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        Optional<Path> newest = Watch.first(FOR_THE_REASON, () -> newestReason(rejected, base, since));
        return newest.isPresent()
                ? Files.readString(newest.get()).strip()
                : name + " was rejected; the reason is in " + rejected + ".";
    }

    private static Optional<Path> newestReason(Path rejected, String base, long since) {
        try (Stream<Path> files = Files.list(rejected)) {
            return files.filter(path -> String.valueOf(path.getFileName()).startsWith(base))
                    .filter(path -> path.toString().endsWith(".reason.txt"))
                    .filter(path -> path.toFile().lastModified() >= since)
                    .max(Comparator.comparingLong(path -> path.toFile().lastModified()));
        } catch (IOException notThereYet) {
            return Optional.empty();
        }
    }
}
