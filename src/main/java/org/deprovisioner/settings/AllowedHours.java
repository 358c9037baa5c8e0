package org.deprovisioner.settings;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hours in which actions are sent, as the clock on the wall of a zone shows them: where it is put forward or back, the
 * hours go with it. A range over midnight belongs to the day on which it begins.
 *
 * @param text as it was written, such as {@code Mon-Fri 08:00-16:00 Europe/Berlin}
 * @param to the end, itself outside; midnight is the end of the day
 */
public record AllowedHours(String text, Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    /** How they are written. */
    static final String FORM =
            "days, hours and a zone, such as 'Mon-Fri 08:00-16:00 Europe/Berlin'" + " or 'Mon,Wed,Fri 22:00-06:00 UTC'";

    private static final Pattern WRITTEN =
            Pattern.compile("([A-Za-z,-]+)\\s+(\\d{2}:\\d{2})-(\\d{2}:\\d{2})\\s+([A-Za-z0-9+:/_-]+)");
    private static final int LONGEST_WAIT_DAYS = 8;

    /**
     * Reads what a user wrote.
     *
     * @throws IllegalArgumentException when it says no such hours
     */
    static AllowedHours parse(String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException();
        }
        try {
            LocalTime from = LocalTime.parse(written.group(2));
            LocalTime to = LocalTime.parse(written.group(3).replace("24:00", "00:00"));
            if (from.equals(to) && !written.group(3).equals("24:00")) {
                throw new IllegalArgumentException();
            }
            return new AllowedHours(text.strip(), days(written.group(1)), from, to, ZoneId.of(written.group(4)));
        } catch (DateTimeException notThere) {
            throw new IllegalArgumentException(notThere);
        }
    }

    private static Set<DayOfWeek> days(String text) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", 2);
            DayOfWeek day = day(ends[0]);
            DayOfWeek last = day(ends[ends.length - 1]);
            for (days.add(day); day != last; days.add(day)) {
                day = day.plus(1);
            }
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> name.equalsIgnoreCase(day.name())
                        || name.equalsIgnoreCase(day.name().substring(0, 3)))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    /** Whether actions are sent at an instant. */
    public boolean isOpen(Instant at) {
        LocalDateTime wall = LocalDateTime.ofInstant(at, zone);
        LocalTime time = wall.toLocalTime();
        DayOfWeek today = wall.getDayOfWeek();
        if (from.isBefore(to)) {
            return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
        }
        return (days.contains(today) && !time.isBefore(from)) || (days.contains(today.minus(1)) && time.isBefore(to));
    }

    /** Why nothing is sent at an instant; empty when it is. */
    public Optional<String> closed(Instant at) {
        return isOpen(at)
                ? Optional.empty()
                : Optional.of("Nothing is sent outside the allowed hours (deprovision.guard.hours=" + text
                        + "). It goes on at " + shown(opens(at)) + ".");
    }

    private String shown(Instant at) {
        LocalDateTime wall = LocalDateTime.ofInstant(at, zone);
        String day = wall.getDayOfWeek().name();
        return day.charAt(0) + day.substring(1, 3).toLowerCase(Locale.ROOT) + " "
                + wall.toString().replace('T', ' ') + " " + zone;
    }

    /** The first instant after this one at which actions are sent. */
    public Instant opens(Instant after) {
        LocalDate today = LocalDate.ofInstant(after, zone);
        Stream<Instant> beginnings = Stream.iterate(today, day -> day.plusDays(1))
                .limit(LONGEST_WAIT_DAYS + 1)
                .flatMap(day -> instants(day.atTime(from)));
        // a clock that is put forward or back may open them in the middle
        Stream<Instant> changes = Optional.ofNullable(zone.getRules().nextTransition(after)).stream()
                .map(ZoneOffsetTransition::getInstant)
                .filter(change -> change.isBefore(after.plus(Duration.ofDays(LONGEST_WAIT_DAYS))));
        return Stream.concat(beginnings, changes)
                .filter(instant -> instant.isAfter(after) && isOpen(instant))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** When the clock on the wall shows this: once, twice, or in place of it when it is put forward over it. */
    private Stream<Instant> instants(LocalDateTime wall) {
        ZoneOffsetTransition change = zone.getRules().getTransition(wall);
        return change != null && change.isGap()
                ? Stream.of(change.getInstant())
                : zone.getRules().getValidOffsets(wall).stream().map(wall::toInstant);
    }
}
