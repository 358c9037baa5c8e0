package org.deprovisioner.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.deprovisioner.ledger.TakenFiles;
import org.deprovisioner.ledger.TakenFiles.Consequence;
import org.deprovisioner.ledger.TakenFiles.Content;
import org.deprovisioner.ledger.TakenFiles.Stamp;
import org.deprovisioner.ledger.TakenFiles.TakenFile;
import org.deprovisioner.ledger.Units.Unit;
import org.deprovisioner.ledger.Units.Verdict;
import org.deprovisioner.text.Counted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds or pauses what was read from a file that changed after that, such as a copy that only paused: rows of it are missing,
 * and the last one that was read may be half a row.
 */
public final class FileChanges {

    private static final Logger LOG = LoggerFactory.getLogger(FileChanges.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BEFORE_ENDED_ARE_FORGOTTEN = Duration.ofMinutes(1);
    private static final int BUFFER_SIZE = 1 << 16;
    private static final String INCOMPLETE =
            " changed after it was read, so it had not wholly arrived: rows may be missing, and the last one cut off.";

    private final Path data;
    private final TakenFiles files;
    private final LongSupplier nanoTime;
    private long nextLook;
    private long nextForgetting;

    /**
     * Watches the files of a data folder that its ledger knows.
     *
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    public FileChanges(Path data, TakenFiles files, LongSupplier nanoTime) {
        this.data = data;
        this.files = files;
        this.nanoTime = nanoTime;
        this.nextLook = nanoTime.getAsLong();
        this.nextForgetting = nextLook + BEFORE_ENDED_ARE_FORGOTTEN.toNanos();
    }

    /**
     * What a file holds now that held something else when it was read.
     *
     * @param grew whether what was read is still its beginning
     */
    public record Change(TakenFile file, Content now, boolean grew) {}

    /** Why a unit is held before its first call; empty when its file is as it was read. */
    public Optional<Verdict.Hold> objection(Unit unit) {
        Optional<TakenFile> file = files.of(unit);
        Optional<Change> change = file.flatMap(this::change);
        change.ifPresent(this::note);
        Optional<Verdict.Hold> cutOff = file.filter(one -> !one.cutOff().isEmpty())
                .map(one -> new Verdict.Hold(
                        one.cutOff(),
                        "Hand over the rows behind that line in a file of their own. If what was read is all that is"
                                + " meant, or is to be sent meanwhile: deprovision approve " + one.batch()));
        return cutOff.isPresent()
                ? cutOff
                : file.filter(one -> one.changed() || change.isPresent())
                        .map(one -> new Verdict.Hold(
                                change.map(FileChanges::why).orElseGet(() -> "Its file " + one.place() + INCOMPLETE),
                                untilApproved(one)));
    }

    /** So many files at most that changed since they were last looked at; looked for once a second. */
    public synchronized List<Change> look(int most) {
        long now = nanoTime.getAsLong();
        if (now - nextLook < 0) {
            return List.of();
        }
        if (now - nextForgetting >= 0) {
            files.forgetEnded();
            nextForgetting = now + BEFORE_ENDED_ARE_FORGOTTEN.toNanos();
        }
        List<Change> changes = files.watched().stream()
                .map(this::change)
                .flatMap(Optional::stream)
                .limit(most)
                .toList();
        if (changes.size() < most) {
            nextLook = now + BETWEEN_LOOKS.toNanos();
        }
        return changes;
    }

    /** Holds or pauses what was read from a file, and says so. */
    public void act(Change change) {
        Consequence consequence = note(change);
        if (consequence != Consequence.NONE) {
            boolean held = consequence == Consequence.HELD;
            LOG.warn(
                    "{} is {}. {} {}",
                    change.file().batch(),
                    held ? "held" : "paused",
                    why(change),
                    held ? untilApproved(change.file()) : untilResumed(change.file()));
        }
    }

    private Consequence note(Change change) {
        return files.changed(
                change.file(),
                change.now(),
                change.grew(),
                why(change),
                untilApproved(change.file()),
                untilResumed(change.file()));
    }

    private static String why(Change change) {
        long before = change.file().read().stamp().size();
        long now = change.now().stamp().size();
        return "Its file " + change.file().place() + INCOMPLETE
                + (before == now
                        ? " Its %s changed.".formatted(Counted.of(now, "byte has", "bytes have"))
                        : " It had %s and has %,d now.".formatted(Counted.of(before, "byte"), now));
    }

    private static String untilApproved(TakenFile file) {
        return "End this batch (deprovision cancel " + file.batch() + "), wait until the file is whole, and drop "
                + archived(file)
                + " into the inbox again. Only if what was read is all that is meant: deprovision approve "
                + file.batch();
    }

    private static String untilResumed(TakenFile file) {
        return "End what is left (deprovision cancel " + file.batch() + ", then deprovision resume " + file.batch()
                + "), wait until the file is whole, and drop " + archived(file)
                + " into the inbox again: rows that are done already end as duplicate. Only if what was read is all that"
                + " is meant: deprovision resume " + file.batch();
    }

    private static String archived(TakenFile file) {
        return file.place().startsWith("archive/") ? file.place() : "the archived file";
    }

    private Optional<Change> change(TakenFile file) {
        if (!file.here() || !file.cutOff().isEmpty()) {
            return Optional.empty(); // its own machine looks at it
        }
        try {
            Path path = path(file);
            Stamp now = stamp(path);
            if (now.equals(file.read().stamp())) {
                return Optional.empty();
            }
            String digest = digest(path, Long.MAX_VALUE);
            if (digest.equals(file.read().digest())) {
                files.touched(file, now);
                return Optional.empty();
            }
            boolean grew = now.size() > file.read().stamp().size()
                    && digest(path, file.read().stamp().size())
                            .equals(file.read().digest());
            return Optional.of(new Change(file, new Content(now, digest), grew));
        } catch (IOException goneOrUnreadable) {
            return Optional.empty(); // what is not there does not grow
        }
    }

    /** A crash may have come between the file's move and its record. */
    private Path path(TakenFile file) {
        Path recorded = data.resolve(file.place());
        int dot = file.place().lastIndexOf('.');
        return Files.notExists(recorded, LinkOption.NOFOLLOW_LINKS)
                        && dot > file.place().lastIndexOf('/')
                ? data.resolve("archive").resolve(file.batch() + file.place().substring(dot))
                : recorded;
    }

    /** What can be seen of a file without reading it. */
    public static Stamp stamp(Path file) throws IOException {
        BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Stamp(seen.size(), seen.lastModifiedTime().to(TimeUnit.MICROSECONDS));
    }

    /** What a file holds. */
    public static Content content(Path file) throws IOException {
        Stamp stamp = stamp(file);
        return new Content(stamp, digest(file, Long.MAX_VALUE));
    }

    /**
     * The digest of so many bytes from the beginning of a file: two checksums of 32 bits, for they cost nothing beside the
     * reading, and a change is to be seen here, not a forger.
     */
    private static String digest(Path file, long most) throws IOException {
        CRC32 one = new CRC32();
        CRC32C other = new CRC32C();
        try (InputStream bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] buffer = new byte[BUFFER_SIZE];
            long left = most;
            for (int read = 0; read >= 0 && left > 0; left -= read) {
                read = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
                one.update(buffer, 0, Math.max(0, read));
                other.update(buffer, 0, Math.max(0, read));
            }
        }
        return "%08x%08x".formatted(one.getValue(), other.getValue());
    }
}
