package org.deprovisioner.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedSignInsTest {

    private final HandSet clock = new HandSet();
    private final List<String> audit = new ArrayList<>();
    private final FailedSignIns failures = new FailedSignIns(clock, audit::add);

    /** A clock that stands until it is set. */
    static final class HandSet extends Clock {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void tenThousandWrongPasswordsInAMinuteAreAFewLooksAndOneLine() {
        int looked = 0;
        for (int i = 0; i < 10_000; i++) {
            try {
                failures.refuseTooSoon("192.0.2.1");
                looked++;
                failures.failed("192.0.2.1");
            } catch (RefusedException tooSoon) {
                assertThat(tooSoon.status()).isEqualTo(429);
            }
            clock.pass(Duration.ofMillis(6));
        }
        assertThat(looked).isLessThan(15);
        failures.tell();
        failures.tell();
        assertThat(audit).containsExactly("10000 sign-ins to the console failed: 10000 from 192.0.2.1");
    }

    @Test
    void anotherAddressDoesNotWaitButOneOfTheSameNetworkDoes() {
        for (int i = 0; i < 6; i++) {
            failures.failed("2001:db8:1:2:3:4:5:6");
        }
        assertThatThrownBy(() -> failures.refuseTooSoon("2001:db8:1:2:ffff:0:0:1"))
                .isInstanceOf(RefusedException.class);
        failures.refuseTooSoon("2001:db8:1:3:3:4:5:6");
        clock.pass(Duration.ofSeconds(31));
        failures.refuseTooSoon("2001:db8:1:2:3:4:5:6");
    }

    @Test
    void aSessionEndsAfterHalfAnHourOfRestAndAfterEightHoursOfWork() {
        Sessions sessions = new Sessions(clock);
        String resting = sessions.begin(Person.withPassword());
        clock.pass(Duration.ofMinutes(31));
        assertThat(sessions.of(resting)).isEmpty();
        String busy = sessions.begin(Person.withPassword());
        for (int i = 0; i < 24; i++) {
            clock.pass(Duration.ofMinutes(20));
            assertThat(sessions.of(busy)).isPresent();
        }
        clock.pass(Duration.ofMinutes(1));
        assertThat(sessions.of(busy)).isEmpty();
    }

    @Test
    void aTokenOfTheCommandIsGoodForAMinuteAndOnlyByThisPassword(@TempDir Path folder) throws IOException {
        OneTimeTokens tokens = new OneTimeTokens(Password.madeIn(folder), clock);
        String late = tokens.make();
        clock.pass(Duration.ofSeconds(62));
        assertThat(tokens.use(late)).isFalse();
        String changed = tokens.make();
        assertThat(tokens.use(changed.substring(0, changed.length() - 3) + "AAA"))
                .isFalse();
        assertThat(tokens.use(changed.replaceFirst("^\\d+", "99999999999"))).isFalse();
        Files.writeString(folder.resolve("password"), "another password");
        assertThat(tokens.use(changed)).isFalse();
        assertThat(tokens.use("")).isFalse();
    }

    @Test
    void anEmptyPasswordLetsNobodyIn(@TempDir Path folder) throws IOException {
        Password password = Password.madeIn(folder);
        Files.writeString(folder.resolve("password"), "\n");
        assertThatThrownBy(() -> password.is("")).isInstanceOf(RefusedException.class);
    }
}
