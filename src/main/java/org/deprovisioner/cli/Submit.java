package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.FullWindow;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.service.Await;
import org.deprovisioner.service.HandOver;
import org.deprovisioner.service.PlanFolder;
import org.deprovisioner.service.Presence;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.service.ServiceLock.Work;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands a file over, and follows what becomes of it. */
@Command(
        name = "submit",
        footer = "  deprovision submit leavers.csv --wait",
        description = "Hand a file over. With --wait follow it until every row is settled or waits; without a running"
                + " service that sends it, too.")
final class Submit extends LedgerCommand {

    private static final Duration WITHOUT_A_ROW = Duration.ofMinutes(5);
    private static final Duration BETWEEN_TURNS = Duration.ofMillis(300);
    private static final Duration FOR_THE_NAME = Duration.ofSeconds(30);
    private static final Duration FOR_ITS_END = Duration.ofSeconds(10);

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "A CSV, JSON or JSON Lines file; it is copied, never moved. With --plan the file that was planned.")
    private Optional<Path> named = Optional.empty();

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "Apply exactly what 'deprovision plan FILE --out PLAN' has shown: nothing when the file has changed"
                            + " since, and no device that has.")
    private Optional<Path> planFile = Optional.empty();

    @Option(names = "--wait", description = "Show progress and the summary, and exit with the batch's exit code.")
    private boolean wait;

    @Mixin
    private final NewLedger newLedger = new NewLedger();

    @Override
    boolean newLedgerIsMeant() {
        return newLedger.isMeant();
    }

    @Override
    @SuppressWarnings("try")
    Exit run(Settings settings, Ledger ledger) throws Exception {
        Optional<Plan> plan = planFile.isPresent() ? Optional.of(Plan.read(planFile.get())) : Optional.empty();
        Path file = named.or(() -> plan.map(made -> Path.of(made.file())))
                .orElseThrow(() -> new CommandException(Exit.USAGE, "Name a FILE, or a --plan."));
        if (!Files.isRegularFile(file)) {
            throw new CommandException(Exit.USAGE, file + " is not a file that can be read.");
        }
        if (!wait) {
            return handOver(file, plan, settings, ledger, Optional.empty());
        }
        if (settings.ledgerIsShared() && !ServiceLock.isServing(settings.data())) {
            throw new CommandException(
                    Exit.UNREACHABLE,
                    "No service runs on this machine, and on a ledger that several machines share a command never sends by"
                            + " itself. Nothing was handed over. Start 'deprovision run' here, or hand the file over where"
                            + " it runs.");
        }
        Optional<ServiceLock> own = turn(settings.data());
        if (own.isEmpty()) {
            return handOver(file, plan, settings, ledger, Optional.empty());
        }
        try (ServiceLock lock = own.get()) {
            Configuration configuration = settings().readWithCredentials();
            configuration.warnings().forEach(err()::println);
            Run.refuseOpenFolders(configuration); // before anything is made there
            startLogging(configuration, true);
            PlanFolder.clear(settings.data());
            err().println("No service is running: this command sends until the batch is at rest.");
            err().flush();
            try (Service service = Service.startForOneBatch(configuration)) {
                service.endWhereFilesAreTakenAway();
                return handOver(file, plan, settings, ledger, Optional.of(service));
            }
        }
    }

    /** The right to send by itself, after another command that does so has ended; empty beside a service. */
    private Optional<ServiceLock> turn(Path data) throws IOException, InterruptedException {
        Optional<ServiceLock> own = ServiceLock.acquire(data, Work.ONE_BATCH);
        if (own.isEmpty() && !ServiceLock.isServing(data)) {
            err().println("Another 'deprovision submit --wait'" + ServiceLock.holder(data)
                    + " sends its batch. This one goes on after it; nothing of "
                    + named.map(Path::toString).orElse("the plan")
                    + " is handed over before.");
            err().flush();
        }
        while (own.isEmpty() && !ServiceLock.isServing(data)) {
            Await.until(BETWEEN_TURNS, () -> false);
            own = ServiceLock.acquire(data, Work.ONE_BATCH);
        }
        return own;
    }

    private Exit handOver(Path file, Optional<Plan> plan, Settings settings, Ledger ledger, Optional<Service> sender)
            throws IOException, InterruptedException {
        long started = System.currentTimeMillis() / 1000 * 1000;
        boolean isTakenUp = wait
                || ServiceLock.worker(settings.data())
                        .filter(work -> work != Work.FILES)
                        .isPresent();
        String own = String.valueOf(file.toRealPath().getFileName());
        HandOver.Placed handedOver = new HandOver(settings, ledger).handOver(file, own, plan.map(made -> user()), plan);
        Path placed = handedOver.path();
        if (!isTakenUp) {
            return waits(placed);
        }
        long intake = handedOver.intake();
        Presence presence = sender.isPresent() ? Presence.ofThisProcess() : Presence.ofService(settings.data());
        Optional<Arrival> arrival = arrival(intake, ledger, presence);
        if (arrival.isEmpty() && !wait) {
            out().println("Handed over as " + placed + "; the service has not taken it in yet: deprovision status");
            return Exit.DONE;
        } else if (arrival.isEmpty()) {
            out().println("Handed over as " + placed + ", and not taken in: "
                    + (presence.isOver()
                            ? "the service has ended. It is taken in and sent when 'deprovision run' is started."
                            : "the log of the service (" + settings.data().resolve("logs") + ") says why."));
            return Exit.UNREACHABLE;
        }
        String batch = arrival.flatMap(Arrival::batch).orElse("");
        if (arrival.get().rejected()) {
            throw new CommandException(Exit.FAILED, HandOver.whyRejected(settings.data(), own, started));
        }
        sender.ifPresent(service -> service.dispatch(batch));
        out().println("Taken in as batch '" + batch + "'.");
        printHowItIsRead(intake, batch, ledger);
        out().flush();
        if (!wait && !ServiceLock.isServing(settings.data())) {
            out().println("No service is running: nothing of it is sent until 'deprovision run'.");
        }
        return wait ? follow(batch, settings, ledger, sender, presence) : Exit.DONE;
    }

    /** How the file arrived; empty when nobody takes it in. */
    private Optional<Arrival> arrival(long intake, Ledger ledger, Presence presence) throws InterruptedException {
        Supplier<Optional<Arrival>> told =
                () -> Optional.of(ledger.intakes().arrival(intake)).filter(this::isTold);
        if (!wait) {
            return Await.first(FOR_THE_NAME, told);
        }
        long recorded;
        Optional<Arrival> arrival = Optional.empty();
        do { // others may come before it: as long as rows are recorded, its turn comes
            recorded = ledger.intakes().recorded();
            Await.until(WITHOUT_A_ROW, () -> told.get().isPresent() || presence.isOver());
            arrival = told.get();
        } while (arrival.isEmpty() && !presence.isOver() && ledger.intakes().recorded() > recorded);
        return arrival;
    }

    /** A large file is still being read: then 'status' says it later. */
    private void printHowItIsRead(long intake, String batch, Ledger ledger) throws InterruptedException {
        Await.until(FOR_ITS_END, () -> !ledger.intakes().arrival(intake).open());
        ledger.intakes()
                .howRead(batch)
                .ifPresentOrElse(
                        read -> {
                            read.columns().forEach(out()::println);
                            read.skipped().words().ifPresent(out()::println);
                        },
                        () -> out().println("Its rows are still being taken in: deprovision status " + batch));
    }

    private Exit waits(Path placed) {
        out().println("Handed over as " + placed + ".");
        out().println("No service is running: nothing of it is sent until 'deprovision run'.");
        return Exit.DONE;
    }

    /** Whether the file's batch is known, and complete where that matters. */
    private boolean isTold(Arrival arrival) {
        return arrival.rejected() || (arrival.batch().isPresent() && !(wait && arrival.open()));
    }

    @SuppressWarnings("try")
    private Exit follow(String batch, Settings settings, Ledger ledger, Optional<Service> own, Presence presence)
            throws InterruptedException {
        BatchFollower.Followed followed;
        own.ifPresent(starts -> FullWindow.all(settings, ledger).forEach(full -> err().println(full.sentence())));
        try (Interruption farewell = Interruption.runs(() -> interrupted(batch, settings, ledger, own))) {
            followed = new BatchFollower(settings, ledger, err(), presence).follow(List.of(batch));
        }
        BatchStatus status = followed.statuses().stream().findFirst().orElseThrow(() -> Status.noSuch(batch));
        Summary.print(status, settings, ledger, out());
        PauseReport.all(ledger).forEach(pause -> out().println(pause.sentence()));
        Standstill.now(settings).ifPresent(out()::println);
        Standstill.byProtectedList(settings).ifPresent(out()::println);
        return switch (followed.end()) {
            case AT_REST -> status.exit();
            case NOBODY_WORKS -> {
                out().println("The service has ended, and nobody works on '" + batch + "' now. What is still to be sent"
                        + " waits in the ledger. Go on with: deprovision run");
                yield Exit.UNREACHABLE;
            }
            case NO_TOKEN -> {
                out().println(
                                "This does not pass by itself, so nobody waits for it here. What is still to be sent waits"
                                        + " in the ledger. Correct what is said above"
                                        + (own.isPresent()
                                                ? ", then go on with: deprovision run"
                                                : ", and the service goes on."));
                yield Exit.SETTINGS;
            }
            case NO_LIST -> {
                out().println("Nothing is sent while the list of protected devices cannot be used. What is still to be"
                        + " sent waits in the ledger. 'deprovision doctor' says what is wrong with it"
                        + (own.isPresent()
                                ? "; then go on with: deprovision run"
                                : "; once it is right, the service goes on."));
                yield Exit.SETTINGS;
            }
        };
    }

    /** Calls under way are ended and settled first, where this command sends by itself. */
    private void interrupted(String batch, Settings settings, Ledger ledger, Optional<Service> own) {
        own.ifPresent(Service::close);
        out().println();
        BatchStatus.of(batch, settings, ledger).ifPresent(status -> Summary.print(status, settings, ledger, out()));
        out().println(
                        own.isPresent()
                                ? "Interrupted. What is still to be sent waits in the ledger. Go on with: deprovision run"
                                : "Interrupted. The service goes on with it: deprovision status " + batch);
        out().println("Or end it: deprovision cancel " + batch);
        out().flush();
    }
}
