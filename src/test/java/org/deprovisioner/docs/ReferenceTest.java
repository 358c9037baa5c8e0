package org.deprovisioner.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.cli.AllCommands;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.request.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The reference pages say what the program has, and nothing else. After a change of a setting or a command:
 * {@code mvn test -Dtest=ReferenceTest -Dreference.write}.
 */
class ReferenceTest {

    private static final Path FOLDER = Path.of("docs/reference");

    @Test
    void thePageOfSettingsIsThatOfTheProgram() throws IOException {
        assertIs("settings.md", Reference.settings());
    }

    @Test
    void thePageOfCommandsIsThatOfTheProgram() throws IOException {
        assertIs("commands.md", Reference.commands());
    }

    @Test
    void thePageOfExitCodesHasThoseOfTheProgram() {
        List<String> codes = Pattern.compile("(?m)^\\| `(\\d+)` \\|")
                .matcher(String.join(
                        "\n", Page.read(FOLDER.resolve("exit-codes.md")).lines()))
                .results()
                .map(code -> code.group(1))
                .toList();
        assertThat(codes)
                .containsExactlyElementsOf(Arrays.stream(Exit.values())
                        .map(exit -> String.valueOf(exit.code()))
                        .toList())
                .containsExactlyElementsOf(
                        AllCommands.commandLine().getCommandSpec().usageMessage().exitCodeList().keySet().stream()
                                .map(String::strip)
                                .toList());
    }

    @ParameterizedTest
    @CsvSource({"status", "plan"})
    void thePageOfJsonHasTheFieldsOfTheProgram(String command) {
        Class<?> report = command.equals("plan") ? AllCommands.plan() : SystemStatus.class;
        assertThat(fieldsOfPage(command)).containsExactlyInAnyOrderElementsOf(JsonFields.of(report));
    }

    @Test
    void thePageOfResultsHasTheColumnsOfTheProgramInTheirOrder() {
        List<String> columns = new ArrayList<>(Layout.RESULT_COLUMNS);
        columns.add(Layout.RAW);
        assertThat(firstColumn(Path.of("docs/results.md"), "The files")).containsExactlyElementsOf(columns);
    }

    @Test
    void thePageOfResultsHasEveryOutcome() {
        assertThat(firstColumn(Path.of("docs/results.md"), "Outcomes"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Outcome.values()).map(Outcome::word).toList());
    }

    @ParameterizedTest
    @CsvSource({"The routes,routes,.camel.yaml", "Packages,src/main/java/org/deprovisioner,''"})
    void thePageOfTheArchitectureHasEveryRouteAndPackage(String section, Path folder, String ending)
            throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(firstColumn(Path.of("docs/architecture.md"), section))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString().replace(ending, ""))
                                    .toList());
        }
    }

    @Test
    void thePageOfTheArchitectureHasEveryTableOfTheLedger() throws IOException {
        try (Stream<Path> scripts = Files.list(Path.of("src/main/resources/db/migration"))) {
            List<String> tables = scripts.flatMap(script -> Pattern.compile("(?m)^create table (\\w+)")
                            .matcher(text(script))
                            .results()
                            .map(table -> table.group(1)))
                    .toList();
            assertThat(firstColumn(Path.of("docs/architecture.md"), "The ledger"))
                    .containsAll(tables);
        }
    }

    private static String text(Path file) {
        return String.join("\n", Page.read(file).lines());
    }

    private static List<String> fieldsOfPage(String section) {
        return firstColumn(FOLDER.resolve("json.md"), section);
    }

    /** The names in the first column of a section's table. */
    private static List<String> firstColumn(Path path, String section) {
        String page = String.join("\n", Page.read(path).prose()) + "\n## ";
        String from = page.substring(page.indexOf("\n## " + section + "\n"));
        String table = from.substring(0, from.indexOf("\n## ", 1));
        return Pattern.compile("(?m)^\\| (`.*?`) \\|")
                .matcher(table)
                .results()
                .flatMap(row -> Arrays.stream(row.group(1).replace("`", "").split(", ")))
                .toList();
    }

    private static void assertIs(String name, String page) throws IOException {
        Path file = FOLDER.resolve(name);
        if (System.getProperty("reference.write") != null) {
            Files.writeString(file, page);
        }
        assertThat(file)
                .as("%s: mvn test -Dtest=ReferenceTest -Dreference.write brings it up to date", file)
                .hasContent(page);
    }
}
