package org.deprovisioner.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.vault.HashicorpFunction;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What every command has: where it prints, and the settings. */
abstract class Subcommand implements Callable<Integer> {

    private final CommandSpec spec;

    Subcommand(String name, String description) {
        spec = CommandSpec.wrapWithoutInspection(this).name(name);
        spec.usageMessage().description(description);
    }

    /** What this command may or must be given. */
    final <T> Argument<T> takes(Argument<T> given) {
        spec.add(given.spec());
        return given;
    }

    /** What excludes each other. */
    final void takesOneAtMost(Argument<?> one, Argument<?> other) {
        spec.addArgGroup(
                ArgGroupSpec.builder().addArg(one.spec()).addArg(other.spec()).build());
    }

    /** A command below this one. */
    final void has(Subcommand below) {
        spec.addSubcommand(below.spec.name(), below.spec);
    }

    /** For picocli. */
    final CommandSpec spec() {
        return spec;
    }

    /** Does what the command is for. */
    abstract Exit run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        Exit exit = run();
        out().flush();
        err().flush();
        return exit.code();
    }

    final Terminal out() {
        return new Terminal(spec.commandLine().getOut());
    }

    final Terminal err() {
        return new Terminal(spec.commandLine().getErr());
    }

    final Path home() {
        return program().home();
    }

    /** Logs to the console and, for the service, to its file; with {@code --debug} the console shows traces. */
    final void startLogging(Configuration configuration, boolean toFile) {
        Logging.start(configuration, toFile, program().debug());
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
        return SettingsReader.ofProcess(home(), Map.of()).withVaults(HashicorpFunction::new);
    }
}
