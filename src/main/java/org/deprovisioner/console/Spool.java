package org.deprovisioner.console;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deprovisioner.rights.OwnerAlone;
import org.eclipse.jetty.io.Content;

/**
 * The body of an answer before it leaves: in memory while it is small, else in a file. So neither a connection of the
 * ledger nor a thread waits for a slow browser.
 */
final class Spool extends OutputStream {

    static final String PREFIX = ".answer-";
    private static final int MOST_IN_MEMORY = 1 << 20;

    private final Path file;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private OutputStream target = memory;

    Spool(Path folder) {
        file = folder.resolve(PREFIX + Sessions.random());
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (target == memory && memory.size() + length > MOST_IN_MEMORY) {
            OwnerAlone.writeNew(file, "");
            target = new BufferedOutputStream(Files.newOutputStream(file));
            memory.writeTo(target);
        }
        target.write(bytes, offset, length);
    }

    /** Ends the writing, and gives what was written. */
    Content.Source content() throws IOException {
        target.close();
        return target == memory
                ? Content.Source.from(ByteBuffer.wrap(memory.toByteArray()))
                : Content.Source.from(file);
    }

    /** Takes its file away. */
    void remove() {
        try {
            target.close();
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // the next start takes it away
        }
    }
}
