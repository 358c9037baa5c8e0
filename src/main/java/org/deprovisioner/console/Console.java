package org.deprovisioner.console;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.deprovisioner.audit.LedgerBesideLog;
import org.deprovisioner.graph.GraphHttp;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.service.ServiceFigures;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.token.PersonSignIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console of a running service: its pages, its API, health and metrics, from start to close. It works beside the
 * service as a command does, with a ledger opened for itself and a few threads of its own, so that it holds up nothing.
 */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int WORKERS = 4;
    private static final int MOST_WAITING = 512;
    private static final Duration LONGEST_BODY = Duration.ofSeconds(15);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Settings.Console settings;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledThreadPoolExecutor minutes = new ScheduledThreadPoolExecutor(1, daemons("console-minutes"));
    private int port;

    private Console(Settings.Console settings) {
        this.settings = settings;
    }

    private void open(
            Configuration configuration,
            Function<Map<String, String>, SettingsReader> readers,
            String listen,
            Supplier<ServiceFigures> service)
            throws IOException {
        parts.push(minutes::shutdownNow);
        ConsoleServer server = opened(new ConsoleServer(settings, listen));
        everyMinute("The console's certificate was not renewed", server::renewCertificate);
        port = server.port();
        Path folder = ConsoleFolder.in(configuration.settings().data());
        OwnerAlone.folder(folder);
        clear(folder);
        Ledger ledger = opened(new LedgerBesideLog(
                        configuration.settings().data(),
                        configuration.settings().ledgerDatabase(),
                        clock)
                .open(false));
        Sessions sessions = new Sessions(clock);
        Router router = new Router();
        FailedSignIns failures = failures(ledger);
        SignedIn signedIn =
                new SignedIn(sessions, failures, person -> ledger.audit().tellOfSignIn(person.by(), person.name()));
        Function<String, Person> bearers = signIn(router, folder, sessions, signedIn);
        ConsoleContext context = new ConsoleContext(configuration, readers, ledger, folder, clock);
        Hosts hosts = new Hosts(settings);
        Health health = new Health(context, service);
        health.addTo(router);
        new Metrics(context, service, health, failures, hosts).addTo(router);
        opened(new Pages(context)).addTo(router);
        new Api(context).addTo(router);
        new ApiActions(context).addTo(router);
        new ApiRequests(context).addTo(router);
        server.start(new ConsoleHandler(
                router,
                new Gate(hosts, sessions, new Bearers(bearers, signedIn)),
                new BodyReader(folder, LONGEST_BODY),
                folder,
                threads("console", WORKERS),
                threads("console-health", 2)));
        ConsoleFolder.tell(folder, address(listen));
        parts.push(() -> ConsoleFolder.forget(folder));
    }

    /**
     * Starts the console of a service that has started.
     *
     * @param readers reads the settings again, with some that are set by the program
     * @param service what it knows of its work
     * @return empty where none is wanted, and where its port is taken or it cannot start otherwise: that is said in the log,
     *     and the service goes on without it
     */
    public static Optional<Console> start(
            Configuration configuration,
            Function<Map<String, String>, SettingsReader> readers,
            Supplier<ServiceFigures> service) {
        return configuration.settings().console().listen().flatMap(listen -> {
            Console console = new Console(configuration.settings().console());
            try {
                console.open(configuration, readers, listen, service);
                LOG.info("The console is at {}", console.address(listen));
                return Optional.of(console);
            } catch (IOException | RuntimeException failed) {
                console.close();
                LOG.warn(
                        "There is no console at {}: {}. The service goes on without it. Set deprovision.console.listen to"
                                + " another address, or to off.",
                        listen,
                        failed.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Adds the ways to sign in that are set, and gives what checks a bearer. */
    private Function<String, Person> signIn(Router router, Path folder, Sessions sessions, SignedIn signedIn)
            throws IOException {
        Password password = Password.madeIn(folder);
        OneTimeTokens once = new OneTimeTokens(password, clock);
        if (settings.entra().isEmpty()) {
            new SignIn(sessions, signedIn, Optional.of(password), once).addTo(router);
            return Bearers.byPassword(password);
        }
        Settings.Entra entra = settings.entra().get();
        CloseableHttpClient http =
                opened(opened(new GraphHttp(entra.reach(), WORKERS)).client());
        EntraTokens tokens = new EntraTokens(entra, new EntraDocuments(http));
        PersonSignIn people = new PersonSignIn(entra, http, threads("console-entra", WORKERS));
        new SignIn(sessions, signedIn, Optional.empty(), once).addTo(router);
        new SignInByEntra(settings, people, tokens, signedIn, clock).addTo(router);
        return tokens::ofAccessToken;
    }

    private FailedSignIns failures(Ledger ledger) {
        FailedSignIns failures = new FailedSignIns(clock, ledger.audit()::tellOfFailedSignIns);
        parts.push(failures::tell);
        everyMinute("The audit log could not be told of failed sign-ins", failures::tell);
        return failures;
    }

    private void everyMinute(String unless, Runnable work) {
        var unused = minutes.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException failed) {
                        LOG.warn("{}: {}", unless, failed.getMessage());
                    }
                },
                1,
                1,
                TimeUnit.MINUTES);
    }

    private String address(String listen) {
        String local = listen.replaceFirst(":\\d+$", ":" + port).replaceFirst("^(0\\.0\\.0\\.0|\\[::])", "localhost");
        return settings.url()
                .map(Object::toString)
                .orElse((settings.tls().isPresent() ? "https://" : "http://") + local);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** A few threads, for which only so much waits. */
    private ThreadPoolExecutor threads(String name, int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), daemons(name));
        threads.allowCoreThreadTimeOut(true);
        parts.push(() -> {
            threads.shutdownNow();
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("The console still answers a request while it ends.");
            }
        });
        return threads;
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** What a kill left behind. */
    private static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ".{answer,upload}-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception unclosed) {
                LOG.warn("A part of the console did not stop cleanly: {}", unclosed.getMessage());
            }
        }
    }
}
