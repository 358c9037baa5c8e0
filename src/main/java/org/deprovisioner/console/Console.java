package org.deprovisioner.console;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.deprovisioner.audit.LedgerBesideLog;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
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

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final int port;

    private Console(Configuration configuration, String listen) throws IOException {
        Settings settings = configuration.settings();
        ConsoleServer server = opened(new ConsoleServer(settings.console(), listen));
        port = server.port();
        Path folder = settings.data().resolve("console");
        OwnerAlone.folder(folder);
        clear(folder);
        Clock clock = Clock.systemUTC();
        Ledger ledger = opened(new LedgerBesideLog(settings.data(), settings.ledgerUrl(), clock).open(false));
        ConsoleContext context = new ConsoleContext(configuration, ledger, folder, clock);
        Password password = Password.in(folder);
        Sessions sessions = new Sessions(clock);
        Router router = new Router();
        new SignIn(sessions, password).addTo(router);
        new Pages(context).addTo(router);
        server.start(new ConsoleHandler(
                router,
                new Gate(new Hosts(settings.console()), sessions, new Bearers(password)),
                folder,
                threads("console", WORKERS),
                threads("console-health", 2)));
    }

    /**
     * Starts the console of a service that has started.
     *
     * @return empty where none is wanted, and where its port is taken or it cannot start otherwise: that is said in the log,
     *     and the service goes on without it
     */
    public static Optional<Console> start(Configuration configuration) {
        Settings.Console settings = configuration.settings().console();
        return settings.listen().flatMap(listen -> {
            try {
                Console console = new Console(configuration, listen);
                LOG.info("The console is at {}", console.address(settings, listen));
                return Optional.of(console);
            } catch (IOException | RuntimeException failed) {
                LOG.warn(
                        "There is no console: {}. The service goes on without it. Set deprovision.console.listen to another"
                                + " address, or to off.",
                        failed.getMessage());
                return Optional.empty();
            }
        });
    }

    private String address(Settings.Console settings, String listen) {
        return settings.url()
                .map(Object::toString)
                .orElse((settings.tls().isPresent() ? "https://" : "http://")
                        + listen.replaceFirst(":\\d+$", ":" + port));
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    private ThreadPoolExecutor threads(String name, int most) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        parts.push(() -> {
            threads.shutdownNow();
            threads.awaitTermination(5, TimeUnit.SECONDS);
        });
        return threads;
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
