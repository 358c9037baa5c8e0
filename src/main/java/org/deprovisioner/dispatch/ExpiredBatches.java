package org.deprovisioner.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.deprovisioner.ledger.Retention;
import org.deprovisioner.ledger.Retention.Removed;

/** Batches that were kept long enough: they are looked for once in a while, and each is removed as it is taken. */
final class ExpiredBatches implements LedgerSource<Removed> {

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(5);

    private final Retention retention;
    private final Optional<Duration> age;
    private final LongSupplier nanoTime;
    private long next;

    /**
     * @param age how long a settled batch is kept; empty for ever
     * @param nanoTime a monotonic clock, as {@link System#nanoTime()}
     */
    ExpiredBatches(Retention retention, Optional<Duration> age, LongSupplier nanoTime) {
        this.retention = retention;
        this.age = age;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public List<Removed> take(int most) {
        if (age.isEmpty() || nanoTime.getAsLong() - next < 0) {
            return List.of();
        }
        Optional<Removed> removed = retention.removeOne(age.get());
        if (removed.isEmpty()) {
            next = nanoTime.getAsLong() + BETWEEN_LOOKS.toNanos();
        }
        return removed.stream().toList();
    }
}
