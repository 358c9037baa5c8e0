package org.deprovisioner.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.util.FileUtil;

/**
 * The folder of a plan, with a copy of the ledger in it, which goes when the plan is made. Those that a kill left behind go
 * when the next plan or service starts: while a plan is made its process holds a lock, which the operating system frees.
 */
public final class PlanFolder implements AutoCloseable {

    private static final String PREFIX = ".plan-";
    private static final String LOCK = "lock";
    private static final Duration JUST_MADE = Duration.ofMinutes(1);

    private final Path folder;
    private final FileChannel lock;
    private final Thread hook;

    private PlanFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
        hook = new Thread(() -> FileUtil.removeDir(folder.toFile()), "plan-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Makes a folder below a data folder, for its owner alone. */
    public static PlanFolder in(Path data) throws IOException {
        clear(data);
        Path folder = Files.createTempDirectory(data, PREFIX);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        return new PlanFolder(folder, channel);
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /** Removes what was left behind, and nothing where somebody makes a plan now. */
    public static void clear(Path data) throws IOException {
        if (Files.notExists(data)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(data, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isLeft(folder)) {
                    FileUtil.removeDir(folder.toFile());
                }
            }
        }
    }

    @SuppressWarnings("try")
    private static boolean isLeft(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock nobodyPlans = channel.tryLock()) {
            return nobodyPlans != null;
        } catch (OverlappingFileLockException plannedHere) {
            return false;
        } catch (NoSuchFileException withoutLock) { // just made, or by a version that knew no lock
            return Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isBefore(Instant.now().minus(JUST_MADE));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // the hook removes it
        }
        lock.close();
        FileUtil.removeDir(folder.toFile());
    }
}
