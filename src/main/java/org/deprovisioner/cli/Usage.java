package org.deprovisioner.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deprovisioner.text.Printable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the program says of how it is called: the help of each command, and what is wrong with what was typed. */
final class Usage {

    private static final String NOT_OF_TYPE = "(?s).*' is not an? (int|long)";

    private static final Pattern CHOICE =
            Pattern.compile("(?s).*expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'");

    private Usage() {}

    /** The same program; the exit codes, which are those of every command, are explained in its own help alone. */
    static CommandLine explained(CommandLine program) {
        Objects.requireNonNull(program.getSubcommands().get("help"))
                .getCommandSpec()
                .usageMessage()
                .footer("  deprovision help plan");
        program.getSubcommands().values().forEach(Usage::withoutExitCodes);
        return program;
    }

    private static void withoutExitCodes(CommandLine command) {
        command.getCommandSpec().usageMessage().exitCodeListHeading("").exitCodeList(Map.of());
        command.getSubcommands().values().forEach(Usage::withoutExitCodes);
    }

    /** Says what is wrong with what was typed, which may be names of files from outside, and how it is typed right. */
    static int wrong(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        Terminal folding = new Terminal(err).folding(Deprovisioner.width(command));
        if (arguments.length == 0) {
            command.usage(err, command.getColorScheme());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        folding.folded(Printable.line(words(wrong, command)))
                .forEach(line -> err.println(command.getColorScheme().errorText(line)));
        String name = command.getCommandSpec().qualifiedName();
        if (command.getParent() == null) {
            err.println("'deprovision help' lists the commands.");
        } else {
            err.print("Usage: " + command.getHelp().synopsis(0));
            err.println("'" + name.replaceFirst(" ", " help ").replaceFirst("(help \\w+) .*", "$1") + "' says more.");
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String words(ParameterException wrong, CommandLine command) {
        String name = "'" + command.getCommandSpec().qualifiedName() + "'";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            String what = unmatched.isUnknownOption()
                    ? "%s has no option '%s'.".formatted(name, first)
                    : command.getParent() == null
                            ? "There is no command '%s'.".formatted(first)
                            : "%s does not know what to do with '%s'.".formatted(name, first);
            return what + suggested(first, unmatched.getSuggestions());
        } else if (wrong instanceof MissingParameterException missing) {
            return "%s needs %s."
                    .formatted(
                            name,
                            missing.getMissing().stream().map(Usage::label).collect(Collectors.joining(" and ")));
        } else if (wrong.getArgSpec() != null
                && String.valueOf(wrong.getMessage()).matches(NOT_OF_TYPE)) {
            return "%s takes a whole number, and '%s' is none.".formatted(label(wrong.getArgSpec()), wrong.getValue());
        }
        Matcher choice = CHOICE.matcher(String.valueOf(wrong.getMessage()));
        return wrong.getArgSpec() != null && choice.matches()
                ? "%s takes one of %s, and '%s' is none of them."
                        .formatted(label(wrong.getArgSpec()), choice.group(1).toLowerCase(Locale.ROOT), choice.group(2))
                : String.valueOf(wrong.getMessage());
    }

    /** What picocli finds near to a word, as far as it begins like it. */
    private static String suggested(String word, List<String> near) {
        List<String> alike = near.stream()
                .filter(one -> initial(one).equals(initial(word)))
                .map(one -> "'" + one + "'")
                .toList();
        return alike.isEmpty() ? "" : " Did you mean " + String.join(" or ", alike) + "?";
    }

    private static String initial(String word) {
        return word.replaceFirst("^-*", "").replaceFirst("(?s)(?<=.).*", "");
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
