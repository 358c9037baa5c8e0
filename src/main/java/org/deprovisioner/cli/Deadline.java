package org.deprovisioner.cli;

import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.report.PlainTime;

/** How long a command waits: from its start on, or without an end. */
final class Deadline {

    private final Optional<Duration> time;
    private final long begun = System.nanoTime();

    /** @param time empty to wait however long it takes */
    Deadline(Optional<Duration> time) {
        this.time = time;
    }

    boolean isOver() {
        return time.filter(most -> System.nanoTime() - begun >= most.toNanos()).isPresent();
    }

    /** How long that is, such as {@code 10m}. */
    @Override
    public String toString() {
        return time.map(PlainTime::of).orElse("for ever");
    }
}
