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
 * @param others the share of the limit that another app takes, at random times
 * @param retryAfter whether a refusal says when to come again
 */
record Orders(int delayMillis, String kind, int limit, int windowMillis, double others, boolean retryAfter) {

    /** Everything is taken. */
    static Orders answerAfter(int delayMillis) {
        return new Orders(delayMillis, Window.SLIDING, 0, 1000, 0, false);
    }

    static Orders of(Map<String, String> words) {
        return new Orders(
                Integer.parseInt(words.getOrDefault("delay", "0")),
                words.getOrDefault("kind", Window.SLIDING),
                Integer.parseInt(words.getOrDefault("limit", "0")),
                Integer.parseInt(words.getOrDefault("window", "1000")),
                Double.parseDouble(words.getOrDefault("others", "0")),
                Boolean.parseBoolean(words.getOrDefault("retryAfter", "false")));
    }

    String query() {
        return new TreeMap<>(Map.of(
                        "delay", String.valueOf(delayMillis),
                        "kind", kind,
                        "limit", String.valueOf(limit),
                        "window", String.valueOf(windowMillis),
                        "others", String.valueOf(others),
                        "retryAfter", String.valueOf(retryAfter)))
                .entrySet().stream()
                        .map(word ->
                                word.getKey() + "=" + URLEncoder.encode(word.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }
}
