package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands still, and why: pauses of tenants or of all, and lanes that Graph's Retry-After closed. */
public final class Pauses {

    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);

    private static final Duration FIRST_PROBE = Duration.ofSeconds(5);

    /** So that what stood still goes on within 30 seconds once its cause is gone. */
    private static final Duration LAST_PROBE = Duration.ofSeconds(25);

    private static final Duration LAST_PROBE_IN_DOUBT = Duration.ofMinutes(2);

    /** How the cause of a pause is called of which each probe may put one more call in doubt. */
    private static final String IN_DOUBT = "in-doubt";

    /** How the cause of a pause begins that stands for a code of Graph. */
    private static final String REJECTED = "rejected:";

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private final SteadyTime steady;

    Pauses(Jdbc reader, GroupCommit writer, Clock clock, SteadyTime steady) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.steady = steady;
    }

    /**
     * Pauses a tenant, a batch or {@link Pause#ALL}. One that waits for {@code resume} is never replaced by one that ends by itself.
     *
     * @return whether that is news: false when it was paused for this cause already
     */
    public boolean pause(String scope, Pause.EndsBy kind, String cause, String message, String remedy, String by) {
        return writer.write(jdbc -> {
            boolean known = !jdbc.queryForList("select 1 from pause where scope = ? and cause = ?", scope, cause)
                    .isEmpty();
            boolean news = set(jdbc, clock.millis(), scope, kind, cause, message, remedy, by) > 0 && !known;
            if (news) {
                AuditEntries.tell(jdbc, clock.millis(), AuditEntries.What.PAUSED, by, "", scope, message);
            }
            return news;
        });
    }

    static int set(
            Jdbc jdbc,
            long now,
            String scope,
            Pause.EndsBy kind,
            String cause,
            String message,
            String remedy,
            String by) {
        jdbc.sql(
                        "update request set leased_by = null, leased_until = null where state = 'READY' and leased_by is not null"
                                + " and (tenant = :scope or :scope = '*' or 'batch:' || batch = :scope)")
                .param("scope", scope)
                .update();
        boolean known = !jdbc.queryForList(
                        "select 1 from pause where scope = ? and cause = ? and kind = 'RESUME'", scope, cause)
                .isEmpty();
        int set = jdbc.sql("""
                        insert into pause (scope, kind, cause, message, remedy, since, set_by, next_probe)
                        values (:scope, :kind, :cause, :message, :remedy, :now, :by, :nextProbe)
                        on conflict (scope) do update set kind = excluded.kind, cause = excluded.cause,
                            message = excluded.message, remedy = excluded.remedy, set_by = excluded.set_by, probing = 0,
                            next_probe = case when pause.cause = excluded.cause and pause.next_probe > excluded.since
                                then pause.next_probe else excluded.since + %s end
                        where pause.kind = 'PROBE' or excluded.kind = 'RESUME'
                        """.formatted(untilNextProbe("excluded.cause", "pause.probes")))
                .param("scope", scope)
                .param("kind", kind.name())
                .param("cause", cause)
                .param("message", message)
                .param("remedy", remedy)
                .param("now", now)
                .param("by", by)
                .param("nextProbe", now + FIRST_PROBE.toMillis())
                .update();
        if (set > 0 && kind == Pause.EndsBy.RESUME && !known) {
            Notifications.tell(jdbc, now, Notice.Kind.PAUSED, scope, 1, message, remedy);
        }
        return set;
    }

    /** How long the next probe is waited for after so many, in milliseconds; longer where it may do harm. */
    private static String untilNextProbe(String cause, String probes) {
        return "case when %1$s = '%3$s' and %2$s >= 4 then %6$d when %1$s = '%3$s' then %4$d * (%2$s + 1) * (%2$s + 1)"
                .concat(" when %2$s < 5 then %4$d * (%2$s + 1) else %5$d end")
                .formatted(
                        cause,
                        probes,
                        IN_DOUBT,
                        FIRST_PROBE.toMillis(),
                        LAST_PROBE.toMillis(),
                        LAST_PROBE_IN_DOUBT.toMillis());
    }

    /**
     * Ends the pause of a tenant, of a batch or of all. A code that several devices in a row were refused with is from now on taken as
     * the devices' own fault, until something succeeds.
     *
     * @param by who ends it
     * @param remark why, as that one says; may be empty
     * @return what was paused, empty when nothing was
     */
    public Optional<Pause> resume(String scope, String by, String remark) {
        return writer.write(jdbc -> {
            Optional<Pause> pause = jdbc.query("select * from pause where scope = ?", Pauses::read, scope).stream()
                    .findFirst();
            end(jdbc, clock.millis(), by, remark, "scope = ?", scope);
            pause.filter(found -> found.cause().startsWith(REJECTED))
                    .ifPresent(found -> jdbc.update(
                            "insert into accepted_code (tenant, code) values (?, ?) on conflict do nothing",
                            scope,
                            found.cause()));
            return pause;
        });
    }

    /** The same without a remark. */
    public Optional<Pause> resume(String scope, String by) {
        return resume(scope, by, "");
    }

    /** A call succeeded: a pause that was probing ends, and codes accepted by {@code resume} count again. */
    static void succeeded(Jdbc jdbc, long now, String tenant) {
        end(jdbc, now, AuditEntries.PROGRAM, "scope = ? and kind = 'PROBE' and probing > 0", tenant);
        jdbc.update("delete from accepted_code where tenant = ?", tenant);
    }

    static int end(Jdbc jdbc, long now, String by, String which, String scope) {
        return end(jdbc, now, by, "", which, scope);
    }

    private static int end(Jdbc jdbc, long now, String by, String remark, String which, String scope) {
        int ended = jdbc.update("delete from pause where " + which, scope);
        if (ended > 0 && by.equals(AuditEntries.PROGRAM)) {
            LOG.info("Tenant {}: its pause has ended by itself, since a probe was answered. Sending goes on.", scope);
        }
        if (ended > 0) {
            AuditEntries.tell(jdbc, now, AuditEntries.What.RESUMED, by, "", scope, remark);
        }
        return ended;
    }

    /** Every pause there is. */
    public List<Pause> all() {
        return reader.query("select * from pause order by scope", Pauses::read);
    }

    /** The pause that stops calls of this tenant now, if there is one; a probing one lets its single call through. */
    public Optional<Pause> stopping(String tenant) {
        return reader
                .query("select * from pause where scope in (?, '*') and probing = 0", Pauses::read, tenant)
                .stream()
                .findFirst();
    }

    /** Whether one call of this tenant is let through to see whether the cause of its pause is gone. */
    public boolean isProbing(String tenant) {
        return !reader.queryForList("select 1 from pause where scope = ? and probing > 0", tenant)
                .isEmpty();
    }

    /** Whether {@code resume} took the code that is this pause's cause as the devices' own fault. */
    public boolean accepted(String tenant, String cause) {
        return !reader.queryForList("select 1 from accepted_code where tenant = ? and code = ?", tenant, cause)
                .isEmpty();
    }

    /** The pause of a tenant whose next probe is due; it is given the time of the probe after. */
    public List<Pause> dueForProbe(String tenant) {
        long now = clock.millis();
        long farOff = now + LAST_PROBE_IN_DOUBT.toMillis(); // further ahead than any probe: the clock was set back
        String due = "scope = ? and kind = 'PROBE' and probing < 2 and (next_probe <= ? or next_probe > ?)";
        if (reader.queryForList("select 1 from pause where " + due, tenant, now, farOff)
                .isEmpty()) {
            return List.of();
        }
        return writer.write(jdbc -> jdbc.query(
                "update pause set probes = probes + 1, next_probe = ? + " + untilNextProbe("cause", "probes")
                        + " where " + due + " returning *",
                Pauses::read,
                now,
                tenant,
                now,
                farOff));
    }

    /**
     * The read of a probe was answered: one call of the tenant may go through, and its success ends the pause. Where no
     * call waits, the pause ends now.
     *
     * @param closed whether no action may be sent at this hour
     */
    public void letOneThrough(String tenant, boolean closed) {
        long now = clock.millis();
        writer.write(jdbc -> {
            boolean waiting = !closed
                    && !jdbc.queryForList(
                                    "select 1 from request where tenant = ? and state = 'READY' and due <= ? and not exists"
                                            + " (select 1 from pause where scope = 'batch:' || request.batch) limit 1",
                                    tenant,
                                    steady.dueMillis())
                            .isEmpty();
            return waiting
                    ? jdbc.update(
                            "update pause set probing = 1 where scope = ? and kind = 'PROBE' and probing < 2", tenant)
                    : end(jdbc, now, AuditEntries.PROGRAM, "scope = ? and kind = 'PROBE' and probing < 2", tenant);
        });
    }

    /** The single call of a probe is not made after all: the pause goes on until its next probe. */
    static void probeNotMade(Jdbc jdbc, Lease lease) {
        jdbc.update(
                "update pause set probing = 0 where scope = ? and probing = 2 and exists"
                        + " (select 1 from request where id = ? and state = 'READY' and leased_by = ?)",
                lease.tenant(),
                lease.id(),
                lease.claim());
    }

    /** The single call of a probe ended without a success: the pause goes on until its next probe. */
    static void probeFailed(Jdbc jdbc, String tenant) {
        jdbc.update("update pause set probing = 0 where scope = ? and kind = 'PROBE'", tenant);
    }

    /** Closes a tenant's lane until an instant; it survives a restart. */
    public void closeLane(String tenant, Instant until) {
        writer.write(jdbc -> jdbc.update("""
                insert into lane (tenant, closed_until, closed_at) values (?, ?, ?) on conflict (tenant) do update
                set closed_until = excluded.closed_until, closed_at = excluded.closed_at
                where lane.closed_until < excluded.closed_until or lane.closed_at > excluded.closed_at
                """, tenant, until.toEpochMilli(), clock.millis()));
    }

    /**
     * Until when a tenant's lane is closed; in the past when it is open. Never for longer than it was closed for, be the
     * clock set back since.
     */
    public Instant laneClosedUntil(String tenant) {
        return reader
                .query(
                        "select closed_until, closed_at from lane where tenant = ?",
                        (row, number) -> closedUntil(row),
                        tenant)
                .stream()
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** The lanes that are closed now, and until when: by tenant. */
    public Map<String, Instant> closedLanes() {
        Map<String, Instant> closed = new TreeMap<>();
        reader.query(
                "select closed_until, closed_at, tenant from lane where closed_until > ?",
                row -> {
                    closed.put(row.getString("tenant"), closedUntil(row));
                },
                clock.millis());
        return closed;
    }

    private Instant closedUntil(ResultSet lane) throws SQLException {
        long until = lane.getLong("closed_until");
        return Instant.ofEpochMilli(Math.min(until, clock.millis() + until - lane.getLong("closed_at")));
    }

    /**
     * Keeps what one of a tenant's lanes found out about its quota; it survives a restart, and other processes can show it.
     *
     * @param write whether it is the lane of the actions; else that of the reads
     */
    public void slowLane(String tenant, boolean write, double share, String by) {
        long now = clock.millis();
        writer.write(jdbc -> jdbc.sql("""
                        insert into slow_lane (tenant, write, share, slowed, slowed_by) values (:tenant, :write, :share, :now, :by)
                        on conflict (tenant, write) do update set share = excluded.share, slowed = excluded.slowed,
                            slowed_by = excluded.slowed_by
                        """)
                .param("tenant", tenant)
                .param("write", write ? 1 : 0)
                .param("share", share)
                .param("now", now)
                .param("by", by)
                .update());
    }

    /** The lanes that were slowed down, be it long ago. */
    public List<SlowLane> slowLanes() {
        return reader.query(
                "select * from slow_lane order by tenant, write desc",
                (row, number) -> new SlowLane(
                        row.getString("tenant"),
                        row.getInt("write") == 1,
                        row.getDouble("share"),
                        Instant.ofEpochMilli(row.getLong("slowed")),
                        row.getString("slowed_by")));
    }

    /**
     * A lane that was slowed down.
     *
     * @param write whether it is the lane of the actions; else that of the reads
     * @param share the share of its quota that was used right after
     * @param by what was answered
     */
    public record SlowLane(String tenant, boolean write, double share, Instant at, String by) {}

    static Pause read(ResultSet row, int number) throws SQLException {
        return new Pause(
                row.getString("scope"),
                Pause.EndsBy.valueOf(row.getString("kind")),
                row.getString("cause"),
                row.getString("message"),
                row.getString("remedy"),
                Instant.ofEpochMilli(row.getLong("since")),
                row.getString("set_by"),
                row.getInt("probes"),
                row.getInt("probing") > 0);
    }
}
