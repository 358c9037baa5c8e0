package org.deprovisioner.graph;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Delays that double from a first one up to a longest one, each shortened at random by up to half. */
record Backoff(Duration first, Duration longest) {

    private static final int MOST_DOUBLINGS = 20;

    Duration delay(int failuresBefore, RandomGenerator random) {
        Duration doubled = first.multipliedBy(1L << Math.min(failuresBefore, MOST_DOUBLINGS));
        long most = Math.min(doubled.toMillis(), longest.toMillis());
        return Duration.ofMillis(random.nextLong(most / 2, most + 1));
    }
}
