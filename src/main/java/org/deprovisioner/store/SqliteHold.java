package org.deprovisioner.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * The hold of the one process that works a ledger off, or that makes or migrates it: a lock of the operating system on the
 * ledger's own file. No other file that somebody removes or puts back frees it, and it ends with the process, however that
 * ends.
 */
final class SqliteHold implements Database.Hold {

    /** Behind all that SQLite locks and writes. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** So long another process may take to make the ledger. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    /** Never closed: on POSIX, closing any channel of a file frees all locks of the process on it, SQLite's own, too. */
    private static final Map<Object, FileChannel> CHANNELS = new ConcurrentHashMap<>();

    private final Connection anchor;
    private final FileLock lock;

    private SqliteHold(Connection anchor, FileLock lock) {
        this.anchor = anchor;
        this.lock = lock;
    }

    /**
     * Takes the hold of a ledger, and waits a moment for it.
     *
     * @param ledger gives connections in WAL mode: one stays open and keeps SQLite's shared lock, so that SQLite, too, closes
     *     none of its own descriptors of the file meanwhile
     * @throws StoreException when another process has it
     */
    static SqliteHold take(Path file, DataSource ledger) throws IOException, SQLException {
        Connection anchor = ledger.getConnection();
        try (Statement read = anchor.createStatement()) {
            read.executeQuery("select count(*) from sqlite_master").close();
            return new SqliteHold(anchor, await(file, channel(file)));
        } catch (IOException | SQLException | RuntimeException failed) {
            anchor.close();
            throw failed;
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        Object key = Optional.ofNullable(
                        Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .orElse(file.toRealPath());
        FileChannel known = CHANNELS.get(key);
        if (known != null) {
            return known;
        }
        synchronized (CHANNELS) {
            if (!CHANNELS.containsKey(key)) {
                CHANNELS.put(key, FileChannel.open(file, StandardOpenOption.WRITE));
            }
            return CHANNELS.get(key);
        }
    }

    private static FileLock await(Path file, FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException heldInThisProcess) {
                // as if another one had it
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        throw new StoreException(
                "Another service works on " + file + "; one at a time may, even where its service.lock was removed."
                        + " End it first.",
                null);
    }

    @Override
    public void release() throws IOException, SQLException {
        lock.release();
        anchor.close();
    }
}
