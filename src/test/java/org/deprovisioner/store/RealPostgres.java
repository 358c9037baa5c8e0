package org.deprovisioner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A PostgreSQL server of a test: what it confirmed is on disk. One is shared by all tests of a process, and each of them has
 * a database of its own; who kills a server starts one for itself. The environment may name another server in place of the
 * shared one: {@code DEPROVISIONER_TEST_POSTGRES}, a URL of JDBC whose user may create databases.
 */
public final class RealPostgres implements AutoCloseable {

    private static final String ADMIN = "?user=postgres";

    /** A folder in memory: the server flushes what it confirms, and that costs little there. */
    private static final Optional<Path> MEMORY = Optional.of(Path.of("/dev/shm"))
            .filter(Files::isWritable)
            .filter(folder -> folder.toFile().getUsableSpace() > 1L << 30);

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Path data;
    private final int port;
    private volatile Process server;

    private RealPostgres(Path data, int port, Process server) {
        this.data = data;
        this.port = port;
        this.server = server;
    }

    private static final class Shared {
        static final String SERVER = url();

        private static String url() {
            String named = System.getenv("DEPROVISIONER_TEST_POSTGRES");
            if (named != null && !named.isBlank()) {
                return named;
            }
            RealPostgres own = start();
            Runtime.getRuntime().addShutdownHook(new Thread(own::close));
            return own.url("postgres");
        }
    }

    /** A new database on the shared server, without tables. */
    public static String newDatabase() {
        return created(Shared.SERVER, "");
    }

    /** A new database on the shared server, with the ledger's tables. */
    public static String newLedger() {
        return created(Shared.SERVER, " template " + Template.NAME);
    }

    private static final class Template {
        static final String NAME = make();

        private static String make() {
            String url = created(Shared.SERVER, "");
            Store.open(Database.at(url)).close();
            return url.replaceFirst(".*/([^/?]+).*", "$1");
        }
    }

    private static String created(String server, String like) {
        String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute(server, "create database " + name + like);
        return server.replaceFirst("(//[^/]+/)[^?]*", "$1" + name);
    }

    /** A new database on this server, without tables. */
    public String database() {
        return created(url("postgres"), "");
    }

    /** Does something as the server's administrator. */
    public static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** A server of its own, which has begun to answer. */
    public static RealPostgres start() {
        try {
            Path data = Files.createTempDirectory(
                    MEMORY.orElse(Path.of(System.getProperty("java.io.tmpdir"))), "postgres-of-test-");
            run(data, "initdb", "-D", data.resolve("data").toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8");
            int port = freePort();
            RealPostgres postgres = new RealPostgres(data, port, launch(data, port));
            postgres.awaitAnswer();
            return postgres;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Process launch(Path data, int port) throws IOException {
        return new ProcessBuilder(command(
                        data,
                        "postgres",
                        List.of(
                                "-D", data.resolve("data").toString(),
                                "-p", String.valueOf(port),
                                "-c", "listen_addresses=127.0.0.1",
                                "-c", "unix_socket_directories=",
                                "-c", "fsync=on",
                                "-c", "synchronous_commit=on",
                                "-c", "max_connections=200")))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(data.resolve("log").toFile()))
                .start();
    }

    /** The URL of a database of this server. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + ADMIN;
    }

    public int port() {
        return port;
    }

    /** Kills the server with all its processes, as a cut of the power does. */
    public void kill() {
        List<ProcessHandle> all = new ArrayList<>(List.of(server.toHandle()));
        server.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    /** Starts it again on the same data. */
    public void restart() {
        try {
            server = launch(data, port);
            awaitAnswer();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void awaitAnswer() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertThat(server.isAlive())
                            .as("the server runs, see %s/log", data)
                            .isTrue();
                    try (Connection connection = DriverManager.getConnection(url("postgres"))) {
                        return connection.isValid(5);
                    } catch (SQLException notYet) {
                        return false;
                    }
                });
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    private static void run(Path data, String program, String... arguments) throws IOException {
        Process process = new ProcessBuilder(command(data, program, List.of(arguments)))
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("log").toFile())
                .start();
        assertThat(process.onExit().orTimeout(120, TimeUnit.SECONDS).join().exitValue())
                .as("%s ends well: %s", program, Files.readString(data.resolve("log")))
                .isZero();
    }

    /** PostgreSQL refuses to run as root: it does where root is nobody, or as another user. */
    private static List<String> command(Path data, String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(UserSpaces.ALLOWED ? List.of("unshare", "-U") : asAnotherUser(data));
        }
        command.add(Binaries.FOLDER.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    private static List<String> asAnotherUser(Path data) throws IOException {
        String nobody = "65534";
        for (Path folder : List.of(data)) {
            Files.setAttribute(folder, "unix:uid", Integer.valueOf(nobody));
            Files.setAttribute(folder, "unix:gid", Integer.valueOf(nobody));
        }
        return List.of("setpriv", "--reuid=" + nobody, "--regid=" + nobody, "--clear-groups");
    }

    private static final class UserSpaces {
        static final boolean ALLOWED = allowed();

        private static boolean allowed() {
            try {
                return new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0;
            } catch (IOException none) {
                return false;
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** The server's programs, unpacked once on a machine. */
    private static final class Binaries {
        static final Path FOLDER = folder();

        private static Path folder() {
            String jar = Objects.requireNonNull(
                            RealPostgres.class.getClassLoader().getResource(archive()))
                    .toString();
            Path folder = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "postgres-programs-" + System.getProperty("user.name") + "-"
                            + Integer.toHexString(
                                    jar.replaceFirst(".*/([^/]+)!.*", "$1").hashCode()));
            if (Files.isDirectory(folder)) {
                return folder;
            }
            try {
                Path part = Files.createTempDirectory("postgres-programs-");
                unpack(part);
                try {
                    Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
                    return folder;
                } catch (IOException anotherWasFaster) {
                    return Files.isDirectory(folder) ? folder : part;
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private static String archive() {
            String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
            return "postgres-linux-" + machine + ".txz";
        }

        private static void unpack(Path folder) throws IOException {
            Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream packed = RealPostgres.class.getClassLoader().getResourceAsStream(archive());
                    TarArchiveInputStream tar = new TarArchiveInputStream(
                            new XZCompressorInputStream(new BufferedInputStream(Objects.requireNonNull(packed))))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    Path file = folder.resolve(entry.getName()).normalize();
                    if (entry.isDirectory()) {
                        Files.createDirectories(file);
                    } else if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                    } else {
                        Files.createDirectories(Objects.requireNonNull(file.getParent()));
                        Files.copy(tar, file);
                        file.toFile().setExecutable((entry.getMode() & 0100) != 0, false);
                    }
                }
            }
        }
    }
}
