package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One service at a time works on a data folder: it holds a lock on {@code service.lock} in it, which also names its
 * process. The operating system frees the lock when the process ends, however it ends.
 */
final class ServiceLock implements AutoCloseable {

    /** Behind all content, so that the process id can be read while the lock is held. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** On POSIX, closing any channel of a file frees all locks of the process: those held here are never opened again. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private ServiceLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of a data folder; empty when a service holds it. */
    static Optional<ServiceLock> acquire(Path data) throws IOException {
        Path file = Files.createDirectories(data).toRealPath().resolve("service.lock");
        if (!HELD_HERE.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
            channel.close();
            HELD_HERE.remove(file);
            return Optional.empty();
        }
        String pid = ProcessHandle.current().pid() + "\n";
        channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        return Optional.of(new ServiceLock(file, channel));
    }

    /** Takes the lock of a data folder, or says in one line who holds it. */
    static ServiceLock acquireOrRefuse(Path data) throws IOException {
        return acquire(data)
                .orElseThrow(() -> new Refused(
                        Exit.UNREACHABLE,
                        "A service" + holder(data) + " already works on " + data + "; one at a time may."));
    }

    /** Whether a service works on a data folder now. */
    static boolean isHeld(Path data) throws IOException {
        Path file = data.resolve("service.lock");
        if (Files.notExists(file)) {
            return false;
        }
        Optional<ServiceLock> free = acquire(data);
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    /** The process that took the lock last, in words that follow the word service. */
    static String holder(Path data) {
        try {
            return " (process " + Files.readString(data.resolve("service.lock")).strip() + ")";
        } catch (IOException unreadable) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD_HERE.remove(file);
    }
}
