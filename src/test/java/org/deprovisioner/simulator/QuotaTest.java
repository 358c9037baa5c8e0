package org.deprovisioner.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotaTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final Quota quota = new Quota(2, Duration.ofSeconds(10), clock::get);

    @Test
    void as_many_calls_as_the_limit_are_taken_in_any_window() {
        assertThat(quota.count()).isZero();
        pass(6);
        assertThat(quota.count()).isZero();
        pass(4);
        assertThat(quota.count()).as("the first one left the window").isZero();
        pass(5);
        assertThat(quota.count()).as("two lie within ten seconds").isPositive();
    }

    @Test
    void a_refused_call_counts_too() {
        quota.count();
        quota.count();
        pass(9);
        assertThat(quota.count()).isPositive();
        pass(1);
        assertThat(quota.count()).as("the refused one and the one before it").isZero();
        assertThat(quota.count()).as("the refused one still counts").isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void the_wait_ends_when_the_next_call_would_be_taken() {
        quota.count();
        pass(4);
        quota.count();
        Duration wait = quota.count();

        assertThat(wait).isEqualTo(Duration.ofSeconds(10));
        clock.addAndGet(wait.toNanos());
        assertThat(quota.count()).isZero();
    }

    @Test
    void without_a_limit_every_call_is_taken() {
        Quota endless = new Quota(0, Duration.ofSeconds(10), clock::get);

        for (int call = 0; call < 1000; call++) {
            assertThat(endless.count()).isZero();
        }
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
