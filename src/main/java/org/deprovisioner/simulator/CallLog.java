package org.deprovisioner.simulator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The calls as JSON Lines, added to what the file holds; a line is in the file a tenth of a second later at most. */
final class CallLog implements AutoCloseable {

    private final Path file;
    private final OutputStream out;
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "simulator-call-log");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> flushing;

    CallLog(Path file) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), 1 << 16);
        this.flushing = clockwork.scheduleWithFixedDelay(this::flush, 100, 100, TimeUnit.MILLISECONDS);
    }

    void add(Call call) {
        byte[] line = (WireJson.write(call) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Path file() {
        return file;
    }

    void flush() {
        synchronized (out) {
            try {
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** All calls in the file, in the order of their answers. */
    List<Call> calls() {
        flush();
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> WireJson.read(line, Call.class)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        flushing.cancel(false);
        clockwork.shutdown();
        synchronized (out) {
            out.close();
        }
    }
}
