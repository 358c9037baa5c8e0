package org.deprovisioner.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.rights.OwnerAlone;

/**
 * One process at a time works on a data folder: it holds a lock on {@code service.lock} in it, which also names the process
 * and what it does there. The operating system frees the lock when the process ends, however it ends.
 *
 * <p>The lock is two bytes. Only who wants to work takes the first; who works holds the second, too, and that is the one
 * that others look at. So to look never stands in the way of a start.
 */
public final class ServiceLock implements AutoCloseable {

    /** Behind all content, so that the process can be read while the lock is held. */
    private static final long OWNED_BYTE = Long.MAX_VALUE - 1;

    private static final long SHOWN_BYTE = Long.MAX_VALUE - 2;

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final int TRIES = 40;

    /** On POSIX, closing any channel of a file frees all locks of the process: those held here are never opened again. */
    private static final Map<Path, Work> HELD_HERE = new HashMap<>();

    /** What the process that holds a data folder does there. */
    public enum Work {
        /** It takes in and sends whatever comes. */
        SERVICE("service"),
        /** It sends the one batch that was handed over to it. */
        ONE_BATCH("submit"),
        /** It writes files from the ledger, and soon ends. */
        FILES("files");

        private final String word;

        Work(String word) {
            this.word = word;
        }
    }

    private final Path file;
    private final FileChannel channel;

    private ServiceLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock of a data folder; empty when another process works there. One that only writes files is waited for.
     */
    public static Optional<ServiceLock> acquire(Path data, Work work) throws IOException {
        Optional<ServiceLock> acquired = tryAcquire(data, work);
        for (int unseen = 0; acquired.isEmpty() && unseen < TRIES; acquired = tryAcquire(data, work)) {
            Optional<Work> other = worker(data);
            if (other.isPresent() && other.get() != Work.FILES) {
                return Optional.empty();
            }
            unseen += other.isEmpty() ? 1 : 0; // it has just begun, or just ended
            try {
                Thread.sleep(BETWEEN_TRIES.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return acquired;
    }

    /**
     * Takes the lock of a data folder for a service.
     *
     * @throws DataFolderInUseException when another process works there: says which, in one line
     */
    public static ServiceLock acquireOrRefuse(Path data) throws IOException {
        Optional<ServiceLock> acquired = acquire(data, Work.SERVICE);
        if (acquired.isEmpty()) {
            boolean ofOneBatch = worker(data).filter(Work.ONE_BATCH::equals).isPresent();
            throw new DataFolderInUseException(
                    ofOneBatch
                            ? "'deprovision submit --wait'" + holder(data) + " sends a batch from " + data
                                    + "; start the service once it has ended."
                            : "A service" + holder(data) + " already works on " + data + "; one at a time may.");
        }
        return acquired.get();
    }

    private static synchronized Optional<ServiceLock> tryAcquire(Path data, Work work) throws IOException {
        OwnerAlone.passableFolder(data);
        Path file = data.toRealPath().resolve("service.lock");
        if (HELD_HERE.containsKey(file)) {
            return Optional.empty();
        }
        OwnerAlone.file(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock(OWNED_BYTE, 1, false) == null) {
                return Optional.empty();
            }
            channel.lock(SHOWN_BYTE, 1, false); // at most a look is waited for
            String content = ProcessHandle.current().pid() + "\n" + work.word + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
            HELD_HERE.put(file, work);
            return Optional.of(new ServiceLock(file, channel));
        } finally {
            if (!HELD_HERE.containsKey(file)) {
                channel.close();
            }
        }
    }

    /** Whether a process works on a data folder now, be it for one batch only. */
    public static boolean isHeld(Path data) throws IOException {
        return worker(data).isPresent();
    }

    /** Whether a service works on a data folder now: one that takes in and sends whatever comes. */
    public static boolean isServing(Path data) throws IOException {
        return worker(data).filter(Work.SERVICE::equals).isPresent();
    }

    /** What the process does that works on a data folder now; empty when there is none. */
    public static synchronized Optional<Work> worker(Path data) throws IOException {
        if (Files.notExists(data)) {
            return Optional.empty();
        }
        Path file = data.toRealPath().resolve("service.lock");
        if (HELD_HERE.containsKey(file)) {
            return Optional.ofNullable(HELD_HERE.get(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock free = channel.tryLock(SHOWN_BYTE, 1, true)) {
            return free == null ? Optional.of(work(Files.readString(file))) : Optional.empty();
        } catch (NoSuchFileException neverTaken) {
            return Optional.empty();
        }
    }

    private static Work work(String content) {
        return Arrays.stream(Work.values())
                .filter(work -> content.endsWith("\n" + work.word + "\n"))
                .findFirst()
                .orElse(Work.SERVICE);
    }

    /** The process that works on a data folder, in words that follow the word service. */
    public static synchronized String holder(Path data) {
        try {
            Path file = data.toRealPath().resolve("service.lock");
            String pid = HELD_HERE.containsKey(file)
                    ? String.valueOf(ProcessHandle.current().pid())
                    : Files.readString(file).lines().findFirst().orElse("");
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException unreadable) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (ServiceLock.class) {
            try {
                channel.close();
            } finally {
                HELD_HERE.remove(file);
            }
        }
    }
}
