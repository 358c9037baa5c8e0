package org.deprovisioner.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headers of an answer, found by their names in upper or lower case. */
public final class Headers {

    /** How Graph says how much of its limit is used, before it refuses. */
    public static final String LIMIT_USED = "x-ms-throttle-limit-percentage";

    static final String LIMIT_OF = "x-ms-throttle-scope";
    static final String LIMIT_WHY = "x-ms-throttle-information";

    private static final int LONGEST_WORDS = 200;

    private static final Pattern CLAIMS = Pattern.compile("claims=\"([A-Za-z0-9+/_=-]+)\"");

    private static final Pattern LIMIT = Pattern.compile("\\d(\\.\\d{1,6})?");
    private static final Set<String> TRACE = Set.of("request-id", "client-request-id", "date");

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    public Headers(Map<String, String> values) {
        this.values.putAll(values);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Of these headers those alone that say which call was answered, and when. */
    Headers trace() {
        return new Headers(values.entrySet().stream()
                .filter(header -> TRACE.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** These headers, with others that are stronger. */
    Headers with(Map<String, String> others) {
        Headers all = new Headers(values);
        all.values.putAll(others);
        return all;
    }

    /** Graph's name of this call, which Microsoft's support asks for. Nothing but Graph sends it. */
    public Optional<String> requestId() {
        return get("request-id");
    }

    /** Our own name of this call, as Graph says it back. */
    public Optional<String> clientRequestId() {
        return get("client-request-id");
    }

    /** How much of its limit Graph says is used, from 0.8 to 1.8; said only when it is much. */
    public Optional<Double> limitUsed() {
        return get(LIMIT_USED).filter(value -> LIMIT.matcher(value).matches()).map(Double::valueOf);
    }

    /** Which limit it is and whose, in Graph's own words; empty where it does not say. */
    public String limitWords() {
        String words = Stream.of(LIMIT_WHY, LIMIT_OF)
                .flatMap(name -> get(name).stream())
                .collect(Collectors.joining(", "));
        return words.substring(0, Math.min(words.length(), LONGEST_WORDS));
    }

    /**
     * The claims that a new token must hold, as JSON, when continuous access evaluation asks for them.
     *
     * @see <a href="https://learn.microsoft.com/entra/identity-platform/claims-challenge">claims challenge</a>
     */
    public Optional<String> claims() {
        return get("WWW-Authenticate")
                .map(CLAIMS::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).replace('-', '+').replace('_', '/'))
                .flatMap(Headers::decoded);
    }

    private static Optional<String> decoded(String base64) {
        try {
            String json = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return GraphJson.MAPPER.readTree(json).isObject() ? Optional.of(json) : Optional.empty();
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
