package org.deprovisioner.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Whether files and folders are still those that they were. A process goes on writing to files that were moved away, and
 * what it then writes is found by nobody who looks where they were.
 */
final class FilesInPlace {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Map<Path, Object> seen;

    private FilesInPlace(Map<Path, Object> seen) {
        this.seen = seen;
    }

    /** These files, as they are now. */
    static FilesInPlace of(List<Path> files) throws IOException {
        Map<Path, Object> seen = new LinkedHashMap<>();
        for (Path file : files) {
            seen.put(file, identity(file));
        }
        return new FilesInPlace(seen);
    }

    /**
     * Looks from now on, in a thread of its own that does not keep the process alive, until the first is gone.
     *
     * @return ends the watch: who closes the files takes some of them away
     */
    AutoCloseable watch(Consumer<Path> gone) {
        AtomicBoolean ended = new AtomicBoolean();
        Thread watch = new Thread(
                () -> {
                    try {
                        Optional<Path> missing = missing();
                        while (missing.isEmpty()) {
                            Thread.sleep(BETWEEN_LOOKS.toMillis());
                            missing = missing();
                        }
                        if (!ended.getAndSet(true)) {
                            gone.accept(missing.get());
                        }
                    } catch (InterruptedException ending) {
                        Thread.currentThread().interrupt();
                    }
                },
                "files-in-place");
        watch.setDaemon(true);
        watch.start();
        return () -> {
            if (!ended.getAndSet(true)) {
                watch.interrupt();
            }
        };
    }

    /** The first that is not there any more, or is another; one that cannot be looked at may still be there. */
    Optional<Path> missing() {
        return seen.entrySet().stream()
                .filter(file -> isMissing(file.getKey(), file.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isMissing(Path file, Object before) {
        try {
            return !identity(file).equals(before);
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Where the file system tells no file from another, its path: one that is open cannot be replaced there. */
    private static Object identity(Path file) throws IOException {
        return Optional.ofNullable(
                        Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .orElse(file);
    }
}
