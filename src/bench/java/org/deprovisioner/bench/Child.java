package org.deprovisioner.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that the benchmark has started, and that ends with it. */
final class Child implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Process process;
    private final Path log;
    private final long startedNanos = System.nanoTime();
    private long peakKilobytes;
    private double processorSeconds;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one; what it says on stderr, and on stdout unless it is read, goes to a file. */
    static Child start(List<String> command, Map<String, String> environment, Path log, boolean isRead)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DEPROVISION_") || name.startsWith("AZURE_"));
        builder.environment().putAll(environment);
        if (!isRead) {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        Child child = new Child(builder.start(), log);
        Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
        return child;
    }

    BufferedReader output() {
        return process.inputReader();
    }

    /** Waits for its end, and looks at its memory meanwhile. */
    Child await(Runnable look) throws InterruptedException {
        while (!process.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
            look();
            look.run();
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(log.getFileName() + " ended with exit code " + process.exitValue() + ": " + end());
        }
        return this;
    }

    /** Waits for its end and nothing else; gives the seconds that it took. */
    double awaitEnd() throws InterruptedException {
        process.waitFor();
        return seconds();
    }

    private String end() {
        try {
            String said = Files.readString(log);
            return said.substring(Math.max(0, said.length() - 2000));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    double seconds() {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    /** The largest resident set so far, in kB, as Linux counts it; 0 elsewhere. */
    double peakKilobytes() {
        return peakKilobytes;
    }

    /** The processor time so far, of all its threads. */
    double processorSeconds() {
        return processorSeconds;
    }

    /** Takes its memory and processor time down as they are now. */
    void look() {
        peakKilobytes = Math.max(peakKilobytes, residentPeak());
        process.info().totalCpuDuration().ifPresent(used -> processorSeconds = used.toMillis() / 1e3);
    }

    private long residentPeak() {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
