package org.deprovisioner.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.deprovisioner.rights.FreePlace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in a folder and would lie there for ever without a word: a file whose name is no text in this system's encoding,
 * or holds a backslash, gets a name that can be said; of what is no file it is said once that it is left alone.
 */
final class OddEntries {

    private static final Logger LOG = LoggerFactory.getLogger(OddEntries.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int MOST_REMEMBERED = 1_000;

    private final Path folder;
    private final ArrivedFiles arrived;
    private final FileFaults faults;
    private final LongSupplier nanoTime;
    private final Set<Path> said = new HashSet<>();
    private long nextLook;

    /**
     * Looks after a folder.
     *
     * @param arrived which files are whole; watches no other folder
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    OddEntries(Path folder, ArrivedFiles arrived, FileFaults faults, LongSupplier nanoTime) {
        this.folder = folder;
        this.arrived = arrived;
        this.faults = faults;
        this.nanoTime = nanoTime;
        this.nextLook = nanoTime.getAsLong();
    }

    /** Looks once, now and then. */
    synchronized void look() {
        long now = nanoTime.getAsLong();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + BETWEEN_LOOKS.toNanos();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!String.valueOf(entry.getFileName()).startsWith(".")) {
                    look(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            faults.report(folder.toString(), unreadable);
        }
    }

    private void look(Path entry) {
        if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS) && !isOurs(entry) && isNews(entry)) {
                LOG.warn(
                        "{} is a folder, a link or something else that is not a file, and is left alone. Put files themselves"
                                + " into {}.",
                        entry,
                        folder);
            }
        } else if (!canBeSaid(entry) && arrived.hasArrived(entry)) {
            rename(entry);
        }
    }

    /** {@code approvals/done/}. */
    private static boolean isOurs(Path entry) {
        return entry.endsWith(Path.of("approvals", "done"));
    }

    private boolean isNews(Path entry) {
        if (said.size() >= MOST_REMEMBERED) {
            said.clear();
        }
        return said.add(entry);
    }

    private void rename(Path entry) {
        try {
            WorkingName name = new WorkingName(0, sayable(entry));
            Path place = FreePlace.move(
                    entry, folder, number -> name.base() + (number == 1 ? "" : "-" + number) + name.extension());
            LOG.warn(
                    "A file in {} had a name that cannot be used here, '{}'. It is now named {}, and taken as any other.",
                    folder,
                    WorkingName.mended(text(entry)),
                    place.getFileName());
        } catch (IOException stays) {
            faults.report("A file whose name cannot be used here (" + WorkingName.mended(text(entry)) + ")", stays);
        }
    }

    private String sayable(Path entry) {
        String name = WorkingName.mended(text(entry));
        try {
            return String.valueOf(folder.resolve(name).getFileName());
        } catch (InvalidPathException notInThisEncoding) {
            return name.replaceAll("[^\\x20-\\x7e]", "_");
        }
    }

    /** Whether the name is the same when it is said and read again; what routes take for the end of a folder's name is not. */
    private static boolean canBeSaid(Path entry) {
        String name = String.valueOf(entry.getFileName());
        try {
            return entry.resolveSibling(name).equals(entry) && (File.separatorChar == '\\' || name.indexOf('\\') < 0);
        } catch (InvalidPathException unsayable) {
            return false;
        }
    }

    /** The name's bytes as UTF-8: Java decodes them as the locale says, and keeps them as they are only in an address. */
    private static String text(Path entry) {
        String address = entry.toUri().getRawPath();
        String name = address.substring(address.lastIndexOf('/') + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < name.length(); i++) {
            boolean escaped = name.charAt(i) == '%';
            bytes.write(escaped ? Integer.parseInt(name.substring(i + 1, i + 3), 16) : name.charAt(i));
            i += escaped ? 2 : 0;
        }
        return bytes.toString(UTF_8);
    }
}
