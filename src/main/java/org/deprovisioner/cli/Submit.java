package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Plan;
import org.deprovisioner.service.Await;
import org.deprovisioner.service.HandOver;
import org.deprovisioner.service.PlanFolder;
import org.deprovisioner.service.Presence;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.service.ServiceLock.Work;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
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

    @Option(
            names = "--dry-run",
            description =
                    "Send nothing of it, now or later: it is taken in, looked at and guarded, and ends as a dry run.")
    private boolean dryRun;

    @Option(
            names = "--yes",
            description =
                    "Do not ask. Needed with --wait without a terminal, where no service is running: this command then"
                            + " sends by itself.")
    private boolean yes;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = SpanOfTime.class,
            description = "With --wait: wait no longer than this, such as 30m; then the exit code is 1.")
    private Optional<Duration> timeout = Optional.empty();

    /** The digest of what was shown to who was asked. */
    private Optional<String> shown = Optional.empty();

    private Deadline deadline = new Deadline(Optional.empty());

    @Mixin
    private final NewLedger newLedger = new NewLedger();

    @Override
    boolean newLedgerIsMeant() {
        return newLedger.isMeant();
    }

    @Override
    @SuppressWarnings("try")
    Exit run(Settings settings, Ledger ledger) throws Exception {
        Optional<Plan> plan =
                planFile.isPresent() ? Optional.of(Plan.read(InputFile.readable(planFile.get()))) : Optional.empty();
        Path file = named.or(() -> plan.map(made -> Path.of(made.file())))
                .orElseThrow(() -> new CommandException(Exit.USAGE, "Name a FILE, or a --plan."));
        InputFile.readable(file);
        dryRun |= settings.requests().dryRun();
        if (dryRun) {
            ledger.beDryRun(); // what is handed over to a dry run is never sent by a service
        }
        if (!wait) {
            refuseTimeout();
            return handOver(file, plan, settings, ledger, Optional.empty());
        }
        if (settings.ledgerIsShared() && !ServiceLock.isServing(settings.data())) {
            throw new CommandException(
                    Exit.UNREACHABLE,
                    "No service runs on this machine, and on a ledger that several machines share a command never sends by"
                            + " itself. Nothing was handed over. Start 'deprovision run' here, or hand the file over where"
                            + " it runs.");
        }
        deadline = new Deadline(timeout);
        confirm(file, settings);
        Optional<ServiceLock> own = turn(settings.data());
        if (own.isEmpty()) {
            return handOver(file, plan, settings, ledger, Optional.empty());
        }
        try (ServiceLock lock = own.get()) {
            refuseUnconfirmed();
            Configuration configuration = settings(dryRun ? Map.of("deprovision.dry-run", "true") : Map.of())
                    .readWithCredentials();
            configuration.warnings().forEach(err()::println);
            Run.refuseOpenFolders(configuration); // before anything is made there
            startLogging(configuration, Logging.To.WARNINGS_AND_FILE);
            PlanFolder.clear(settings.data());
            try (Service service = Service.startForOneBatch(configuration)) {
                service.endWhereFilesAreTakenAway();
                return handOver(file, plan, settings, ledger, Optional.of(service));
            }
        }
    }

    private void refuseTimeout() {
        if (timeout.isPresent()) {
            throw new CommandException(
                    Exit.USAGE, "Without --wait nothing is waited for. Leave --timeout out, or add --wait.");
        }
    }

    /** Who sits at a terminal is asked; a script is not, and says --yes where this process itself would send. */
    private void confirm(Path file, Settings settings) throws IOException {
        Optional<Prompt> prompt = Prompt.ofTerminal();
        boolean serving = ServiceLock.isServing(settings.data());
        if (dryRun || yes) {
            return;
        } else if (prompt.isPresent()) {
            shown = new Confirmation(settings, out())
                    .ask(
                            file,
                            serving
                                    ? "The running service sends what may be sent"
                                    : "This command sends what may be sent",
                            prompt.get());
        } else if (!serving) {
            refuseUnconfirmed();
        }
    }

    private void refuseUnconfirmed() {
        if (!dryRun && !yes && Prompt.ofTerminal().isEmpty()) {
            throw new CommandException(
                    Exit.USAGE,
                    "No service is running, so this command would send by itself, and there is no terminal to ask on. Nothing"
                            + " is handed over. If that is meant, add --yes.");
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
            if (deadline.isOver()) {
                throw new CommandException(
                        Exit.FAILED,
                        "It still sends after " + deadline + ", so nothing is handed over. Run this again later.");
            }
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
        HandOver.Placed handedOver =
                new HandOver(settings, ledger).handOver(file, own, plan.map(made -> user()), plan, shown);
        if (sender.isPresent()) {
            err().println(
                            "No service is running: this command sends the batch itself, until every row has ended or waits.");
            err().flush();
        }
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
                            : deadline.isOver()
                                    ? "not within " + deadline + ". Look at it with: deprovision status"
                                    : "the log of the service ("
                                            + settings.data().resolve("logs") + ") says why."));
            return deadline.isOver() ? Exit.FAILED : Exit.UNREACHABLE;
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
            out().println(notSentYet());
        }
        return wait ? new Waiting(settings, ledger, out(), err(), deadline).until(batch, sender, presence) : Exit.DONE;
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
            Await.until(WITHOUT_A_ROW, () -> told.get().isPresent() || presence.isOver() || deadline.isOver());
            arrival = told.get();
        } while (arrival.isEmpty()
                && !presence.isOver()
                && !deadline.isOver()
                && ledger.intakes().recorded() > recorded);
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
        out().println(notSentYet());
        return Exit.DONE;
    }

    private String notSentYet() {
        return dryRun
                ? "No service is running: 'deprovision run' takes it in. It is a dry run, so nothing of it is ever sent."
                : "No service is running: nothing of it is sent until 'deprovision run'.";
    }

    /** Whether the file's batch is known, and complete where that matters. */
    private boolean isTold(Arrival arrival) {
        return arrival.rejected() || (arrival.batch().isPresent() && !(wait && arrival.open()));
    }
}
