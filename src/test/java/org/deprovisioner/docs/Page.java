package org.deprovisioner.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: README, or a file below {@code docs/}. */
record Page(Path path, List<String> lines) {

    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*).*");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?) *#*");
    private static final Pattern LINK =
            Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)\\)|\\b(?:src|srcset|href)=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A block of a page that stands as it is, such as commands. */
    record Block(Path page, int line, String language, List<String> lines) {

        String text() {
            return String.join("\n", lines) + "\n";
        }

        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    static Page read(Path path) {
        try {
            return new Page(path, Files.readAllLines(path));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Page> all() {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int first = i + 1;
                do {
                    i++;
                } while (!lines.get(i).strip().equals("```"));
                blocks.add(new Block(path, first, fence.group(1), lines.subList(first, i)));
            }
        }
        return blocks;
    }

    /** Its lines without those of blocks. */
    List<String> prose() {
        List<String> prose = new ArrayList<>(lines);
        for (Block block : blocks()) {
            for (int i = 0; i < block.lines().size(); i++) {
                prose.set(block.line() + i, "");
            }
        }
        return prose;
    }

    /** What its links name, as they are written. */
    List<String> links() {
        return prose().stream()
                .map(line -> CODE.matcher(line).replaceAll("code"))
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
                .toList();
    }

    /** What stands in backquotes in its prose; a span may go over the end of a line. */
    List<String> codeSpans() {
        return CODE.matcher(String.join("\n", prose()).replace("```", ""))
                .results()
                .map(MatchResult::group)
                .map(span -> span.substring(1, span.length() - 1)
                        .replaceAll("\\s+", " ")
                        .replace("\\|", "|"))
                .toList();
    }

    /** The anchors of its headings, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (String line : prose()) {
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                String slug = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                String anchor = slug;
                for (int number = 1; !anchors.add(anchor); number++) {
                    anchor = slug + "-" + number;
                }
            }
        }
        return anchors;
    }
}
