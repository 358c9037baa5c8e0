package org.deprovisioner.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.rights.OwnerAlone;

/** The folder of the log: one file a day, and a lock that lets one process at a time at them. */
final class LogFolder {

    private static final Pattern A_DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}\\.jsonl");

    /** A file lock keeps other processes out, but not other threads of this one. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final Path folder;

    LogFolder(Path data) {
        folder = data.resolve("audit");
    }

    /** What is done while nobody else writes. */
    interface Work<T> {
        T run() throws IOException;
    }

    @SuppressWarnings("try")
    <T> T alone(Work<T> work) throws IOException {
        OwnerAlone.folder(folder);
        Path file = folder.resolve(".lock");
        OwnerAlone.file(file);
        IN_THIS_PROCESS.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            return work.run();
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** The file of a day. */
    Path file(String day) {
        return folder.resolve(day + ".jsonl");
    }

    /** The day of a file. */
    static String day(Path file) {
        return String.valueOf(file.getFileName()).replace(".jsonl", "");
    }

    /** The files of all days, oldest first. */
    List<Path> files() throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            A_DAY.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        }
    }
}
