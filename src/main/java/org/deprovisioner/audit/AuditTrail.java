package org.deprovisioner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the log back, over all days, in constant memory: what was done to a device, and whether the chain holds. */
public final class AuditTrail {

    private final LogFolder folder;

    /** The log below a data folder. */
    public AuditTrail(Path data) {
        this.folder = new LogFolder(data);
    }

    /** A line as it stands in the log, and what it tells by the names of its fields. */
    public record Line(String text, JsonNode told) {}

    /**
     * What the chain shows.
     *
     * @param lines how many lines are whole and in their places, counted from the first
     * @param head the hash of the last of them, empty when there is none
     * @param broken the first line that is not as it was written or where it was, and what that may mean
     * @param knownHeadAt the line whose hash is the head that was asked for
     */
    public record Verdict(long lines, String head, Optional<String> broken, Optional<Long> knownHeadAt) {}

    /** Gives the lines that are asked for to a consumer, oldest first. */
    public void find(AuditQuery query, Consumer<Line> consumer) throws IOException {
        folder.alone(() -> {
            for (Path file : folder.files()) {
                try (BufferedReader lines = open(file)) {
                    lines.lines()
                            .flatMap(text -> ChainedLine.read(text).stream())
                            .filter(link -> query.matches(link.told()))
                            .forEach(link -> consumer.accept(new Line(link.text(), link.told())));
                }
            }
            return true;
        });
    }

    /** Follows the chain from the first line to the first that does not hold. */
    public Verdict verify(Optional<String> knownHead) throws IOException {
        return folder.alone(() -> {
            long lines = 0;
            String head = "";
            Optional<Long> knownHeadAt = Optional.empty();
            for (Path file : folder.files()) {
                try (BufferedReader open = open(file)) {
                    long inFile = 0;
                    for (Iterator<String> texts = open.lines().iterator(); texts.hasNext(); ) {
                        Optional<ChainedLine> link = ChainedLine.read(texts.next());
                        Optional<String> broken = broken(link, lines, head);
                        inFile++;
                        if (broken.isPresent()) {
                            String where = "%s line %,d: %s".formatted(file, inFile, broken.get());
                            return new Verdict(lines, head, Optional.of(where), knownHeadAt);
                        }
                        lines++;
                        head = link.orElseThrow().hash();
                        if (knownHead.filter(head::equalsIgnoreCase).isPresent()) {
                            knownHeadAt = Optional.of(lines);
                        }
                    }
                }
            }
            return new Verdict(lines, head, Optional.empty(), knownHeadAt);
        });
    }

    private static BufferedReader open(Path file) throws IOException {
        return Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> broken(Optional<ChainedLine> link, long before, String head) {
        if (link.isEmpty()) {
            return Optional.of("it is not as it was written: changed by somebody, or cut off by a crash at its end.");
        }
        long number = link.get().number();
        String previous = before == 0 ? ChainedLine.NONE : head;
        if (number == before + 1 && link.get().previous().equals(previous)) {
            return Optional.empty();
        } else if (number > before + 1) {
            return Optional.of("it has number %d and follows number %d: lines before it were taken out or moved."
                    .formatted(number, before));
        } else if (number <= before) {
            return Optional.of("it has number %d and follows number %d: it, or a line before it, was inserted or moved."
                    .formatted(number, before));
        }
        return Optional.of("it does not follow the line before it: that one was replaced.");
    }
}
