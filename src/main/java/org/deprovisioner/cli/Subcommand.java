package org.deprovisioner.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.vault.HashicorpFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: where it prints, and the settings. */
abstract class Subcommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** Does what the command is for. */
    abstract Exit run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        Exit exit = run();
        out().flush();
        err().flush();
        return exit.code();
    }

    /** For people; on a terminal a long line goes on below. What programs read is printed as it is. */
    final Terminal out() {
        return new Terminal(spec.commandLine().getOut()).folding(width());
    }

    final Terminal err() {
        return new Terminal(spec.commandLine().getErr()).folding(width());
    }

    /** How much a line of a table may have: what the terminal shows, 80 where that is not known; anything elsewhere. */
    final int width() {
        return Deprovisioner.width(spec.commandLine());
    }

    final Path home() {
        return program().home();
    }

    /** Logs to the console and, for the service, to its file; with {@code --debug} the console shows traces. */
    final void startLogging(Configuration configuration, Logging.To to) {
        Logging.start(configuration, to, program().debug());
    }

    /** Logs to the console, once there is something to log. */
    final void startLoggingOnDemand(Configuration configuration) {
        Logging.startOnDemand(configuration, program().debug());
    }

    private Deprovisioner program() {
        return (Deprovisioner) spec.root().userObject();
    }

    /** The operating-system user who runs this command. */
    static String user() {
        return System.getProperty("user.name", "somebody");
    }

    final SettingsReader settings() {
        return settings(Map.of());
    }

    /** The settings, with some that the command itself gives. */
    final SettingsReader settings(Map<String, String> given) {
        return SettingsReader.ofProcess(home(), given).withVaults(HashicorpFunction::new);
    }
}
