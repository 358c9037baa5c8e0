package org.deprovisioner.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.cli.AllCommands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command of the pages is one that the program understands. {@code .ci/documents} also runs them, against the
 * simulator.
 */
class CommandsInPagesTest {

    private static final Pattern CALL = Pattern.compile(
            "(?<![\\w./\\\\'-])(?:\\./|bin/|\\.\\\\|\\.\\\\bin\\\\|bin\\\\)?deprovision(?:\\.cmd)? ([^|>&;#)]+)");
    private static final Pattern WINDOWS = Pattern.compile("\\S*deprovision\\.cmd");

    static List<Page> pages() {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandIsUnderstood(Page page) {
        Stream<String> blocks = page.blocks().stream()
                .filter(block -> List.of("sh", "powershell", "bat", "").contains(block.language()))
                .flatMap(
                        block -> block.text().replaceAll("[\\\\`^]\\n\\s*", " ").lines());
        Stream<String> spans =
                page.codeSpans().stream().filter(span -> span.matches("(\\./|\\.\\\\)?deprovision(\\.cmd)? [a-z-].*"));
        Stream.concat(blocks, spans)
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> CALL.matcher(line).results())
                .map(call -> call.group(1).strip())
                .filter(call -> !call.startsWith("bench")) // no part of the program: the launcher has Maven start it
                .forEach(call -> assertThatCode(() -> AllCommands.commandLine().parseArgs(words(call)))
                        .as("%s: deprovision %s", page.path(), call)
                        .doesNotThrowAnyException());
    }

    private static String[] words(String call) {
        return Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)")
                .matcher(call.replaceAll("[\\[\\]…]", ""))
                .results()
                .map(word ->
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void powerShellIsGivenAPath(Page page) {
        Stream.concat(
                        page.blocks().stream()
                                .filter(block -> block.language().equals("powershell"))
                                .flatMap(block -> block.lines().stream()),
                        page.codeSpans().stream().filter(span -> span.contains("deprovision.cmd ")))
                .flatMap(line -> WINDOWS.matcher(line).results())
                .forEach(call -> assertThat(call.group())
                        .as(page.path().toString())
                        .matches("(\\.|[A-Za-z]:|\\$\\w+)\\\\.*deprovision\\.cmd"));
    }

    @Test
    void theReadmeListsEveryCommand() {
        List<String> spans = Page.read(Path.of("README.md")).codeSpans();
        assertThat(AllCommands.commandLine().getSubcommands().keySet())
                .allSatisfy(command -> assertThat(spans).anyMatch(span -> (span + " ").startsWith(command + " ")));
    }
}
