package org.deprovisioner.settings;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a setting may hold.
 *
 * @param rule how the values are described to a user who gave another: {@code must be …}
 * @param parser turns a text into the value; an {@link IllegalArgumentException} says that it breaks the rule
 * @param canonical the one way to write a value that can be written in several: what routes compare with
 */
record SettingType<T>(String rule, Function<String, T> parser, UnaryOperator<String> canonical) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern PROXY = Pattern.compile(
            "(http://)?((?<user>[^:@/]*)(:(?<password>[^/]*))?@)?(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])"
                    + "(:(?<port>\\d{1,5}))?/?");
    private static final Pattern LISTEN = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

    SettingType(String rule, Function<String, T> parser) {
        this(rule, parser, UnaryOperator.identity());
    }

    static SettingType<String> text(String rule, String pattern) {
        return new SettingType<>("must be " + rule, text -> require(text.matches(pattern), text));
    }

    static SettingType<String> any() {
        return text("a text", ".*");
    }

    /** A group of this machine's. */
    static SettingType<String> group() {
        return new SettingType<>("must be a group that this machine knows", text -> {
            try {
                return FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(text)
                        .getName();
            } catch (IOException | UnsupportedOperationException unknown) {
                throw new IllegalArgumentException(text, unknown);
            }
        });
    }

    static SettingType<Secret> secret() {
        return new SettingType<>("must be a text", Secret::new);
    }

    static SettingType<Boolean> flag() {
        return words("true", "false").map(Boolean::valueOf);
    }

    /** One of these words, in any case. */
    static SettingType<String> words(String... words) {
        List<String> all = List.of(words);
        String last = all.get(all.size() - 1);
        return new SettingType<String>(
                        "must be " + String.join(", ", all.subList(0, all.size() - 1)) + " or " + last,
                        text -> require(all.contains(text), text))
                .written(text -> lowered(text, all));
    }

    private static String lowered(String text, List<String> words) {
        String lower = text.toLowerCase(Locale.ROOT);
        return words.contains(lower) ? lower : text;
    }

    static SettingType<Integer> number(int least, int most) {
        return new SettingType<Integer>(
                        "must be a whole number from %s to %s".formatted(grouped(least), grouped(most)), text -> {
                            int number = Integer.parseInt(text);
                            return require(number >= least && number <= most, number);
                        })
                .written(text -> String.valueOf(Integer.parseInt(text)));
    }

    /** With a comma after each thousand; to format a number would load what Java knows of numbers in all languages. */
    private static String grouped(int number) {
        return String.valueOf(number).replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }

    static SettingType<Optional<Integer>> percentOrOff() {
        return number(1, 100).orOff();
    }

    static SettingType<Duration> duration(String least, String most) {
        var rule = "must be a duration from %s to %s, such as 500ms, 30s, 2m, 24h or 30d".formatted(least, most);
        Duration shortest = parseDuration(least);
        Duration longest = parseDuration(most);
        return new SettingType<>(rule, text -> {
            Duration duration = parseDuration(text);
            return require(duration.compareTo(shortest) >= 0 && duration.compareTo(longest) <= 0, duration);
        });
    }

    static SettingType<List<Duration>> durations(String least, String most) {
        SettingType<Duration> each = duration(least, most);
        return new SettingType<>(
                each.rule().replace("a duration", "durations with commas between, each"),
                text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .map(each.parser())
                        .toList());
    }

    static SettingType<Set<String>> list() {
        return new SettingType<>("must be a list with commas between", text -> {
            var items = new LinkedHashSet<>(
                    Arrays.stream(text.split(",")).map(String::strip).toList());
            return require(!items.contains(""), items);
        });
    }

    /**
     * A path as written. What a lone backslash in a properties file makes of {@code C:\data} is refused, and so is a
     * backslash that is part of a name: Camel and the log would take it for the end of a folder's name.
     */
    static SettingType<Path> path() {
        return text(
                        "a path, written with / instead of \\",
                        File.separatorChar == '\\' ? "(?![A-Za-z]:[^/\\\\]).+" : "(?![A-Za-z]:[^/\\\\])[^\\\\]+")
                .map(Path::of);
    }

    /** An address that tokens or secrets are sent to, without the slash at its end. */
    static SettingType<URI> url() {
        return new SettingType<>(
                "must be a https:// URL (http:// for loopback addresses alone) without user, query and fragment",
                text -> {
                    URI uri = URI.create(text.replaceAll("/+$", ""));
                    return require(uri.getQuery() == null && isSafe(uri), uri);
                },
                text -> text.replaceAll("/+$", ""));
    }

    /** An address that is a secret itself, as those of webhooks are; or where it lies in a vault. */
    static SettingType<Secret> secretUrl() {
        return new SettingType<>(
                "must be a https:// URL (http:// for loopback addresses alone) without user and fragment", text -> {
                    require(text.startsWith("{{") || isSafe(URI.create(text)), text);
                    return new Secret(text);
                });
    }

    private static boolean isSafe(URI uri) {
        return uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getFragment() == null
                && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost())));
    }

    /** A proxy as its users name it everywhere: {@code http://user:password@host:port}, all but the host left out at will. */
    static SettingType<Settings.Proxy> proxy() {
        return new SettingType<>(
                "must be http://host:port, or http://user:password@host:port with %XX for special letters",
                text -> {
                    var matcher = PROXY.matcher(text);
                    require(matcher.matches(), text);
                    int port = Optional.ofNullable(matcher.group("port"))
                            .map(Integer::parseInt)
                            .orElse(80);
                    return new Settings.Proxy(
                            matcher.group("host"),
                            require(port <= 65_535, port),
                            Optional.ofNullable(matcher.group("user"))
                                    .filter(user -> !user.isEmpty())
                                    .map(SettingType::decoded),
                            Optional.ofNullable(matcher.group("password"))
                                    .map(SettingType::decoded)
                                    .map(Secret::new),
                            Set.of());
                });
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    static SettingType<String> hostAndPort() {
        return new SettingType<>("must be host:port, such as 127.0.0.1:61616", text -> {
            var matcher = LISTEN.matcher(text);
            return require(matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65_535, text);
        });
    }

    /** The same, where nothing need be set. */
    SettingType<Optional<T>> optional() {
        return new SettingType<>(
                rule,
                text -> text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text)),
                text -> text.isEmpty() ? text : canonical.apply(text));
    }

    /** The same, or {@code off}. */
    SettingType<Optional<T>> orOff() {
        return new SettingType<>(
                rule + ", or off",
                text -> text.equalsIgnoreCase("off") ? Optional.empty() : Optional.of(parser.apply(text)),
                text -> text.equalsIgnoreCase("off") ? "off" : canonical.apply(text));
    }

    /** The same, of a text that is first made what users mean by it. */
    SettingType<T> written(UnaryOperator<String> meant) {
        return new SettingType<>(rule, parser.compose(meant), text -> canonical.apply(meant.apply(text)));
    }

    <R> SettingType<R> map(Function<T, R> next) {
        return new SettingType<>(rule, parser.andThen(next), canonical);
    }

    private static Duration parseDuration(String text) {
        var matcher = DURATION.matcher(text);
        require(matcher.matches(), text);
        return UNITS.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK.matcher(host).matches();
    }

    private static <V> V require(boolean holds, V value) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
