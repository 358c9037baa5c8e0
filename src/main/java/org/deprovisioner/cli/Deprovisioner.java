package org.deprovisioner.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.store.StoreRefusedException;
import org.deprovisioner.token.TokenException;
import org.sqlite.util.OSInfo;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: its commands, and what each exception means to the user and to the shell. */
@Command(
        name = "deprovision",
        description = {
            "Deprovisions Intune managed devices from CSV files and JMS messages, at the pace the tenant allows.",
            "This cannot be undone remotely: a device must be factory reset by hand to come back."
        },
        subcommands = {
            Demo.class,
            Run.class,
            Template.class,
            Devices.class,
            PlanCommand.class,
            Submit.class,
            WaitCommand.class,
            Status.class,
            Results.class,
            Approve.class,
            Cancel.class,
            Replay.class,
            PauseCommand.class,
            Resume.class,
            Audit.class,
            Backup.class,
            NodeCommand.class,
            LedgerSubcommands.class,
            Login.class,
            ConsoleCommand.class,
            Doctor.class,
            SimulatorCommand.class,
            CommandLine.HelpCommand.class
        },
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        footerHeading = "%nExample:%n",
        footer = "  deprovision demo",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:all done or skipped",
            "  1:some failed, unknown, in doubt or parked",
            "  2:usage",
            "  3:configuration or credentials",
            "  4:held by a guard",
            "  5:cannot reach what it needs, or paused until resume",
            "130:interrupted"
        })
public final class Deprovisioner {

    private final Path home;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.")
    private boolean debug;

    /** In the installation folder that the system property {@code deprovision.home} names, or the working folder. */
    Deprovisioner() {
        this(Path.of(System.getProperty("deprovision.home", "")));
    }

    private Deprovisioner(Path home) {
        this.home = home.toAbsolutePath().normalize();
    }

    /**
     * Runs one command and ends with its exit code.
     *
     * @param arguments the command and its options; the system property {@code deprovision.home} names the installation
     *     folder, the working folder unless set
     */
    public static void main(String[] arguments) {
        System.setProperty(
                "org.sqlite.lib.path",
                Path.of(System.getProperty("deprovision.home", ""), "lib", "native")
                        .resolve(OSInfo.getNativeLibFolderPathForCurrentOS())
                        .toString());
        Logging.waitForStart();
        CommandLine commandLine = commandLine(new Deprovisioner());
        if (!onTerminal()) {
            commandLine.setOut(new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        }
        int exit = commandLine.execute(arguments);
        commandLine.getOut().flush();
        System.exit(exit);
    }

    /** The command line of the installation in this folder. */
    static CommandLine commandLine(Path home) {
        return commandLine(new Deprovisioner(home));
    }

    private static CommandLine commandLine(Deprovisioner program) {
        // no search through all jars for Groovy, and no loading of types that no option has
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java\\.(sql|time|util)\\..*");
        return Usage.explained(new CommandLine(program))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Usage::wrong)
                .setExecutionExceptionHandler((failure, command, parsed) ->
                        program.explain(failure, command).code());
    }

    /** Whether somebody sits at both ends: neither input nor output is a file or a pipe. */
    static boolean onTerminal() {
        return Optional.ofNullable(System.console()).isPresent();
    }

    /** What the terminal shows of a line, 80 where that is not known; anything where there is none. */
    static int width(CommandLine command) {
        return onTerminal() ? command.getUsageHelpWidth() : Integer.MAX_VALUE;
    }

    boolean debug() {
        return debug;
    }

    Path home() {
        return home;
    }

    private Exit explain(Exception failure, CommandLine command) {
        Terminal err = new Terminal(command.getErr()).folding(width(command));
        if (debug()) {
            failure.printStackTrace(err);
        } else if (failure instanceof NotDoneException || failure instanceof SettingsException) {
            Failure.words(failure).lines().forEach(err::println); // each problem is a line
        } else {
            err.println(Failure.words(failure));
        }
        if (failure instanceof NotDoneException refused) {
            return refused.exit();
        } else if (failure instanceof SettingsException
                || failure instanceof StoreRefusedException
                || (failure instanceof TokenException token && !token.isUnreachable())) {
            return Exit.SETTINGS;
        } else if (failure instanceof InterruptedException) {
            return Exit.INTERRUPTED;
        }
        return Exit.UNREACHABLE;
    }
}
