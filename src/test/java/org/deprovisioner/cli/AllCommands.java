package org.deprovisioner.cli;

import java.nio.file.Path;
import org.deprovisioner.report.Plan;
import picocli.CommandLine;

/** What tests of other packages need to know of the commands. */
public final class AllCommands {

    private AllCommands() {}

    /** The command line as a user types it, in this folder; nothing is run by asking it how it parses. */
    public static CommandLine commandLine() {
        return Deprovisioner.commandLine(Path.of(""));
    }

    /** What {@code plan --json} prints. */
    public static Class<?> plan() {
        return Plan.class;
    }
}
