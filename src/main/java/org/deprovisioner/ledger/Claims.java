package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.deprovisioner.request.Address;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.deprovisioner.store.StoreException;
import org.jspecify.annotations.Nullable;

/** Who works on which request: it is leased, worked on by nobody else meanwhile, and given back or settled. */
public final class Claims {

    private static final Duration LEASE = Duration.ofMinutes(10);

    /** The instant before which somebody wants a request not to be sent. */
    static final String ASKED = "(select max(at) from (select request.not_before as at union all"
            + " select grace_until from unit where id = request.unit) latest)";

    /** Among so many of the oldest requests those are looked for that can go together. */
    private static final int NEAR = 5_000;

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private final SteadyTime steady;
    private final Set<String> unsure = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> onlyBatch = Optional.empty();

    Claims(Jdbc reader, GroupCommit writer, Clock clock, SteadyTime steady) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.steady = steady;
    }

    /** What requests are leased for, and which these are. */
    private enum Work {
        RESOLVE("state = 'RECEIVED' and resolved is null and due <= :due"),
        SEND("state = 'READY' and due <= :due and " + ASKED + " <= :wall"),
        READ_BACK("state = 'IN_DOUBT' and due <= :now");

        private final String due;

        Work(String due) {
            this.due = due;
        }

        /** Those of a tenant that nobody works on, and that no pause of their batch holds. */
        private String free(boolean ofOneBatch) {
            return "tenant = :tenant and " + due + " and (leased_until is null or leased_until <= :now)"
                    + (ofOneBatch ? " and batch = :batch" : "")
                    + " and not exists (select 1 from pause where scope = 'batch:' || request.batch)";
        }
    }

    /** From now on leases only requests of this batch; of none when the name is empty. */
    public void restrictTo(String batch) {
        onlyBatch = Optional.of(batch);
    }

    Optional<String> onlyBatch() {
        return onlyBatch;
    }

    /** Leases received requests whose devices have to be read, oldest first, of one tenant. */
    public List<Lease> leaseUnresolved(String tenant, int most) {
        return lease(tenant, most, Work.RESOLVE);
    }

    /** Leases requests that are ready and due, oldest first, of one tenant. */
    public List<Lease> leaseReady(String tenant, int most) {
        return lease(tenant, most, Work.SEND);
    }

    /** Leases requests in doubt whose devices are due to be read back, of one tenant. */
    public List<Lease> leaseInDoubt(String tenant, int most) {
        return lease(tenant, most, Work.READ_BACK);
    }

    /**
     * Leases requests of one form and reason that are ready and due, of one tenant: those of the oldest one.
     *
     * @param several whether more than one request of a form may be leased
     */
    public List<Lease> leaseReadyAlike(String tenant, int most, Predicate<Address.Form> several) {
        return reader.sql("select form, coalesce(reason, '') as reason from request where " + free(Work.SEND)
                        + " order by due, id limit 1")
                .params(values(tenant))
                .query((row, number) -> new Alike(Address.Form.valueOf(row.getString("form")), row.getString("reason")))
                .optional()
                .map(alike -> lease(tenant, several.test(alike.form) ? most : 1, Work.SEND, Optional.of(alike)))
                .orElse(List.of());
    }

    /** What requests must have in common to go in one bulk call. */
    private record Alike(Address.Form form, String reason) {}

    private List<Lease> lease(String tenant, int most, Work work) {
        return lease(tenant, most, work, Optional.empty());
    }

    private List<Lease> lease(String tenant, int most, Work work, Optional<Alike> alike) {
        Optional<Pause> pause = pauseOf(tenant);
        boolean probing = pause.filter(Pause::probing).isPresent();
        if (pause.isPresent() && !(probing && work == Work.SEND)) {
            return List.of();
        }
        freeUnsure();
        Map<String, @Nullable Object> values = values(tenant);
        if (reader.sql("select 1 from request where " + free(work) + " limit 1")
                .params(values)
                .query()
                .listOfRows()
                .isEmpty()) {
            return List.of();
        }
        String claim = UUID.randomUUID().toString();
        values.put("claim", claim);
        values.put("until", steady.millis() + LEASE.toMillis());
        values.put("most", probing ? 1 : most);
        alike.ifPresent(kind -> {
            values.put("near", NEAR);
            values.put("form", kind.form.name());
            values.put("reason", kind.reason);
        });
        return surely(claim, jdbc -> {
            if (!writer.activity().isActive() || (probing && !mayProbe(jdbc, tenant))) {
                return List.of();
            }
            List<Lease> leases = jdbc
                    .sql("with chosen as materialized (" + (alike.isEmpty() ? oldest(work) : oldestAlike(work))
                            + ") update request set leased_by = :claim, leased_until = :until"
                            + " where id in (select id from chosen) returning *")
                    .params(values)
                    .query((row, number) -> RequestRows.lease(row))
                    .stream()
                    .sorted(Comparator.comparing(Lease::id))
                    .toList();
            if (probing && !leases.isEmpty()) {
                jdbc.update("update pause set probing = 2 where scope = ?", tenant);
            }
            return leases;
        });
    }

    /** Two texts: where one stands for both, a database plans for neither. */
    private String free(Work work) {
        return work.free(onlyBatch.isPresent());
    }

    private String oldest(Work work) {
        return "select id from request where " + free(work) + " order by due, id limit :most";
    }

    private String oldestAlike(Work work) {
        return "select id from (select id, form, coalesce(reason, '') as reason from request where " + free(work)
                + " order by due, id limit :near) near where form = :form and reason = :reason limit :most";
    }

    /** Only we say when a look is due; other processes and people say by the wall clock when something is to be sent. */
    private Map<String, @Nullable Object> values(String tenant) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("tenant", tenant);
        values.put("now", steady.millis());
        values.put("due", steady.dueMillis());
        values.put("wall", clock.millis());
        onlyBatch.ifPresent(batch -> values.put("batch", batch));
        return values;
    }

    private static boolean mayProbe(Jdbc jdbc, String tenant) {
        return !jdbc.queryForList("select 1 from pause where scope = ? and probing = 1", tenant)
                .isEmpty();
    }

    /** Leases with this claim; where nobody knows whether that was written, what it leased is free again later. */
    private List<Lease> surely(String claim, Function<Jdbc, List<Lease>> leasing) {
        try {
            return writer.write(leasing);
        } catch (StoreException unwritten) {
            unsure.add(claim);
            throw unwritten;
        }
    }

    private void freeUnsure() {
        for (String claim : Set.copyOf(unsure)) {
            writer.write(jdbc -> {
                jdbc.update(
                        "update pause set probing = 0 where probing = 2 and scope in"
                                + " (select tenant from request where leased_by = ? and state = 'READY')",
                        claim);
                return jdbc.update(
                        "update request set leased_by = null, leased_until = null where leased_by = ? and state <> 'SENDING'",
                        claim);
            });
            unsure.remove(claim);
        }
    }

    private Optional<Pause> pauseOf(String tenant) {
        return reader
                .query("select * from pause where scope in (?, '*') order by probing", Pauses::read, tenant)
                .stream()
                .findFirst();
    }

    /** Gives a lease back; the request stays where it is. One whose call may be under way keeps it. */
    public void giveBack(Lease lease) {
        writer.insist(jdbc -> {
            Pauses.probeNotMade(jdbc, lease);
            return jdbc.update(
                    "update request set leased_by = null, leased_until = null where id = ? and leased_by = ?"
                            + " and state <> 'SENDING'",
                    lease.id(),
                    lease.claim());
        });
    }
}
