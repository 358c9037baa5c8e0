package org.deprovisioner.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The wall clock of a server, by which all that work on its database write their instants: this machine's clock, and by how
 * much it differs, asked again at times. While the server cannot be reached, the difference is as it was.
 */
final class ServerClock extends Clock {

    private static final long BETWEEN_LOOKS = Duration.ofSeconds(10).toNanos();

    private final JdbcTemplate jdbc;
    private final Clock own;
    private final AtomicLong lookedAt = new AtomicLong();
    private volatile long ahead;

    /** Asks the server at once. */
    ServerClock(JdbcTemplate jdbc, Clock own) {
        this.jdbc = jdbc;
        this.own = own;
        lookedAt.set(System.nanoTime());
        look();
    }

    private void look() {
        long before = own.millis();
        Long theirs =
                jdbc.queryForObject("select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)", Long.class);
        if (theirs != null) {
            ahead = theirs - (before + own.millis()) / 2;
        }
    }

    @Override
    public long millis() {
        long last = lookedAt.get();
        long now = System.nanoTime();
        if (now - last > BETWEEN_LOOKS && lookedAt.compareAndSet(last, now)) {
            try {
                look();
            } catch (DataAccessException unreachable) {
                // it differs as it did
            }
        }
        return own.millis() + ahead;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return own.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants have no zone here");
    }
}
