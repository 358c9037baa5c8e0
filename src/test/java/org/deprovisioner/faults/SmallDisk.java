package org.deprovisioner.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small file system in memory that can be filled to the last byte; only the superuser of a Linux can make one. */
final class SmallDisk implements AutoCloseable {

    private static final byte[] BLOCK = new byte[1 << 16];

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** One mounted at a folder; empty where that is not allowed. */
    static Optional<SmallDisk> mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        return run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + megabytes + "m", "tmpfs", folder.toString())
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    void fill() throws IOException {
        try (OutputStream filler = Files.newOutputStream(filler())) {
            for (int size = BLOCK.length; size > 0; size /= 2) {
                fill(filler, size);
            }
        }
    }

    private static void fill(OutputStream filler, int size) {
        try {
            while (true) {
                filler.write(BLOCK, 0, size);
            }
        } catch (IOException full) {
            // that is what it is for
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() {
        run("umount", "-l", folder.toString());
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException notThere) {
            return false;
        }
    }
}
