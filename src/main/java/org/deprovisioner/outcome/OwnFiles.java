package org.deprovisioner.outcome;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.WrittenFiles.Mark;
import org.deprovisioner.rights.FreePlace;
import org.deprovisioner.rights.Readers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of batches that we write in one folder. Each appears whole or not at all; one that we never wrote, that somebody
 * changed since, or that is open elsewhere stays as it is, and the next number is written beside it.
 */
final class OwnFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);

    /** Files that are open elsewhere are few; where more are refused, it is the folder that may not be written. */
    private static final int MOST_REFUSED = 5;

    /** Puts a file in the place of another. */
    interface Replacement {
        void move(Path file, Path place) throws IOException;
    }

    private final Path data;
    private final Path folder;
    private final String extension;
    private final Readers readers;
    private final Batches batches;
    private final Replacement replacement;

    /** The files with this extension in a folder below a data folder. */
    OwnFiles(Path data, String folder, String extension, Readers readers, Batches batches) {
        this(
                data,
                folder,
                extension,
                readers,
                batches,
                (file, place) ->
                        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
    }

    OwnFiles(Path data, String folder, String extension, Readers readers, Batches batches, Replacement replacement) {
        this.data = data;
        this.folder = data.resolve(folder);
        this.extension = extension;
        this.readers = readers;
        this.batches = batches;
        this.replacement = replacement;
    }

    /** Where a new version of a file is written, to be published then. */
    Path part(String name) throws IOException {
        readers.folder(folder);
        return folder.resolve("." + name + extension + ".part");
    }

    /**
     * Gives a new version the name of the batch, or the next number of it.
     *
     * @throws AccessDeniedException when the folder may not be written
     */
    void publish(Path part, String batch) throws IOException {
        readers.file(part);
        int refused = 0;
        for (int number = 0; ; number++) {
            Path place = place(batch, number);
            if (number > 0 && batches.progress(batch + "." + number).isPresent()) {
                continue; // the name belongs to the files of another batch
            }
            try {
                if (put(part, place)) {
                    return;
                }
                LOG.warn("{} is not as it was left, or not ours, and stays; the next number is written.", place);
            } catch (AccessDeniedException openElsewhere) {
                refused++;
                if (refused == MOST_REFUSED) {
                    throw openElsewhere;
                }
                LOG.warn("{} is open in another program; the next number is written beside it.", place);
            }
        }
    }

    private boolean put(Path part, Path place) throws IOException {
        Optional<Mark> before = batches.files().mark(key(place));
        boolean isFree = Files.notExists(place, LinkOption.NOFOLLOW_LINKS);
        if (!isFree && !isAsLeft(place, before)) {
            return false;
        }
        batches.files().mark(key(place), markOf(part));
        try {
            if (isFree) {
                FreePlace.move(part, place);
            } else {
                replacement.move(part, place);
            }
            return true;
        } catch (FileAlreadyExistsException cameMeanwhile) {
            unmark(place, before);
            return false;
        } catch (IOException stays) {
            unmark(place, before);
            throw stays;
        }
    }

    private void unmark(Path place, Optional<Mark> before) {
        before.ifPresentOrElse(
                mark -> batches.files().mark(key(place), mark),
                () -> batches.files().forget(key(place)));
    }

    /** Takes away what was written of a batch, but for what somebody changed. */
    void remove(String batch) throws IOException {
        for (Path place : places(batch)) {
            if (isAsLeft(place, batches.files().mark(key(place)))) {
                Files.deleteIfExists(place);
            }
            batches.files().forget(key(place));
        }
    }

    /** The file that was written last of a batch. */
    Optional<Path> newest(String batch) {
        return places(batch).stream()
                .filter(Files::exists)
                .max(Comparator.comparingLong(place -> place.toFile().lastModified()));
    }

    /** Where a batch's file is when nobody is in its way. */
    Path usual(String batch) {
        return place(batch, 0);
    }

    private List<Path> places(String batch) {
        return batches.files().of(batch).stream()
                .map(data::resolve)
                .filter(place ->
                        folder.equals(place.getParent()) && place.toString().endsWith(extension))
                .toList();
    }

    private Path place(String batch, int number) {
        return folder.resolve(number == 0 ? batch + extension : batch + "." + number + extension);
    }

    private static boolean isAsLeft(Path place, Optional<Mark> left) throws IOException {
        return left.isPresent()
                && Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
                && left.get().equals(markOf(place));
    }

    private String key(Path file) {
        return data.relativize(file).toString().replace('\\', '/');
    }

    private static Mark markOf(Path file) throws IOException {
        return new Mark(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }
}
