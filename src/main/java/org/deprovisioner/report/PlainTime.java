package org.deprovisioner.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Instants and spans of time as people read them, to the second. */
public final class PlainTime {

    private PlainTime() {}

    /** Such as {@code 2027-01-31 12:00:00 UTC}. */
    public static String utc(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ')
                .replace("Z", " UTC");
    }

    /** Such as {@code 1h2m3s}, rounded up. */
    public static String of(Duration duration) {
        return duration.plusMillis(999)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .substring(2)
                .toLowerCase(Locale.ROOT);
    }
}
