package org.deprovisioner.console;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is found out once and then good for a while: a thousand who ask for it cost what one costs. Safe for many threads; who
 * comes while it is found out waits for that.
 */
final class Fresh<T> {

    private final Duration lifetime;
    private final Supplier<T> source;
    private @Nullable T value;
    private long foundAt;

    Fresh(Duration lifetime, Supplier<T> source) {
        this.lifetime = lifetime;
        this.source = source;
    }

    synchronized T get() {
        T known = value;
        if (known == null || System.nanoTime() - foundAt > lifetime.toNanos()) {
            known = source.get();
            value = known;
            foundAt = System.nanoTime();
        }
        return known;
    }
}
