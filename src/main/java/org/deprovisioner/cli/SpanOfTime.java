package org.deprovisioner.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A span of time as an option takes it, such as {@code 180d}. */
final class SpanOfTime implements ITypeConverter<Duration> {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhdw])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    @Override
    public Duration convert(String text) {
        Matcher span = SPAN.matcher(text.strip());
        if (!span.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a span of time. Write it like 30s, 10m, 2h, 180d or 26w.");
        }
        return UNITS.getOrDefault(span.group(2), Duration.ZERO).multipliedBy(Long.parseLong(span.group(1)));
    }
}
