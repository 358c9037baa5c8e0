package org.deprovisioner.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;

/**
 * The rows of a batch as a bar, by how they ended or stand.
 *
 * @param words the same for who does not see it
 */
record Bar(List<Segment> segments, String words) {

    static final int WIDTH = 1000;

    /** A part of the bar. */
    record Segment(String kind, String x, String width) {}

    /** A kind of row: what it is called in words, and in the address of its rows. */
    record Part(String kind, String word, long rows) {
        public String number() {
            return Shown.number(rows);
        }
    }

    static List<Part> parts(BatchStatus status) {
        return List.of(
                        new Part("done", "done", status.done()),
                        new Part("skipped", "skipped", status.skipped()),
                        new Part("failed", "failed", status.failed()),
                        new Part("unknown", "unknown", status.unknown()),
                        new Part("in-doubt", "in doubt", status.inDoubt()),
                        new Part("held", "held", status.held()),
                        new Part("waiting", "waiting", status.in(State.WAITING, State.AWAITING_APPROVAL)),
                        new Part("to-send", "to be sent", status.ready()))
                .stream()
                .filter(part -> part.rows() > 0)
                .toList();
    }

    static Bar of(BatchStatus status) {
        List<Part> parts = parts(status);
        double all = Math.max(1, status.rows());
        List<Segment> segments = new ArrayList<>();
        double x = 0;
        for (Part part : parts) {
            double width = part.rows() * WIDTH / all;
            segments.add(new Segment(part.kind(), figure(x), figure(width)));
            x += width;
        }
        return new Bar(
                segments,
                parts.stream().map(part -> part.number() + " " + part.word()).collect(Collectors.joining(", ")));
    }

    static String figure(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
