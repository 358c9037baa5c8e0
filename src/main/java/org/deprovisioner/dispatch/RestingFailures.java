package org.deprovisioner.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Work that the ledger names anew until it is done. A piece that fails rests, longer each time, while all others go on:
 * the oldest would otherwise be taken again and again, and the rest of them never.
 */
final class RestingFailures<T> implements LedgerSource<T> {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final LedgerSource<T> source;
    private final LongSupplier nanoTime;
    private final Map<T, Rest> failed = new HashMap<>();

    /** @param nanoTime a monotonic clock, as {@link System#nanoTime()} */
    RestingFailures(LedgerSource<T> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    private record Rest(long since, Duration length) {

        boolean lasts(long now) {
            return now - since < length.toNanos();
        }

        boolean isForgotten(long now) {
            return now - since > REMEMBERED.toNanos();
        }
    }

    @Override
    public synchronized List<T> take(int most) {
        long now = nanoTime.getAsLong();
        failed.values().removeIf(rest -> rest.isForgotten(now));
        return source.take(most + failed.size()).stream()
                .filter(work -> !rests(work, now))
                .limit(most)
                .toList();
    }

    private boolean rests(T work, long now) {
        Rest rest = failed.get(work);
        return rest != null && rest.lasts(now);
    }

    @Override
    public synchronized void giveBack(T work) {
        Rest before = failed.get(work);
        Duration doubled = before == null ? FIRST : before.length().multipliedBy(2);
        failed.put(work, new Rest(nanoTime.getAsLong(), doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST));
    }
}
