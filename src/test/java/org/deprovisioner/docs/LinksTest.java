package org.deprovisioner.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name is there. */
class LinksTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern OURS =
            Pattern.compile("(docs|src|samples|packages|\\.ci|routes|config)/[A-Za-z0-9_./-]*");
    private static final Pattern TEST = Pattern.compile("[A-Z]\\w+Test");

    static List<Page> pages() {
        return Stream.concat(Page.all().stream(), Stream.of(Page.read(Path.of("CHANGELOG.md"))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFileAndAHeading(Page page) {
        assertThat(page.links().stream().filter(link -> !leadsSomewhere(page, link)))
                .as(page.path().toString())
                .isEmpty();
    }

    private static boolean leadsSomewhere(Page page, String link) {
        if (link.startsWith("https://")) {
            return true;
        }
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.path()
                : page.path().resolveSibling(parts[0]).normalize();
        return Files.exists(target)
                && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPathOfOursThatIsNamedIsThere(Page page) {
        Set<String> own = ownRoutes(page);
        assertThat(page.codeSpans().stream()
                        .filter(span -> OURS.matcher(span).matches())
                        .filter(path -> own.stream().noneMatch(made -> made.startsWith(path)))
                        .filter(path -> !Files.exists(Path.of(path))))
                .as(page.path().toString())
                .isEmpty();
    }

    /** Files that a page tells its reader to make: {@code Save it as …}. */
    private static Set<String> ownRoutes(Page page) {
        return Pattern.compile("[Ss]ave (?:it|this)\\s+as\\s+`([^`]+)`")
                .matcher(String.join("\n", page.prose()))
                .results()
                .map(made -> made.group(1))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyTestThatIsNamedIsThere(Page page) throws IOException {
        Set<String> tests = new HashSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .forEach(tests::add);
        }
        assertThat(page.codeSpans().stream()
                        .filter(span -> TEST.matcher(span).matches())
                        .filter(name -> !tests.contains(name)))
                .as(page.path().toString())
                .isEmpty();
    }

    @Test
    void everyPageIsReachedFromTheReadme() {
        Set<Path> reached = new HashSet<>();
        reach(README, reached);
        assertThat(Page.all().stream().map(Page::path)).allMatch(reached::contains);
    }

    private static void reach(Path path, Set<Path> reached) {
        if (!reached.add(path)) {
            return;
        }
        if (Files.isDirectory(path)) {
            Page.all().stream()
                    .map(Page::path)
                    .filter(page -> path.equals(page.getParent()))
                    .forEach(page -> reach(page, reached));
        }
        if (!path.toString().endsWith(".md")) {
            return;
        }
        Page.read(path).links().stream()
                .filter(link -> !link.startsWith("https://") && !link.startsWith("#"))
                .map(link -> path.resolveSibling(link.split("#", 2)[0]).normalize())
                .filter(Files::exists)
                .forEach(next -> reach(next, reached));
    }

    @Test
    void theReadmeIsShort() {
        assertThat(Page.read(README).lines()).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void picturesAreWellFormed() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            for (Path picture :
                    files.filter(file -> file.toString().endsWith(".svg")).toList()) {
                assertThatCode(() -> DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(picture.toFile()))
                        .as(picture.toString())
                        .doesNotThrowAnyException();
            }
        }
    }
}
