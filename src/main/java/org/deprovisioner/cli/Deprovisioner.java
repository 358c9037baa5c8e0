package org.deprovisioner.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.SettingsException;
import org.deprovisioner.token.TokenException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The program: its commands, and what each exception means to the user and to the shell. */
@Command(
        name = "deprovision",
        description = {
            "Deprovisions Intune managed devices from CSV files and JMS messages, at the pace the tenant allows.",
            "It cannot be undone from afar: a device must be factory reset by hand to come back."
        },
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        addMethodSubcommands = false,
        versionProvider = Deprovisioner.Version.class,
        usageHelpAutoWidth = true,
        exitCodeOnInvalidInput = 2,
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

    /** In the order of the help. */
    private static final List<Class<? extends Subcommand>> COMMANDS = List.of(
            Demo.class,
            Run.class,
            Template.class,
            PlanCommand.class,
            Submit.class,
            Status.class,
            Results.class,
            Approve.class,
            Cancel.class,
            Replay.class,
            PauseCommand.class,
            Resume.class,
            Audit.class,
            Backup.class,
            Login.class,
            Doctor.class,
            SimulatorCommand.class);

    private final Path home;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.")
    private boolean debug;

    private Deprovisioner(Path home) {
        this.home = home;
    }

    /**
     * Runs one command and ends with its exit code.
     *
     * @param arguments the command and its options; the system property {@code deprovision.home} names the installation
     *     folder, the working folder unless set
     */
    public static void main(String[] arguments) {
        Logging.waitForStart();
        CommandLine commandLine = commandLine(Path.of(System.getProperty("deprovision.home", "")), arguments);
        if (!onTerminal()) {
            commandLine.setOut(new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        }
        int exit = commandLine.execute(arguments);
        commandLine.getOut().flush();
        System.exit(exit);
    }

    /** The command line; where the first argument names a command, of that one alone: to describe all takes time. */
    static CommandLine commandLine(Path home, String... arguments) {
        // no search through all jars for Groovy, and no loading of types that no option has
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java\\.(sql|time|util)\\..*");
        Deprovisioner program = new Deprovisioner(home.toAbsolutePath().normalize());
        CommandLine all = new CommandLine(program);
        List<Class<? extends Subcommand>> wanted = COMMANDS.stream()
                .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
                .toList();
        (wanted.isEmpty() ? COMMANDS : wanted).forEach(command -> all.addSubcommand(command));
        return all.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(program.new Explanation());
    }

    private static String name(Class<? extends Subcommand> command) {
        return command.getAnnotation(Command.class).name();
    }

    /** Whether somebody sits at both ends: neither input nor output is a file or a pipe. */
    static boolean onTerminal() {
        return Optional.ofNullable(System.console()).isPresent();
    }

    boolean debug() {
        return debug;
    }

    Path home() {
        return home;
    }

    private Exit explain(Exception failure, CommandLine command) {
        if (debug) {
            failure.printStackTrace(command.getErr());
        } else {
            command.getErr().println(message(failure));
        }
        if (failure instanceof Refused refused) {
            return refused.exit();
        } else if (failure instanceof SettingsException
                || (failure instanceof TokenException token && !token.isUnreachable())) {
            return Exit.SETTINGS;
        } else if (failure instanceof InterruptedException) {
            return Exit.INTERRUPTED;
        }
        return Exit.UNREACHABLE;
    }

    private static String message(Exception failure) {
        if (failure instanceof Refused || failure instanceof SettingsException) {
            return String.valueOf(failure.getMessage());
        } else if (failure instanceof InterruptedException) {
            return "Interrupted. What was handed over stays where it is.";
        } else if (failure instanceof TokenException token) {
            return token.getMessage() + " " + token.remedy();
        }
        return Optional.ofNullable(failure.getMessage()).orElse(failure.toString())
                + " (--debug shows where it came from.)";
    }

    /** What a failure means. A class, for a lambda of a type as old as this is made at each start. */
    private final class Explanation implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
            return explain(failure, command).code();
        }
    }

    /** The version that the jar's manifest names. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Deprovisioner "
                        + Optional.ofNullable(Deprovisioner.class.getPackage().getImplementationVersion())
                                .orElse("(not packaged)")
            };
        }
    }
}
