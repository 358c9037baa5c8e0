package org.deprovisioner.console;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.deprovisioner.report.PlainTime;

/** Numbers and times as pages show them. */
final class Shown {

    private Shown() {}

    /**
     * An instant.
     *
     * @param iso for the script, which adds the reader's own time
     */
    record When(String iso, String utc) {}

    static When when(Instant instant) {
        Instant second = instant.truncatedTo(ChronoUnit.SECONDS);
        return new When(second.toString(), PlainTime.utc(second));
    }

    static String number(long number) {
        return "%,d".formatted(number);
    }

    /** So many of something, in words. */
    static String count(long number, String one, String many) {
        return "%,d %s".formatted(number, number == 1 ? one : many);
    }

    static String rows(long number) {
        return count(number, "row", "rows");
    }

    /** A span of time as one would say it. */
    static String span(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 60) {
            return count(seconds, "second", "seconds");
        } else if (seconds < 3600) {
            return count(seconds / 60, "minute", "minutes");
        } else if (seconds < 48 * 3600) {
            long minutes = seconds / 60 % 60;
            return count(seconds / 3600, "hour", "hours")
                    + (minutes == 0 ? "" : " " + count(minutes, "minute", "minutes"));
        }
        return count(seconds / 86_400, "day", "days");
    }
}
