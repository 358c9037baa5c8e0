package org.deprovisioner.request;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.text.Counted;

/**
 * Lines of a file that are no rows.
 *
 * @param empty those that are blank, or hold nothing but delimiters, quotes and spaces
 * @param comments those that begin with {@code #}
 * @param firstComments the numbers of the first of these
 */
public record Skipped(long empty, long comments, List<Long> firstComments) {

    /** Nothing was skipped. */
    public static final Skipped NOTHING = new Skipped(0, 0, List.of());

    private static final int MOST_NAMED = 5;

    /** These and one more that is empty. */
    Skipped andEmpty(long lines) {
        return new Skipped(empty + lines, comments, firstComments);
    }

    /** These and one more that begins with {@code #}. */
    Skipped andComment(long line) {
        return new Skipped(
                empty,
                comments + 1,
                firstComments.size() == MOST_NAMED
                        ? firstComments
                        : Stream.concat(firstComments.stream(), Stream.of(line)).toList());
    }

    /** What was skipped, in words; empty when nothing was. */
    public Optional<String> words() {
        if (empty + comments == 0) {
            return Optional.empty();
        }
        String blank = empty == 0 ? "" : lines(empty) + " without content";
        String remarks = comments == 0
                ? ""
                : lines(comments) + (comments == 1 ? " that begins" : " that begin") + " with '#' (" + places() + ")";
        return Optional.of("Skipped " + blank + (blank.isEmpty() || remarks.isEmpty() ? "" : " and ") + remarks + ".");
    }

    private String places() {
        return (comments == 1 ? "line " : "lines ")
                + firstComments.stream().map(String::valueOf).collect(joining(", "))
                + (comments > firstComments.size() ? " …" : "");
    }

    private static String lines(long count) {
        return Counted.of(count, "line");
    }
}
