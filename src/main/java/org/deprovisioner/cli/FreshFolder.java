package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.deprovisioner.rights.OwnerAlone;

/** A folder for something that practises: a new one each time, whatever the user has set for the real thing. */
final class FreshFolder {

    private static final DateTimeFormatter NOW =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private FreshFolder() {}

    /** One below the installation's {@code data}, or a temporary one where the installation may not be written. */
    static Path named(String name, Path home) throws IOException {
        Path parent = home.resolve("data");
        String dated = name + "-" + NOW.format(Clock.systemUTC().instant());
        try {
            OwnerAlone.passableFolder(parent);
            Path folder = parent.resolve(dated);
            for (int number = 2; Files.exists(folder); number++) {
                folder = parent.resolve(dated + "-" + number);
            }
            OwnerAlone.passableFolder(folder);
            return folder;
        } catch (FileSystemException notWritable) {
            return Files.createTempDirectory("deprovision-" + name + "-");
        }
    }
}
