package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code package-info.java} says of the kinds of classes in the ledger's folder is so. */
class LedgerPackageTest {

    private static final Path FOLDER = Path.of("src/main/java/org/deprovisioner/ledger");
    private static final Pattern PARAGRAPH = Pattern.compile("<p>");
    private static final Pattern LINK = Pattern.compile("\\{@link (\\w+)}");
    private static final String OURS = "org.deprovisioner.";

    /** The classes of each kind. */
    private static Map<String, List<String>> kinds() throws IOException {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        String text = Files.readString(FOLDER.resolve("package-info.java"));
        for (String paragraph : PARAGRAPH.splitAsStream(text).toList()) {
            String kind = paragraph.startsWith("<b>") ? paragraph.substring(3, paragraph.indexOf("</b>")) : "The door";
            kinds.put(
                    kind.replaceAll("\\s+", " "),
                    LINK.matcher(paragraph).results().map(link -> link.group(1)).toList());
        }
        return kinds;
    }

    @Test
    void everyClassIsOfOneKind() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> classes = files.map(
                            file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .toList();
            assertThat(kinds().values().stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(classes);
        }
    }

    @Test
    void factsKnowOnlyFactsAndRulesDecideFromThemAlone() throws IOException {
        assertThat(usedBy("Facts", "Facts")).isEmpty();
        assertThat(usedBy("Rules", "Facts", "Rules")).isEmpty();
    }

    @Test
    void changesUseNothingOfTheWayThatRequestsGo() throws IOException {
        assertThat(usedBy("Changes", "Facts", "Rules", "Beside the way", "Columns", "Changes"))
                .allMatch(use -> use.endsWith(".Jdbc") || use.contains(".springframework."));
    }

    /** What the classes of a kind use of ours that is neither of some kinds nor of the packages that know no ledger. */
    private static Set<String> usedBy(String kind, String... allowed) throws IOException {
        Map<String, List<String>> kinds = kinds();
        Set<String> mayUse = Stream.of(allowed)
                .flatMap(each -> kinds.getOrDefault(each, List.of()).stream())
                .map(name -> OURS + "ledger." + name)
                .collect(Collectors.toSet());
        List<String> users = kinds.getOrDefault(kind, List.of());
        assertThat(users).as(kind).isNotEmpty();
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(OURS + "ledger").stream()
                        .filter(ours -> users.contains(outermost(ours).getSimpleName()))
                        .flatMap(ours -> ours.getDirectDependenciesFromSelf().stream()
                                .map(use -> outermost(use.getTargetClass().getBaseComponentType()))
                                .filter(used -> used.getName().startsWith(OURS)
                                        || used.getName().startsWith("org.springframework."))
                                .filter(used -> !used.getName().startsWith(OURS + "request."))
                                .filter(used -> !used.getName().startsWith(OURS + "text."))
                                .filter(used -> !mayUse.contains(used.getName()))
                                .map(used -> ours.getSimpleName() + " uses " + used.getName()))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JavaClass outermost(JavaClass of) {
        return of.getEnclosingClass().map(LedgerPackageTest::outermost).orElse(of);
    }
}
