package org.deprovisioner.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One piece of work that fails keeps no other from being done, and is tried again. */
class RestingFailuresTest {

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> waiting = new ArrayList<>(List.of("bad", "good", "better"));
    private final RestingFailures<String> source =
            new RestingFailures<>(most -> waiting.stream().limit(most).toList(), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theOthersGoOnWhileOneRests() {
        assertThat(source.take(1)).containsExactly("bad");
        source.giveBack("bad");

        assertThat(source.take(1)).containsExactly("good");
        waiting.remove("good");
        assertThat(source.take(5)).containsExactly("better");
    }

    @Test
    void itIsTriedAgainAfterAWhileThatGrowsUpToFiveMinutes() {
        source.giveBack("bad");
        pass(Duration.ofSeconds(2));
        assertThat(source.take(1)).containsExactly("bad");
        source.giveBack("bad");
        pass(Duration.ofSeconds(2));
        assertThat(source.take(1)).containsExactly("good");
        pass(Duration.ofSeconds(2));
        assertThat(source.take(1)).containsExactly("bad");

        for (int failure = 0; failure < 20; failure++) {
            source.giveBack("bad");
        }
        pass(Duration.ofMinutes(5));
        assertThat(source.take(1)).containsExactly("bad");
    }

    @Test
    void whatFailedLongAgoIsForgotten() {
        source.giveBack("bad");
        source.giveBack("bad");
        pass(Duration.ofHours(2));
        source.giveBack("bad");
        pass(Duration.ofSeconds(9));

        assertThat(source.take(3)).containsExactly("bad", "good", "better");
    }
}
