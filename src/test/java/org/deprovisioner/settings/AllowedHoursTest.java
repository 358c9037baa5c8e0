package org.deprovisioner.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHoursTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Instant berlin(String wall) {
        return LocalDateTime.parse(wall).atZone(BERLIN).toInstant();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T08:00, true", // a Tuesday
        "2026-11-24T15:59:59, true",
        "2026-11-24T16:00, false",
        "2026-11-24T07:59:59, false",
        "2026-11-27T12:00, true",
        "2026-11-28T12:00, false", // a Saturday
        "2026-07-01T08:00, true", // in summer time too
    })
    void theClockOnTheWallOfTheZoneDecides(String wall, boolean open) {
        assertThat(AllowedHours.parse("Mon-Fri 08:00-16:00 Europe/Berlin").isOpen(berlin(wall)))
                .isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27T22:00, true", // Friday evening
        "2026-11-28T05:59, true", // and the night to Saturday, which is Friday's
        "2026-11-28T06:00, false",
        "2026-11-28T22:00, false",
        "2026-11-23T05:00, false", // the night to Monday is Sunday's
    })
    void aRangeOverMidnightBelongsToTheDayOnWhichItBegins(String wall, boolean open) {
        assertThat(AllowedHours.parse("Mon-Fri 22:00-06:00 Europe/Berlin").isOpen(berlin(wall)))
                .isEqualTo(open);
    }

    @Test
    void daysAreARangeOverTheEndOfTheWeekOrAListInAnyCase() {
        AllowedHours weekend = AllowedHours.parse("sat-Mon 00:00-24:00 UTC");
        assertThat(weekend.isOpen(Instant.parse("2026-11-23T23:59:59Z"))).isTrue();
        assertThat(weekend.isOpen(Instant.parse("2026-11-24T00:00:00Z"))).isFalse();
        AllowedHours list = AllowedHours.parse("Tuesday,THU 08:00-24:00 UTC");
        assertThat(list.isOpen(Instant.parse("2026-11-24T23:00:00Z"))).isTrue();
        assertThat(list.isOpen(Instant.parse("2026-11-25T09:00:00Z"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Mon-Fri 08:00-16:00 Europe/Berlin, 2026-11-27T15:00:00Z, 2026-11-30T07:00:00Z", // over a weekend
        "Mon-Fri 08:00-16:00 Europe/Berlin, 2026-11-27T03:00:00Z, 2026-11-27T07:00:00Z",
        "Sun 08:00-16:00 Europe/Berlin, 2026-03-29T00:30:00Z, 2026-03-29T06:00:00Z", // put forward in that night
        "Sun 02:30-05:00 Europe/Berlin, 2026-03-29T00:30:00Z, 2026-03-29T01:00:00Z", // 02:30 does not come
        "Sun 02:30-05:00 Europe/Berlin, 2026-10-24T22:00:00Z, 2026-10-25T00:30:00Z", // 02:30 comes twice
        "Sun 01:00-02:30 Europe/Berlin, 2026-10-25T00:45:00Z, 2026-10-25T01:00:00Z", // and so does 02:15
        "Tue 22:00-06:00 UTC, 2026-11-25T06:00:00Z, 2026-12-01T22:00:00Z",
    })
    void whenItGoesOnIsKnown(String hours, Instant now, Instant opens) {
        AllowedHours allowed = AllowedHours.parse(hours);
        assertThat(allowed.isOpen(now)).isFalse();
        assertThat(allowed.opens(now)).isEqualTo(opens);
        assertThat(allowed.isOpen(opens)).isTrue();
        assertThat(allowed.isOpen(opens.minusMillis(1))).isFalse();
    }

    @Test
    void whatIsClosedSaysUntilWhen() {
        AllowedHours hours = AllowedHours.parse("Mon-Fri 08:00-16:00 Europe/Berlin");
        assertThat(hours.closed(berlin("2026-11-27T17:00")))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("deprovision.guard.hours=Mon-Fri 08:00-16:00", "Mon 2026-11-30 08:00 Europe/Berlin"));
        assertThat(hours.closed(berlin("2026-11-27T09:00"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08:00-16:00",
                "Mon-Fri 08:00-16:00",
                "Mon-Fri 8-16 Europe/Berlin",
                "Mon-Fri 08:00-25:00 UTC",
                "Mon-Fri 24:00-08:00 UTC",
                "Mon-Fri 08:00-08:00 UTC",
                "Mo-Fr 08:00-16:00 Europe/Berlin",
                "Mon- 08:00-16:00 UTC",
                "Mon,,Tue 08:00-16:00 UTC",
                "Mon-Fri 08:00-16:00 Europe/Berlinn",
            })
    void whatSaysNoSuchHoursIsRefused(String text) {
        assertThatThrownBy(() -> AllowedHours.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
