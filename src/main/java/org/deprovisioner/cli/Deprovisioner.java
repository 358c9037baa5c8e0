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
import org.deprovisioner.store.StoreRefusedException;
import org.deprovisioner.token.TokenException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The program: its commands, and what each exception means to the user and to the shell. */
public final class Deprovisioner {

    private final Path home;

    private final OptionSpec debug = ofEachCommand("Show where in the program an error came from.", "--debug")
            .build();

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
        CommandLine commandLine = new CommandLine(program.spec());
        for (Subcommand command : commands(arguments.length > 0 ? arguments[0] : "")) {
            commandLine.addSubcommand(command.spec());
        }
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(program.new Explanation());
    }

    /** The command of this name; where there is none, all of them, in the order of the help. */
    private static List<Subcommand> commands(String name) {
        return switch (name) {
            case "demo" -> List.of(new Demo());
            case "run" -> List.of(new Run());
            case "template" -> List.of(new Template());
            case "plan" -> List.of(new PlanCommand());
            case "submit" -> List.of(new Submit());
            case "status" -> List.of(new Status());
            case "results" -> List.of(new Results());
            case "approve" -> List.of(new Approve());
            case "cancel" -> List.of(new Cancel());
            case "replay" -> List.of(new Replay());
            case "pause" -> List.of(new PauseCommand());
            case "resume" -> List.of(new Resume());
            case "audit" -> List.of(new Audit());
            case "backup" -> List.of(new Backup());
            case "login" -> List.of(new Login());
            case "doctor" -> List.of(new Doctor());
            case "simulator" -> List.of(new SimulatorCommand());
            default ->
                List.of(
                        new Demo(),
                        new Run(),
                        new Template(),
                        new PlanCommand(),
                        new Submit(),
                        new Status(),
                        new Results(),
                        new Approve(),
                        new Cancel(),
                        new Replay(),
                        new PauseCommand(),
                        new Resume(),
                        new Audit(),
                        new Backup(),
                        new Login(),
                        new Doctor(),
                        new SimulatorCommand());
        };
    }

    /** The program itself; each command has its options, its version and its exit codes, too. */
    private CommandSpec spec() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this)
                .name("deprovision")
                .scopeType(ScopeType.INHERIT)
                .versionProvider(new Version())
                .exitCodeOnInvalidInput(Exit.USAGE.code())
                .addOption(ofEachCommand("Show this help message and exit.", "-h", "--help")
                        .usageHelp(true)
                        .build())
                .addOption(ofEachCommand("Print version information and exit.", "-V", "--version")
                        .versionHelp(true)
                        .build())
                .addOption(debug);
        spec.usageMessage()
                .description(
                        "Deprovisions Intune managed devices from CSV files and JMS messages, at the pace the tenant allows.",
                        "It cannot be undone from afar: a device must be factory reset by hand to come back.")
                .autoWidth(true)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(UsageMessageSpec.keyValuesMap(
                        "  0:all done or skipped",
                        "  1:some failed, unknown, in doubt or parked",
                        "  2:usage",
                        "  3:configuration or credentials",
                        "  4:held by a guard",
                        "  5:cannot reach what it needs, or paused until resume",
                        "130:interrupted"));
        return spec;
    }

    private static OptionSpec.Builder ofEachCommand(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .initialValue(false)
                .scopeType(ScopeType.INHERIT)
                .description(description);
    }

    /** Whether somebody sits at both ends: neither input nor output is a file or a pipe. */
    static boolean onTerminal() {
        return Optional.ofNullable(System.console()).isPresent();
    }

    boolean debug() {
        return debug.<Boolean>getValue();
    }

    Path home() {
        return home;
    }

    private Exit explain(Exception failure, CommandLine command) {
        Terminal err = new Terminal(command.getErr());
        if (debug()) {
            failure.printStackTrace(err);
        } else if (failure instanceof CommandException || failure instanceof SettingsException) {
            message(failure).lines().forEach(err::println); // each problem is a line
        } else {
            err.println(message(failure));
        }
        if (failure instanceof CommandException refused) {
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

    private static String message(Exception failure) {
        if (failure instanceof CommandException
                || failure instanceof SettingsException
                || failure instanceof StoreRefusedException) {
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
    private static final class Version implements IVersionProvider {
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
