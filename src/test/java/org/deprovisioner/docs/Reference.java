package org.deprovisioner.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deprovisioner.cli.AllCommands;
import org.deprovisioner.settings.AllSettings;
import org.deprovisioner.settings.AllSettings.Described;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The pages that are made from the program: its settings, and its commands as {@code --help} describes them. */
final class Reference {

    private static final Path SETTINGS_FILE = Path.of("config/application.properties");
    private static final Pattern GROUP = Pattern.compile("# --- ([^.:]+)(?:[.:] (.*))?");
    private static final Pattern SETTING = Pattern.compile("#?([A-Za-z][\\w.-]*)=(.*)");
    private static final String MADE =
            "<!-- Made from the program by: mvn test -Dtest=ReferenceTest -Dreference.write -->\n";

    private Reference() {}

    /** The settings: their explanations from the settings file, all else from the program. */
    static String settings() throws IOException {
        Map<String, Described> known = AllSettings.described().stream()
                .collect(Collectors.toMap(Described::key, Function.identity(), (one, other) -> one, TreeMap::new));
        Set<String> told = new HashSet<>();
        StringBuilder page = new StringBuilder(MADE).append("""
                        # Settings

                        They stand in `config/application.properties`. Each can also be an environment variable, which is
                        stronger than the file: in capitals, with `_` for every dot and dash. `deprovision.guard.max-per-batch` is
                        `DEPROVISION_GUARD_MAX_PER_BATCH`. `deprovision.config` (`DEPROVISION_CONFIG`) names another folder than
                        `config/`.

                        Durations are written `500ms`, `30s`, `2m`, `24h` or `30d`. Paths are written with `/`, on Windows too; a
                        relative one starts at the installation folder. An empty value counts as not given.

                        A key that is misspelled, a value that cannot be used or a secret that is missing stops the start with
                        exit code 3 and one line for each problem. Secrets are never shown.
                        """);
        List<String> comment = new ArrayList<>();
        boolean inTable = false;
        boolean started = false;
        for (String line : Files.readAllLines(SETTINGS_FILE)) {
            var group = GROUP.matcher(line);
            var setting = SETTING.matcher(line);
            if (group.matches()) {
                page.append("\n## ").append(group.group(1)).append('\n');
                comment.clear();
                if (group.group(2) != null) {
                    comment.add(group.group(2));
                }
                inTable = false;
                started = true;
            } else if (setting.matches() && told.contains(setting.group(1))) {
                comment.clear();
            } else if (setting.matches() && started && known.containsKey(setting.group(1))) {
                Described of = known.get(setting.group(1));
                if (!inTable) {
                    page.append("\n| setting | default | meaning | values |\n|---|---|---|---|\n");
                    inTable = true;
                }
                told.add(of.key());
                String inFile = inFile(of, known, told);
                page.append("| `%s`%s | %s | %s | %s |\n"
                        .formatted(
                                of.key(),
                                inFile,
                                of.standard().isEmpty() ? "" : "`" + of.standard() + "`",
                                cell(String.join(" ", comment)),
                                cell(of.rule()
                                        .replaceFirst("^must be (a text$)?", "")
                                        .replace(", such as 500ms, 30s, 2m, 24h or 30d", ""))));
                comment.clear();
            } else if (line.startsWith("# ") && started) {
                comment.add(line.substring(2));
            } else if (line.isBlank() && started) {
                if (!comment.isEmpty()) {
                    page.append('\n').append(String.join("\n", comment)).append('\n');
                    comment.clear();
                    inTable = false;
                }
            }
        }
        Set<String> untold = new HashSet<>(known.keySet());
        untold.removeAll(told);
        if (!untold.isEmpty()) {
            throw new AssertionError(SETTINGS_FILE + " says nothing of " + untold);
        }
        return page.toString();
    }

    /** The name under which a file may hold the value instead, where there is one. */
    private static String inFile(Described setting, Map<String, Described> known, Set<String> told) {
        for (String name : List.of(setting.key() + "_FILE", setting.key() + "-file")) {
            if (known.containsKey(name)) {
                told.add(name);
                return " (or `" + name + "`)";
            }
        }
        return "";
    }

    /** Every command with what it takes. */
    static String commands() {
        StringBuilder page = new StringBuilder(MADE).append("""
                        # Commands

                        `./deprovision COMMAND` in a checkout, `bin/deprovision` in a release, `deprovision` where a package has
                        put it on the path; on Windows `.\\deprovision.cmd` and `.\\bin\\deprovision.cmd`. What each exit code
                        means: [exit codes](exit-codes.md). What `--json` prints: [JSON fields](json.md).

                        Every command takes `--help`, `--version`, and `--debug`, which shows where in the program an error came
                        from.
                        """);
        AllCommands.commandLine().getSubcommands().values().stream()
                .distinct()
                .forEach(command -> describe(command, "", page));
        page.append(
                        "\n## bench\n\nOnly from a checkout: measures this program beside others on your machine. Its options stand in")
                .append(" [performance](../performance.md).\n");
        return page.toString();
    }

    private static void describe(CommandLine command, String above, StringBuilder page) {
        CommandSpec spec = command.getCommandSpec();
        String name = above + spec.name();
        page.append("\n## ").append(name).append("\n\n");
        page.append(text(String.join("\n", spec.usageMessage().description())).strip())
                .append('\n');
        page.append("\n```text\n").append(synopsis(spec)).append("\n```\n");
        List<String> rows = new ArrayList<>();
        spec.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .forEach(parameter -> rows.add(row(parameter.paramLabel(), parameter)));
        options(spec)
                .forEach(option -> rows.add(row(
                        String.join(", ", option.names()) + (option.arity().max() > 0 ? " " + option.paramLabel() : ""),
                        option)));
        if (!rows.isEmpty()) {
            page.append("\n| | |\n|---|---|\n");
            rows.forEach(page::append);
        }
        String footer =
                String.join("\n", spec.usageMessage().footer()).formatted().strip();
        String ofAll = String.join("\n", spec.root().usageMessage().footer())
                .formatted()
                .strip();
        if (!footer.isEmpty() && (!footer.equals(ofAll) || spec.name().equals("demo"))) {
            page.append("\n```text\n").append(plain(footer)).append("\n```\n");
        }
        command.getSubcommands().values().stream()
                .distinct()
                .filter(below -> !below.getCommandName().equals("help"))
                .forEach(below -> describe(below, name + " ", page));
    }

    /** As picocli writes it, without what every command takes. */
    private static String synopsis(CommandSpec spec) {
        return new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .synopsis(0)
                .replaceAll("\\s+", " ")
                .replaceAll(" \\[-hV]| \\[--debug]| \\[COMMAND]", "")
                .strip();
    }

    private static List<OptionSpec> options(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
                .filter(option -> !option.longestName().equals("--debug"))
                .toList();
    }

    private static String row(String name, ArgSpec argument) {
        String description = String.join(" ", argument.description());
        String standard = argument.defaultValueString();
        return "| `%s` | %s |\n"
                .formatted(
                        name.replace("|", "\\|"),
                        cell(text(description.replace("${DEFAULT-VALUE}", String.valueOf(standard)))));
    }

    private static String text(String description) {
        return plain(description).replaceAll("'(deprovision[^']*)'", "`$1`");
    }

    /** Without what picocli takes for commands to itself. */
    private static String plain(String description) {
        return description.replace("%n", "\n").replace("%%", "%").replaceAll("@\\|\\w+ ([^|]*)\\|@", "$1");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|")
                .replace("\n", " ")
                .replaceAll("(?<!`)<([a-z.]+)>", "`<$1>`")
                .strip();
    }
}
