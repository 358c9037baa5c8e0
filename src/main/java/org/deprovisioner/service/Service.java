package org.deprovisioner.service;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.deprovisioner.audit.AuditConfiguration;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.LedgerBesideLog;
import org.deprovisioner.broker.BrokerConfiguration;
import org.deprovisioner.dispatch.DispatchConfiguration;
import org.deprovisioner.dispatch.LedgerComponent;
import org.deprovisioner.graph.GraphConfiguration;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.ReadBackSchedule;
import org.deprovisioner.notification.NotificationConfiguration;
import org.deprovisioner.outcome.OutcomeConfiguration;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;
import org.deprovisioner.token.Tokens;
import org.deprovisioner.vault.VaultConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: the ledger, the broker, and the routes between them and Graph. */
public final class Service implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final int SHUTDOWN_SECONDS_BEYOND_TIMEOUT = 15;

    /** The routes that a plan needs. */
    private static final List<String> UP_TO_THE_GUARD = List.of(
            "take-in-files.camel",
            "resolve-devices.camel",
            "accept-unseen.camel",
            "guard-units.camel",
            "count-fleets.camel",
            "ask-graph.camel",
            "call-graph.camel",
            "handle-errors.camel",
            "keep-unforeseen.camel");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean draining = new AtomicBoolean();
    private final List<Path> worksOn = new ArrayList<>();
    private Runnable saveLedger = () -> {};
    private volatile boolean filesTakenAway;
    private Supplier<ServiceFigures> figures = ServiceFigures::none;
    private Consumer<String> dispatched = batch -> {};
    private Duration drainWithin = Duration.ZERO;

    private Service() {}

    /** What a service is started for. */
    private enum Task {
        SERVE,
        DEMONSTRATE,
        SEND_ONE_BATCH,
        PLAN
    }

    /**
     * Starts everything; the routes are loaded from the folder {@code routes/}, and a user's own from that of the settings.
     *
     * @throws Exception with a message for the user, when a part cannot start; what was started is closed again
     */
    public static Service start(Configuration configuration) throws Exception {
        return start(configuration, false);
    }

    /** As {@link #start}; with a new ledger, although there was one before, where that is meant. */
    public static Service start(Configuration configuration, boolean newLedgerIsMeant) throws Exception {
        return start(configuration, Task.SERVE, newLedgerIsMeant);
    }

    /** As {@link #start}, whatever the environment tells Camel. */
    public static Service startForDemo(Configuration configuration) throws Exception {
        return start(configuration, Task.DEMONSTRATE, false);
    }

    /** As {@link #start}, but nothing is sent before {@link #dispatch} names the batch, and nothing of another one. */
    public static Service startForOneBatch(Configuration configuration) throws Exception {
        return start(configuration, Task.SEND_ONE_BATCH, false);
    }

    /**
     * As {@link #startForOneBatch}, but only those routes run that look at devices and guard them: nothing is sent and
     * nothing leaves. What a user has added to {@code routes/} does not run.
     */
    public static Service startForPlan(Configuration configuration) throws Exception {
        return start(configuration, Task.PLAN, false);
    }

    private static Service start(Configuration configuration, Task task, boolean newLedgerIsMeant) throws Exception {
        Service service = new Service();
        try {
            Ledger ledger = service.openLedger(configuration.settings(), newLedgerIsMeant);
            if (task == Task.SEND_ONE_BATCH || task == Task.PLAN) {
                ledger.claims().restrictTo("");
                service.dispatched = batch -> ledger.claims().restrictTo(batch);
            }
            service.startParts(configuration, ledger, task);
            return service;
        } catch (Exception failed) {
            service.close();
            throw failed;
        }
    }

    /** Names the batch that a service for one batch dispatches. */
    public void dispatch(String batch) {
        dispatched.accept(batch);
    }

    private Ledger openLedger(Settings settings, boolean newLedgerIsMeant) throws IOException {
        Ledger ledger = new LedgerBesideLog(settings.data(), settings.ledgerDatabase(), Clock.systemUTC())
                .openAlone(newLedgerIsMeant);
        parts.push(() -> {
            if (filesTakenAway) {
                ledger.abandon();
            } else {
                ledger.close();
            }
        });
        saveLedger = ledger::checkpoint;
        worksOn.add(settings.data());
        worksOn.addAll(ledger.files());
        return ledger;
    }

    private void startParts(Configuration configuration, Ledger ledger, Task task) throws Exception {
        Settings settings = configuration.settings();
        Clock clock = ledger.clock();
        boolean shared = ledger.activity().isShared();
        AuditLog auditLog = new AuditLog(settings.data(), ledger.audit());
        parts.push(
                () -> { // closed after all that may still have something to tell
                    if (!filesTakenAway) {
                        auditLog.append();
                    }
                });
        ledger.refuseDamaged();
        if (!shared) {
            identifyTenants(settings, ledger, task != Task.PLAN);
        }
        ledger.inDoubt()
                .readBackBy(new ReadBackSchedule(
                        settings.doubt().readBack(),
                        settings.doubt().resend(),
                        settings.pace().maxAttempts(),
                        settings.pace().maxAge()));
        boolean dryRun = settings.requests().dryRun() && task != Task.PLAN;
        if (dryRun) {
            ledger.beDryRun();
        }
        int inDoubt = shared || task == Task.PLAN ? 0 : ledger.recovery().recover();
        if (inDoubt > 0) {
            LOG.warn(
                    "{} under way when the program ended: what came of it is in doubt, and the devices are read back.",
                    Counted.of(inDoubt, "request was", "requests were"));
        }
        // each tenant has workers for reads and as many for actions: none of them waits for another tenant's connection
        int workers = 2 * settings.pace().concurrency() * settings.tenants().size();
        GraphHttp http = opened(new GraphHttp(settings.graph(), workers));
        Tokens tokens = opened(new Tokens(
                settings.tenants(),
                settings.graph().baseUrl(),
                settings.data(),
                opened(http.client()),
                clock,
                new Random()));
        DispatchConfiguration dispatch = new DispatchConfiguration(settings, ledger, tokens, clock, dryRun);
        BooleanSupplier works = () -> true;
        ledger.weaknesses().forEach(weak -> LOG.warn("{} {}", weak.words(), weak.remedy()));
        if (shared) {
            SharedLedger node = new SharedLedger(
                    ledger,
                    NodeSettings.self(configuration),
                    () -> {
                        dispatch.showProtectedDevices();
                        return Brakes.stopped(settings.data());
                    },
                    () -> holdAgainstLog(settings, ledger),
                    () -> {
                        holdAgainstLog(settings, ledger);
                        identifyTenants(settings, ledger, true);
                        dispatch.takeUp();
                    });
            works = node::works;
            dispatch.workOnlyWhile(works);
            opened(node).start();
        }
        BooleanSupplier active = works;
        figures = () -> ServiceFigures.of(
                dispatch.callCounts(), dispatch.paceUsage(), active.getAsBoolean(), ledger.isWriting());
        Main main = Placeholders.main(configuration, task == Task.PLAN || task == Task.DEMONSTRATE);
        main.configure().setBasePackageScanEnabled(false);
        main.configure().setName("deprovisioner");
        main.configure().setJmxEnabled(false);
        main.configure().setStreamCachingEnabled(false);
        main.configure()
                .setShutdownTimeout((int) settings.graph().timeout().toSeconds() + SHUTDOWN_SECONDS_BEYOND_TIMEOUT);
        RouteFiles routes = new RouteFiles(settings.home(), configuration.folder());
        main.configure().setRoutesIncludePattern(task == Task.PLAN ? routes.only(UP_TO_THE_GUARD) : routes.all());
        main.configure().addConfiguration(dispatch);
        IntakeConfiguration intake = new IntakeConfiguration(settings, ledger, clock);
        main.configure().addConfiguration(intake);
        main.configure()
                .addConfiguration(new OutcomeConfiguration(settings, ledger, () -> Standstill.now(settings, clock)));
        main.configure().addConfiguration(new AuditConfiguration(auditLog));
        main.configure().addConfiguration(opened(new NotificationConfiguration(settings, ledger, clock)));
        main.configure().addConfiguration(new VaultConfiguration(settings));
        main.configure()
                .addConfiguration(new GraphConfiguration(
                        http, settings.requests().justification().isPresent(), clock));
        main.configure()
                .addConfiguration(opened(BrokerConfiguration.start(
                        settings.data(), settings.broker(), GraphHttp.tls(settings.graph()))));
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        parts.push(main::stop);
        main.start();
        Thread looking = ledger.lookForDamageMeanwhile();
        if (task == Task.SEND_ONE_BATCH) {
            parts.push(looking::join); // who only ever sends single batches is to hear of damage, too
        }
        parts.push(dispatch);
        parts.push(() -> stopIntake(main.getCamelContext()));
        parts.push(intake::stop);
        drainWithin = settings.graph().timeout().plusSeconds(2L * SHUTDOWN_SECONDS_BEYOND_TIMEOUT);
    }

    /** What only this process knows of its work, in numbers; it costs dispatch nothing to ask. */
    public ServiceFigures figures() {
        return figures.get();
    }

    private static void holdAgainstLog(Settings settings, Ledger ledger) {
        try {
            new LedgerBesideLog(settings.data(), settings.ledgerDatabase(), ledger.clock()).pauseIfBehind(ledger);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Ends a part that works beside this service when it ends, before anything of its own. */
    public void closeFirst(AutoCloseable beside) {
        parts.push(beside);
    }

    private static void identifyTenants(Settings settings, Ledger ledger, boolean pausing) {
        ledger.tenants()
                .identify(
                        settings.tenants().values().stream()
                                .collect(toMap(Settings.Tenant::name, Settings.Tenant::tenantId)),
                        pausing);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /**
     * Blocks until the process is told to end, then drains: nothing more is taken in, calls under way end and are settled.
     * A second signal ends the process at once; what was under way is then in doubt, as after a crash.
     *
     * @return how the process ends
     */
    public Exit awaitStop() throws InterruptedException, IOException {
        endWhereFilesAreTakenAway();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drainAndExit(Exit.DONE), "drain"));
        StopSignals.run(() -> drainAndExit(Exit.DONE), () -> {
            LOG.warn("Stopped at once. Calls that were under way are in doubt.");
            Runtime.getRuntime().halt(Exit.INTERRUPTED.code());
        });
        closed.await();
        return filesTakenAway ? Exit.UNREACHABLE : Exit.DONE;
    }

    /**
     * From now on ends the process when the data folder or a file of the ledger is moved away, replaced or deleted: it would
     * go on where nobody looks. Calls under way are settled in the files as they are open; nothing is made anew.
     */
    public void endWhereFilesAreTakenAway() throws IOException {
        opened(FilesInPlace.of(worksOn).watch(gone -> {
            filesTakenAway = true;
            LOG.error(
                    "{} was moved away, replaced or deleted while the service works on it, so the service ends. What it"
                            + " recorded is in the ledger that was moved. Put back what was there before the next start;"
                            + " to move the data folder, stop the service first.",
                    gone);
            saveLedger.run();
            drainAndExit(Exit.UNREACHABLE);
        }));
    }

    private void drainAndExit(Exit exit) {
        if (draining.getAndSet(true)) {
            return;
        }
        LOG.info("Stopping: calls under way are ended and settled. A second signal stops at once.");
        Thread closing = new Thread(this::close, "closing");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(drainWithin.toMillis());
            if (closing.isAlive()) {
                LOG.warn("Not all calls ended within {} s; the others are in doubt.", drainWithin.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        LOG.info("Stopped.");
        // a drained service ended well, whatever the signal that asked for it
        Runtime.getRuntime().halt(exit.code());
    }

    /** Files and messages stay where they are from now on. */
    private static void stopIntake(CamelContext camel) {
        camel.getRoutes().stream()
                .filter(route -> !(route.getEndpoint() instanceof LedgerComponent.LedgerEndpoint))
                .filter(route ->
                        !(route.getEndpoint() instanceof DirectEndpoint)) // what is under way still needs these
                .map(Route::getConsumer)
                .filter(Suspendable.class::isInstance)
                .forEach(ServiceHelper::suspendService);
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception unclosed) {
                LOG.warn("A part did not stop cleanly: {}", unclosed.getMessage());
            }
        }
        closed.countDown();
    }
}
