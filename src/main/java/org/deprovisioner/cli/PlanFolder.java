package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.util.FileUtil;
import org.deprovisioner.rights.OwnerAlone;

/**
 * The folder of a plan, with a copy of the ledger in it, which goes when the plan is made. Those that a kill left behind go
 * when the next plan or service starts: while a plan is made its process holds a lock, which the operating system frees.
 */
final class PlanFolder implements AutoCloseable {

    private static final String PREFIX = ".plan-";

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
    static PlanFolder in(Path data) throws IOException {
        clear(data);
        Path file = lockFile(data);
        OwnerAlone.file(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.lock(0, 1, true); // others may plan meanwhile
            return new PlanFolder(Files.createTempDirectory(data, PREFIX), channel);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    Path path() {
        return folder;
    }

    /** Removes what was left behind, unless somebody makes a plan now. */
    @SuppressWarnings("try")
    static void clear(Path data) throws IOException {
        if (leftIn(data).isEmpty()) {
            return;
        }
        OwnerAlone.file(lockFile(data));
        try (FileChannel channel = FileChannel.open(lockFile(data), StandardOpenOption.WRITE);
                FileLock nobodyPlans = channel.tryLock(0, 1, false)) {
            if (nobodyPlans != null) {
                leftIn(data).forEach(folder -> FileUtil.removeDir(folder.toFile()));
            }
        } catch (OverlappingFileLockException planningHere) {
            // the next start clears up
        }
    }

    private static List<Path> leftIn(Path data) throws IOException {
        List<Path> left = new ArrayList<>();
        if (Files.exists(data)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(data, PREFIX + "*")) {
                folders.forEach(left::add);
            }
        }
        return left;
    }

    private static Path lockFile(Path data) {
        return data.resolve(".plans.lock");
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // the hook removes it
        }
        FileUtil.removeDir(folder.toFile());
        lock.close();
    }
}
