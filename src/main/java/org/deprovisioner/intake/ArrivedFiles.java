package org.deprovisioner.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

    /** So long a file must stand still whose last line has no end: it may have been cut off in the middle of a word. */
    private static final Duration QUIET_WITHOUT_END = Duration.ofMinutes(1);

    private final Duration quiet;
    private final Duration quietWithoutEnd;
    private final LongSupplier nanoTime;
    private final Map<Path, Seen> watched = new LinkedHashMap<>();

    private ArrivedFiles(Duration quiet, Duration quietWithoutEnd, LongSupplier nanoTime) {
        this.quiet = quiet;
        this.quietWithoutEnd = quietWithoutEnd;
        this.nanoTime = nanoTime;
    }

    /**
     * Files of requests; one whose last line has no line end, and that is no closed JSON array, must stand still for a
     * minute.
     *
     * @param quiet how long a file must stand still
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    static ArrivedFiles ofRequests(Duration quiet, LongSupplier nanoTime) {
        Duration longer = quiet.compareTo(QUIET_WITHOUT_END) < 0 ? QUIET_WITHOUT_END : quiet;
        return new ArrivedFiles(quiet, longer, nanoTime);
    }

    /** Files of which it does not matter how they end. */
    static ArrivedFiles ofAnyEnd(Duration quiet, LongSupplier nanoTime) {
        return new ArrivedFiles(quiet, quiet, nanoTime);
    }

    private record Seen(long size, long modified, long since, boolean readable) {

        boolean isStill(Seen before) {
            return size == before.size && modified == before.modified && readable == before.readable;
        }
    }

    @Override
    public boolean accept(GenericFile<File> candidate) {
        try {
            return !candidate.isDirectory() && hasArrived(candidate.getFile().toPath());
        } catch (InvalidPathException undecodable) {
            return false; // a name that Java cannot say; it is given another one
        }
    }

    /** Whether a file has arrived; true once, then it is watched anew. */
    synchronized boolean hasArrived(Path file) {
        if (isTemporary(String.valueOf(file.getFileName()))) {
            return false;
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return now.isRegularFile() && !Files.isHidden(file) && stoodStill(file, now);
        } catch (IOException goneOrUnreadable) {
            return false;
        }
    }

    private boolean stoodStill(Path file, BasicFileAttributes attributes) throws IOException {
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
        if (!seen.readable
                || now - before.since < quiet.toNanos()
                || (now - before.since < quietWithoutEnd.toNanos() && !FileEnd.isWhole(file))) {
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
