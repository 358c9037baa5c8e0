package org.deprovisioner.service;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what somebody else does, looking again and again. */
public final class Await {

    private static final Duration LOOK = Duration.ofMillis(300);

    private Await() {}

    /** Waits until a condition holds; false when it does not within this time. */
    public static boolean until(Duration time, BooleanSupplier condition) throws InterruptedException {
        return first(time, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    /** The first thing that a look finds; empty when none does within this time. */
    public static <T> Optional<T> first(Duration time, Supplier<Optional<T>> look) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        Optional<T> found = look.get();
        while (found.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK.toMillis());
            found = look.get();
        }
        return found;
    }
}
