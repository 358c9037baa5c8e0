package org.deprovisioner.graph;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * How long an answer asks to wait: seconds, fractions of seconds, or an HTTP date, which counts from the answer's own
 * date where it has one. What is nonsense, negative or nought is as if it were absent; nobody is made to wait longer
 * than an hour at once.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {

    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,20})?");

    private RetryAfter() {}

    static Optional<Duration> of(GraphAnswer.Http answer) {
        return answer.headers()
                .get("Retry-After")
                .flatMap(value -> SECONDS.matcher(value).matches() ? seconds(value) : until(value, answer))
                .filter(wait -> !wait.isNegative() && !wait.isZero())
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private static Optional<Duration> seconds(String value) {
        return Optional.of(Duration.ofNanos(
                new BigDecimal(value).movePointRight(9).toBigInteger().longValueExact()));
    }

    private static Optional<Duration> until(String value, GraphAnswer.Http answer) {
        Instant from = answer.headers()
                .get("Date")
                .flatMap(date -> Optional.ofNullable(DateUtils.parseStandardDate(date)))
                .orElse(answer.at());
        return Optional.ofNullable(DateUtils.parseStandardDate(value)).map(then -> Duration.between(from, then));
    }
}
