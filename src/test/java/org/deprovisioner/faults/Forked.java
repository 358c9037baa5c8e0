package org.deprovisioner.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.deprovisioner.cli.Deprovisioner;

/** A Java program in a process of its own, that can be killed, frozen, or told to end. */
public final class Forked implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;

    private Forked(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * The program itself, as {@code deprovision run}.
     *
     * @param home the installation folder, with {@code routes/} and {@code config/}
     * @param settings given as environment variables
     * @param options further options of the Java virtual machine
     */
    public static Forked service(Path home, Map<String, String> settings, Path log, String... options)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Ddeprovision.home=" + home);
        return start(all, Deprovisioner.class, List.of("run"), settings, log);
    }

    /** Another of its commands, as {@link #service}. */
    public static Forked command(Path home, Map<String, String> settings, Path log, String... arguments)
            throws IOException {
        return start(List.of("-Ddeprovision.home=" + home), Deprovisioner.class, List.of(arguments), settings, log);
    }

    /** The same, where what is made without further ado is open to everybody. */
    public static Forked openToAll(Path home, Map<String, String> settings, Path log, String... arguments)
            throws IOException {
        return start(
                List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"),
                List.of("-Ddeprovision.home=" + home),
                Deprovisioner.class,
                List.of(arguments),
                settings,
                log);
    }

    /** A program of these classes. */
    public static Forked start(
            List<String> options, Class<?> main, List<String> arguments, Map<String, String> settings, Path log)
            throws IOException {
        return start(List.of(), options, main, arguments, settings, log);
    }

    private static Forked start(
            List<String> before,
            List<String> options,
            Class<?> main,
            List<String> arguments,
            Map<String, String> settings,
            Path log)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        settings.forEach((key, value) -> builder.environment()
                .put(key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT), value));
        return new Forked(builder.start(), log);
    }

    /** Waits until it says this; fails when it ends instead. */
    public void awaitSaying(String text) {
        Awaitility.await(log + " with '" + text + "'").atMost(PATIENCE).until(() -> {
            if (!said(text) && !process.isAlive()) {
                throw new IllegalStateException("It ended with " + process.exitValue() + ":\n" + output());
            }
            return said(text);
        });
    }

    public boolean said(String text) {
        return output().contains(text);
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** How it was started, as everybody on the machine can see; empty where that is not shown. */
    public String commandLine() {
        return process.info().commandLine().orElse("");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it run for a while. */
    void runFor(long millis) throws InterruptedException {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("It ended by itself with " + process.exitValue() + ":\n" + output());
        }
    }

    /** Lets it run for a while, unless it ends before. */
    void runForOrEnd(long millis) throws InterruptedException {
        process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public static boolean canFreeze() {
        return File.separatorChar == '/';
    }

    /** Stops it in the middle of whatever it does, all threads at once, until it is thawed or killed. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on where it was frozen. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Tells it to end, as {@code systemctl stop} does. */
    public void tellToEnd() {
        process.destroy();
    }

    /** The exit code, once it has ended. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("It does not end:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
