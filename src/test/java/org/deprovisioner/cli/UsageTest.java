package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What somebody reads who asks how the program is called, or calls it wrongly. */
class UsageTest {

    private static final CommandLine PROGRAM = Deprovisioner.commandLine(Path.of(""));

    private static List<CommandLine> commands(CommandLine of) {
        List<CommandLine> commands = new ArrayList<>();
        of.getSubcommands().values().forEach(command -> {
            commands.add(command);
            commands.addAll(commands(command));
        });
        return commands;
    }

    private static String said(String... arguments) {
        StringWriter said = new StringWriter();
        int code = Deprovisioner.commandLine(Path.of(""))
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
        assertThat(code).isEqualTo(2);
        return said.toString();
    }

    @Test
    void eachCommandShowsAnExampleOfItself() {
        assertThat(commands(PROGRAM))
                .hasSizeGreaterThan(15)
                .allSatisfy(command -> assertThat(command.getUsageMessage())
                        .contains("Example:")
                        .containsPattern("(?m)^  " + command.getCommandSpec().qualifiedName() + "\\b"));
    }

    @Test
    void exitCodesAreExplainedOnce() {
        assertThat(PROGRAM.getUsageMessage()).contains("Exit codes:", "held by a guard");
        assertThat(commands(PROGRAM))
                .allSatisfy(command ->
                        assertThat(command.getUsageMessage()).doesNotContain("Exit codes:", "held by a guard"));
    }

    @Test
    void helpIsACommand() {
        StringWriter said = new StringWriter();
        assertThat(Deprovisioner.commandLine(Path.of(""))
                        .setOut(new PrintWriter(said, true))
                        .execute("help", "plan"))
                .isZero();
        assertThat(said.toString()).startsWith("Usage: deprovision plan");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "statsu, \"There is no command 'statsu'. Did you mean 'status'?\"",
                "xyzzy, There is no command 'xyzzy'.",
                "plan, 'deprovision plan' needs FILE.",
                "plan a b, 'deprovision plan' does not know what to do with 'b'.",
                "plan --jsn a, 'deprovision plan' has no option '--jsn'. Did you mean '--json'?",
                "template --format xml, \"--format takes one of csv, jsonl, json, and 'xml' is none of them.\"",
                "approve a --devices many, \"--devices takes a whole number, and 'many' is none.\""
            })
    void whatIsTypedWronglyIsNamed(String typed, String answer) {
        assertThat(said(typed.split(" ")).lines()).first().isEqualTo(answer);
    }

    @Test
    void whoTypesACommandWronglyIsShownHowItIsCalled() {
        assertThat(said("audit", "verify", "--x").lines())
                .anyMatch(line -> line.startsWith("Usage: deprovision audit verify"))
                .last()
                .isEqualTo("'deprovision help audit' says more.");
        assertThat(said("xyzzy").lines()).last().isEqualTo("'deprovision help' lists the commands.");
    }

    @Test
    void theVersionNamesTheCommitOrSaysThatItIsNotKnown() {
        String commit = "39a45b866042a7346c8649400e5eb5785665998b";
        assertThat(Version.commit(commit, "0")).isEqualTo("commit " + commit);
        assertThat(Version.commit(commit, "1")).isEqualTo("commit " + commit + ", with changes that are not committed");
        assertThat(Version.commit("${git.commit.id}", "${git.changed}")).contains("not known");
        assertThat(Version.commit("fatal: not a git repository", "128")).contains("not known");
    }
}
