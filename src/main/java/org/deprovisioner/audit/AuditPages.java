package org.deprovisioner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The log from its newest line backwards, page by page. A page reads no more than {@link #MOST_BYTES}, whatever is looked for:
 * where that was not enough, the next page goes on there.
 */
public final class AuditPages {

    static final int MOST_BYTES = 32 << 20;
    private static final int BLOCK = 1 << 18;

    private final LogFolder folder;

    /** The log below a data folder. */
    public AuditPages(Path data) {
        this.folder = new LogFolder(data);
    }

    /**
     * Before which line a page begins.
     *
     * @param day whose file it is
     * @param end bytes of that file
     */
    public record Position(String day, long end) {}

    /**
     * Some lines, the newest first.
     *
     * @param next where the next page begins; empty at the first line of the log
     */
    public record Page(List<AuditTrail.Line> lines, Optional<Position> next) {}

    /** The days that have a file, the newest first. */
    public List<String> days() throws IOException {
        List<String> days = new ArrayList<>();
        for (Path file : folder.files()) {
            days.add(0, LogFolder.day(file));
        }
        return days;
    }

    /** The file of a day; empty when there is none. */
    public Optional<Path> file(String day) throws IOException {
        return folder.files().stream()
                .filter(file -> LogFolder.day(file).equals(day))
                .findFirst();
    }

    /**
     * The newest lines before a position, or of all, that have a text in them and are as it is asked.
     *
     * @param text that the line has, without regard to case; any when empty
     */
    public Page before(Optional<Position> position, String text, Predicate<JsonNode> wanted, int most)
            throws IOException {
        List<AuditTrail.Line> lines = new ArrayList<>();
        long left = MOST_BYTES;
        String sought = asWritten(text.toLowerCase(Locale.ROOT));
        for (String day : days()) {
            if (position.isPresent() && day.compareTo(position.get().day()) > 0) {
                continue;
            }
            try (RandomAccessFile file =
                    new RandomAccessFile(file(day).orElseThrow().toFile(), "r")) {
                boolean goesOn =
                        position.filter(given -> given.day().equals(day)).isPresent();
                long end = goesOn ? position.orElseThrow().end() : wholeLines(file);
                while (end > 0) {
                    if (left <= 0) {
                        return new Page(lines, Optional.of(new Position(day, end)));
                    }
                    Block block = block(file, end);
                    left -= end - block.start;
                    for (int i = block.lines.size() - 1; i >= 0; i--) {
                        end -= block.lines.get(i).length() + 1L;
                        line(block.lines.get(i), sought, wanted).ifPresent(lines::add);
                        if (lines.size() == most) {
                            return new Page(lines, Optional.of(new Position(day, end)));
                        }
                    }
                    end = block.start;
                }
            }
        }
        return new Page(lines, Optional.empty());
    }

    /** As a line has it, which is JSON in ASCII. */
    private static String asWritten(String text) {
        StringBuilder written = new StringBuilder();
        text.chars().forEach(letter -> {
            if (letter > 126 || letter < ' ') {
                written.append("\\u%04x".formatted(letter));
            } else {
                written.append(letter == '"' || letter == '\\' ? "\\" : "").append((char) letter);
            }
        });
        return written.toString();
    }

    /** How far a file goes, but for a line that is being written. */
    private static long wholeLines(RandomAccessFile file) throws IOException {
        long end = file.length();
        while (end > 0) {
            file.seek(end - 1);
            if (file.read() == '\n') {
                return end;
            }
            end--;
        }
        return 0;
    }

    private static Optional<AuditTrail.Line> line(String text, String sought, Predicate<JsonNode> wanted) {
        if (!sought.isEmpty() && !text.toLowerCase(Locale.ROOT).contains(sought)) {
            return Optional.empty();
        }
        return ChainedLine.read(text)
                .filter(link -> wanted.test(link.told()))
                .map(link -> new AuditTrail.Line(link.text(), link.told()));
    }

    /** Whole lines up to an end that is one. */
    private record Block(long start, List<String> lines) {}

    private static Block block(RandomAccessFile file, long end) throws IOException {
        for (long size = BLOCK; ; size *= 2) {
            long from = Math.max(0, end - size);
            byte[] bytes = new byte[Math.toIntExact(end - from)];
            file.seek(from);
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int first = from == 0 ? 0 : text.indexOf('\n') + 1;
            if (from == 0 || (first > 0 && first < text.length())) {
                return new Block(from + first, List.of(text.substring(first).split("\n")));
            }
        }
    }
}
