package org.deprovisioner.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages that a user looks up are those that the program gives. */
class MessagesInPagesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.*?) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final int A_WORD = 40;

    @Test
    void everyMessageOfThePageIsOneOfTheProgram() throws IOException {
        String texts = texts();
        String page =
                String.join("\n", Page.read(Path.of("docs/troubleshooting.md")).prose());
        List<String> messages = ROW.matcher(page)
                .results()
                .flatMap(row -> QUOTED.matcher(row.group(1)).results())
                .map(quoted -> quoted.group(1))
                .toList();
        assertThat(messages).hasSizeGreaterThan(A_WORD);
        assertThat(messages.stream()
                        .filter(MessagesInPagesTest::isMessage)
                        .flatMap(message -> Stream.of(message.split("…", -1)))
                        .map(String::strip)
                        .filter(part -> !texts.contains(part)))
                .isEmpty();
    }

    /** Names of files and outcomes are no messages. */
    private static boolean isMessage(String quoted) {
        return quoted.contains(" ") || quoted.startsWith("AADSTS");
    }

    /** What the program can say: its text literals, put together as the compiler does, and the launcher. */
    private static String texts() throws IOException {
        StringBuilder texts = new StringBuilder(Files.readString(Path.of("deprovision")));
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String joined = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
                Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"")
                        .matcher(joined)
                        .results()
                        .map((MatchResult literal) -> literal.group(1))
                        .forEach(literal -> texts.append('\n').append(literal));
            }
        }
        return texts.toString().replace("\\\"", "\"");
    }
}
