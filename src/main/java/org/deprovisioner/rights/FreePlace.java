package org.deprovisioner.rights;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Puts files where nothing is, so that no file of a user is ever overwritten, however lately it came there. */
public final class FreePlace {

    private FreePlace() {}

    /**
     * Moves a file into a folder, under the first of these names that is free.
     *
     * @param names the names to try, from number 1 on
     * @return where it is now
     */
    public static Path move(Path file, Path folder, IntFunction<String> names) throws IOException {
        OwnerAlone.folder(folder);
        for (int number = 1; ; number++) {
            Path place = folder.resolve(names.apply(number));
            if (isMoved(file, place)) {
                return place;
            }
        }
    }

    private static boolean isMoved(Path file, Path place) throws IOException {
        try {
            move(file, place);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /** Whether nothing is at a place, or the file itself, as a crash in the middle of its move leaves it. */
    public static boolean isFreeFor(Path file, Path place) throws IOException {
        return Files.notExists(place, LinkOption.NOFOLLOW_LINKS) || isSame(file, place);
    }

    /**
     * Moves a file to a place.
     *
     * @throws FileAlreadyExistsException when something is there, which stays as it is
     */
    public static void move(Path file, Path place) throws IOException {
        try {
            link(file, place);
        } catch (FileAlreadyExistsException taken) {
            if (!isSame(file, place)) {
                throw taken;
            } // else a crash came between the two steps
        } catch (FileSystemException | UnsupportedOperationException withoutLinks) {
            Files.move(file, place); // looks first, and fails where something is
            return;
        }
        try {
            Files.delete(file);
        } catch (IOException stays) {
            Files.delete(place);
            throw stays;
        }
    }

    /** Unlike a rename, it never takes the place of another. */
    private static void link(Path file, Path place) throws IOException {
        Files.createLink(place, file);
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        Object key = key(one);
        return key != null && key.equals(key(other));
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
