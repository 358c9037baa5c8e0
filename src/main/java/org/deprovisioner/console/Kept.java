package org.deprovisioner.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was found out for one page and is shown to all: it is found out anew when it may have changed, by one thread at a time,
 * and so rarely that it takes no more than a twentieth of the time, however many pages are open.
 */
final class Kept<K, V> {

    private static final int SHARE = 20;
    private static final Duration AT_LEAST = Duration.ofSeconds(1);
    private static final Duration UNCHANGED = Duration.ofSeconds(10);
    private static final int MOST = 500;

    private final LongSupplier nanoTime;
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Entry<V>> eldest) {
            return size() > MOST;
        }
    };

    Kept() {
        this(System::nanoTime);
    }

    Kept(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Found<V>(V value, long version, long at, long took) {}

    private static final class Entry<V> {
        private Optional<Found<V>> found = Optional.empty();
    }

    /** What is known under a key; a new version of it is found out once enough time has passed. */
    V get(K key, long version, Supplier<V> look) {
        Entry<V> entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, fresh -> new Entry<>());
        }
        synchronized (entry) {
            long now = nanoTime.getAsLong();
            Found<V> known = entry.found
                    .filter(found -> now - found.at < patience(found, version))
                    .orElse(null);
            if (known == null) {
                V value = look.get();
                long end = nanoTime.getAsLong();
                known = new Found<>(value, version, end, end - now);
                entry.found = Optional.of(known);
            }
            return known.value;
        }
    }

    /** The same of what has no version: it may have changed at any time. */
    V get(K key, Supplier<V> look) {
        return get(key, nanoTime.getAsLong(), look);
    }

    /** What is known under a key is found out anew the next time: this console has just changed it. */
    void forget(K key) {
        synchronized (entries) {
            entries.remove(key);
        }
    }

    private static long patience(Found<?> found, long version) {
        return Math.max(SHARE * found.took, (found.version == version ? UNCHANGED : AT_LEAST).toNanos());
    }
}
