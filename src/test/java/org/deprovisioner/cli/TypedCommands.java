package org.deprovisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A program that carries out one command after the other, as they would be typed, in the environment it is started in. */
public final class TypedCommands {

    private TypedCommands() {}

    /** Carries out the commands of a file, one a line with a tab between its words, and prints how each ended. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            int code = Deprovisioner.commandLine(home).execute(line.split("\t", -1));
            System.out.println("|" + line.split("\t", -1)[0] + "|" + code + "|");
        }
        System.exit(0);
    }
}
