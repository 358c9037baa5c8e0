package org.deprovisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deprovisioner.report.Exit;

/** A file that somebody names to be read. */
final class InputFile {

    private InputFile() {}

    /**
     * The same file, which can be read.
     *
     * @throws CommandException when it cannot, with the reason
     */
    static Path readable(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        if (Files.isDirectory(file)) {
            throw unusable(whole + " is a folder. Name a file in it.");
        } else if (Files.notExists(file)) {
            throw unusable("There is no file " + whole + ". Check its name and folder.");
        } else if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw unusable(whole + " is not an ordinary file. Copy what is in it to one, and name that.");
        } else if (!Files.isReadable(file)) {
            throw unusable("The user " + Subcommand.user() + " may not read " + whole
                    + ". Give this user the right to, or run this as a user who has it.");
        }
        return file;
    }

    private static CommandException unusable(String why) {
        return new CommandException(Exit.USAGE, why);
    }
}
