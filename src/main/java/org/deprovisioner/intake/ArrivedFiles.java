package org.deprovisioner.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of the inbox have arrived: regular files (no links, pipes or folders), neither hidden nor temporary, whose
 * size and time of change have stood still for a while, and which may be read. Many are watched at once, so a slow one
 * keeps no other waiting.
 */
final class ArrivedFiles implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(ArrivedFiles.class);
    private static final int MOST_WATCHED = 100_000;

    private final Duration quiet;
    private final LongSupplier nanoTime;
    private final Map<Path, Seen> watched = new LinkedHashMap<>();

    /**
     * @param quiet how long a file must stand still
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public ArrivedFiles(Duration quiet, LongSupplier nanoTime) {
        this.quiet = quiet;
        this.nanoTime = nanoTime;
    }

    private record Seen(long size, long modified, long since, boolean readable) {

        boolean isStill(Seen before) {
            return size == before.size && modified == before.modified && readable == before.readable;
        }
    }

    @Override
    public synchronized boolean accept(GenericFile<File> candidate) {
        Path file = candidate.getFile().toPath();
        if (candidate.isDirectory() || isTemporary(String.valueOf(file.getFileName()))) {
            return false;
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return now.isRegularFile() && !Files.isHidden(file) && stoodStill(file, now);
        } catch (IOException goneOrUnreadable) {
            return false;
        }
    }

    private boolean stoodStill(Path file, BasicFileAttributes attributes) {
        long now = nanoTime.getAsLong();
        Seen seen = new Seen(attributes.size(), attributes.lastModifiedTime().toMillis(), now, Files.isReadable(file));
        Seen before = watched.get(file);
        if (before == null || !seen.isStill(before)) {
            if (watched.size() >= MOST_WATCHED) {
                watched.keySet().removeIf(Files::notExists);
            }
            watched.put(file, seen);
            if (!seen.readable) {
                LOG.warn(
                        "{} cannot be read and is left where it is. Give the service's user the right to read it.",
                        file);
            }
            return false;
        }
        if (!seen.readable || now - before.since < quiet.toNanos()) {
            return false;
        }
        watched.remove(file);
        return true;
    }

    private static boolean isTemporary(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(".")
                || lower.startsWith("~$")
                || lower.endsWith(".tmp")
                || lower.endsWith(".part")
                || lower.endsWith(".crdownload")
                || lower.endsWith(".filepart");
    }
}
