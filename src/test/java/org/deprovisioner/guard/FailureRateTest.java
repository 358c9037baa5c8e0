package org.deprovisioner.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureRateTest {

    private static final String TENANT = "default";

    private final FailureRate rate = new FailureRate();

    private Optional<String> end(int well, int failed) {
        for (int i = 0; i < well; i++) {
            assertThat(rate.ended(TENANT, true)).isEmpty();
        }
        Optional<String> last = Optional.empty();
        for (int i = 0; i < failed; i++) {
            last = rate.ended(TENANT, false);
        }
        return last;
    }

    @Test
    void moreThanHalfOfTheLatestStopWhateverIsBetween() {
        for (int i = 0; i < 24; i++) {
            assertThat(end(1, 1)).isEmpty();
        }
        assertThat(end(0, 1)).isEmpty();
        assertThat(end(0, 1)).hasValueSatisfying(why -> assertThat(why).contains("26 of the last 50"));
    }

    @Test
    void halfOfThemDoNotAndOldOnesAreForgotten() {
        assertThat(end(0, 25)).isEmpty();
        assertThat(end(50, 25)).isEmpty();
        assertThat(end(0, 1)).isPresent();
    }

    @Test
    void aFewSufficeWhereThereWasNoSuccess() {
        assertThat(end(0, 26)).hasValueSatisfying(why -> assertThat(why).contains("26 of the last 26"));
    }

    @Test
    void whoResumesGoesOnUntilTheRateHasFallen() {
        assertThat(end(0, 26)).isPresent();
        rate.resumed(TENANT);
        assertThat(end(0, 100)).isEmpty();
        assertThat(end(50, 25)).isEmpty();
        assertThat(end(0, 1)).isPresent();
    }

    @Test
    void eachTenantIsCountedAlone() {
        assertThat(end(0, 26)).isPresent();
        assertThat(rate.ended("south", false)).isEmpty();
    }
}
