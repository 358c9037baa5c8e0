package org.deprovisioner.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.text.Printable;

/**
 * How far batches are, in one line that begins with what went wrong: on a terminal as much as there is room for.
 *
 * @param pause what stops one of them
 * @param perSecond how fast it went so far; empty while nothing moves
 * @param left what is ready takes at least as long
 */
record ProgressLine(
        List<BatchStatus> batches, Optional<Pause> pause, Optional<Double> perSecond, Optional<Duration> left) {

    private static final int NARROWEST_BAR = 12;
    private static final int WIDEST_BAR = 40;

    /** All of it. */
    String whole() {
        return Stream.of(Stream.of(wrong(), settled()), further(), pace(), paused().stream())
                .flatMap(parts -> parts)
                .collect(Collectors.joining(", "));
    }

    /** What has room in a width, with a bar where there is some left for it. */
    String within(int width) {
        String line = wrong() + ", " + settled();
        if (paused().isPresent()) {
            return cut(line + ", " + paused().get(), width);
        }
        List<String> parts = Stream.of(pace(), further()).flatMap(some -> some).toList();
        for (String part : parts) {
            String more = line + ", " + part;
            line = more.length() + 1 + NARROWEST_BAR > width ? line : more;
        }
        return cut(line + bar(width - line.length() - 1), width);
    }

    private String wrong() {
        return "%,d failed, %,d unknown".formatted(sum(BatchStatus::failed), sum(BatchStatus::unknown));
    }

    private String settled() {
        return "%,d of %,d settled".formatted(sum(BatchStatus::settled), sum(BatchStatus::rows));
    }

    private Stream<String> further() {
        long held = sum(BatchStatus::held);
        long waiting = sum(BatchStatus::waiting);
        return Stream.of(
                        held > 0 ? "%,d held".formatted(held) : "",
                        waiting > 0 ? "%,d waiting".formatted(waiting) : "",
                        "%,d done".formatted(sum(BatchStatus::done)),
                        "%,d skipped".formatted(sum(BatchStatus::skipped)))
                .filter(part -> !part.isEmpty());
    }

    private Stream<String> pace() {
        return Stream.concat(
                left.map(time -> "at least " + PlainTime.of(time) + " left").stream(),
                perSecond.map("%.1f a second"::formatted).stream());
    }

    private Optional<String> paused() {
        return pause.map(one -> "paused: " + Printable.line(one.message()));
    }

    private String bar(int room) {
        int inside = Math.min(room, WIDEST_BAR) - 2;
        if (inside < NARROWEST_BAR - 2) {
            return "";
        }
        long rows = sum(BatchStatus::rows);
        int full = rows == 0 ? 0 : (int) (inside * sum(BatchStatus::settled) / rows);
        return " [" + "=".repeat(full) + " ".repeat(inside - full) + "]";
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
    }

    private long sum(ToLongFunction<BatchStatus> rows) {
        return batches.stream().mapToLong(rows).sum();
    }
}
