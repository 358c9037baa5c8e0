package org.deprovisioner.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the stub is to answer from now on.
 *
 * @param delayMillis how long an answer takes
 * @param kind which calls count together, {@link Window#SLIDING} or {@link Window#FIXED}
 * @param limit the most actions in a window; 0 for no limit
 * @param windowMillis how long a window is
 * @param others the share of the limit that another app takes
 * @param evenly whether its calls come at even distances; else at random times
 * @param storm from the end of the third window on, everything is refused for so many windows
 * @param noise the share of the calls that is refused at random, for reasons of Graph's own
 * @param retryAfter whether a refusal says when to come again; at random, it says a second
 */
record Orders(
        int delayMillis,
        String kind,
        int limit,
        int windowMillis,
        double others,
        boolean evenly,
        double storm,
        double noise,
        boolean retryAfter) {

    private static final double CALM = 3;

    /** Everything is taken. */
    static Orders answerAfter(int delayMillis) {
        return new Orders(delayMillis, Window.SLIDING, 0, 1000, 0, false, 0, 0, false);
    }

    static Orders of(Map<String, String> words) {
        return new Orders(
                Integer.parseInt(words.getOrDefault("delay", "0")),
                words.getOrDefault("kind", Window.SLIDING),
                Integer.parseInt(words.getOrDefault("limit", "0")),
                Integer.parseInt(words.getOrDefault("window", "1000")),
                Double.parseDouble(words.getOrDefault("others", "0")),
                Boolean.parseBoolean(words.getOrDefault("evenly", "false")),
                Double.parseDouble(words.getOrDefault("storm", "0")),
                Double.parseDouble(words.getOrDefault("noise", "0")),
                Boolean.parseBoolean(words.getOrDefault("retryAfter", "false")));
    }

    /** The same beside an app that takes a share of the limit. */
    Orders beside(double share, boolean atEvenDistances) {
        return new Orders(delayMillis, kind, limit, windowMillis, share, atEvenDistances, storm, noise, retryAfter);
    }

    /** The same with a storm of so many windows. */
    Orders stormy(double windows) {
        return new Orders(delayMillis, kind, limit, windowMillis, others, evenly, windows, noise, retryAfter);
    }

    /** The same where a share of the calls is refused at random. */
    Orders noisy(double share) {
        return new Orders(delayMillis, kind, limit, windowMillis, others, evenly, storm, share, retryAfter);
    }

    /** The same with refusals that do not say when to come again. */
    Orders withoutRetryAfter() {
        return new Orders(delayMillis, kind, limit, windowMillis, others, evenly, storm, noise, false);
    }

    /** Whether a storm rages so long after the first call. */
    boolean isStorm(long nanos) {
        double windows = nanos / (windowMillis * 1e6);
        return windows >= CALM && windows < CALM + storm;
    }

    String query() {
        return new TreeMap<>(Map.of(
                        "delay", String.valueOf(delayMillis),
                        "kind", kind,
                        "limit", String.valueOf(limit),
                        "window", String.valueOf(windowMillis),
                        "others", String.valueOf(others),
                        "evenly", String.valueOf(evenly),
                        "storm", String.valueOf(storm),
                        "noise", String.valueOf(noise),
                        "retryAfter", String.valueOf(retryAfter)))
                .entrySet().stream()
                        .map(word ->
                                word.getKey() + "=" + URLEncoder.encode(word.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }
}
