package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Duplicates.Decision;
import org.deprovisioner.request.Address;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Expected;
import org.springframework.jdbc.core.JdbcTemplate;

/** The requests on their way to Graph: leased, resolved, begun and settled. */
public final class Queue {

    private static final Duration LEASE = Duration.ofMinutes(10);

    /** A call leaves so soon after its attempt was recorded, or not at all. */
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(5);

    /** Two clocks of a machine that nobody sets differ by less from one start to the next. */
    private static final Duration CLOCK_DRIFT = Duration.ofSeconds(2);

    /** No request waits longer than this for its next try. */
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    /** The instant before which somebody wants a request not to be sent. */
    private static final String ASKED = "(select max(at) from (select request.not_before as at union all"
            + " select grace_until from unit where id = request.unit) latest)";

    /** What waits for Intune's approval, as its index knows it. */
    private static final String PARKED = "'AWAITING_APPROVAL' and approval_since is not null";

    /** Among so many of the oldest requests those are looked for that can go together. */
    private static final int NEAR = 5_000;

    /** What the rules of duplicates look at. */
    private static final String OTHER =
            "id, unit, batch || ' line ' || line as place, state, outcome, started, finished, reason, request_id,"
                    + " device_id, force, device, coalesce(doubt_since, last_attempt) as attempted";

    private final JdbcTemplate reader;
    private final GroupCommit writer;
    private final InDoubt doubts;
    private final Clock clock;
    private final SteadyTime steady;
    private final boolean waits;
    private final Set<String> unsure = ConcurrentHashMap.newKeySet();
    private volatile boolean clockWasSet;

    private volatile Optional<String> onlyBatch = Optional.empty();

    Queue(JdbcTemplate reader, GroupCommit writer, InDoubt doubts, Clock clock, SteadyTime steady) {
        this(reader, writer, doubts, clock, steady, true);
    }

    private Queue(
            JdbcTemplate reader, GroupCommit writer, InDoubt doubts, Clock clock, SteadyTime steady, boolean waits) {
        this.reader = reader;
        this.writer = writer;
        this.doubts = doubts;
        this.clock = clock;
        this.steady = steady;
        this.waits = waits;
    }

    /**
     * The same queue for workers that do not wait until it is on disk how a call ended: it is so before the next attempt
     * that they begin, and where it cannot be written none is begun.
     */
    public Queue unwaited() {
        return new Queue(reader, writer, doubts, clock, steady, false);
    }

    /** Keeps how a call ended: it must not be forgotten. */
    private <T> void keep(Lease lease, Function<JdbcTemplate, T> ending) {
        if (waits) {
            writer.insist(ending);
        } else {
            writer.promise(ending, jdbc -> {
                boolean open = endAttempt(jdbc, lease, 0, "", "in doubt");
                if (open) {
                    doubts.begin(jdbc, lease.id(), "How the call ended could not be written.", 0, false);
                }
                return open;
            });
        }
    }

    /**
     * Takes up what an earlier service left: its leases lapse, and a request whose call may have been under way is in
     * doubt, for it may have been executed. To be called by the only service of this ledger, before it starts.
     *
     * @return how many requests are in doubt by this
     */
    public int recover() {
        return writer.write(jdbc -> {
            // by the states that are leased in, each of which has an index: settled rows cost nothing
            for (String leased : List.of("'RECEIVED' and resolved is null", "'IN_DOUBT'", PARKED, "'READY'")) {
                freeLeases(jdbc, leased);
            }
            dueAgain(jdbc, "'RECEIVED' and resolved is null", "0");
            dueAgain(jdbc, "'READY'", ASKED);
            jdbc.update(
                    "update request set approval_due = 0 where approval_due > ? and state = " + PARKED,
                    clock.millis() + LONGEST_DELAY.toMillis());
            doubts.lookInTime(jdbc);
            noteTheClock(jdbc);
            DryRuns.endReady(jdbc, clock.millis());
            jdbc.update("update pause set probing = 0");
            List<Long> sending =
                    jdbc.queryForList("select id from request where state = 'SENDING' order by id", Long.class);
            jdbc.update(
                    "update attempt set ended = ?, result = 'cut off' where ended is null"
                            + " and request in (select id from request where state = 'SENDING')",
                    clock.millis());
            jdbc.update("update request set graph_request_id = null where state = 'SENDING'");
            for (long id : sending) {
                doubts.begin(jdbc, id, "The program ended while the call was under way.", 0, false);
            }
            return sending.size();
        });
    }

    private static void freeLeases(JdbcTemplate jdbc, String state) {
        jdbc.update("update request set leased_by = null, leased_until = null where leased_by is not null"
                + " and state = " + state);
    }

    /** What is due further ahead than any retry: the clock was set back since, and nothing is to wait for that. */
    private void dueAgain(JdbcTemplate jdbc, String state, String asked) {
        jdbc.update(
                "update request set due = " + asked + " where due > ? and due > " + asked + " and state = " + state,
                steady.dueMillis() + LONGEST_DELAY.toMillis());
    }

    /** Whether the clock was set since the start before, or the machine started anew: then it does not tell what was just now. */
    private void noteTheClock(JdbcTemplate jdbc) {
        long ahead = steady.wallAhead();
        clockWasSet = jdbc.queryForList("select ahead from clock_before where id = 1", Long.class).stream()
                .anyMatch(before -> Math.abs(ahead - before) > CLOCK_DRIFT.toMillis());
        jdbc.update(
                "insert into clock_before (id, ahead) values (1, ?) on conflict (id) do update set ahead = excluded.ahead",
                ahead);
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
        return lease(tenant, most, "state = 'RECEIVED' and resolved is null");
    }

    /** Leases requests that are ready and due, oldest first, of one tenant. */
    public List<Lease> leaseReady(String tenant, int most) {
        return lease(tenant, most, "state = 'READY'");
    }

    /** Leases requests in doubt whose devices are due to be read back, of one tenant. */
    public List<Lease> leaseInDoubt(String tenant, int most) {
        return lease(tenant, most, "state = 'IN_DOUBT'");
    }

    /**
     * Leases requests of one form and reason that are ready and due, of one tenant: those of the oldest one.
     *
     * @param several whether more than one request of a form may be leased
     */
    public List<Lease> leaseReadyAlike(String tenant, int most, Predicate<Address.Form> several) {
        return reader
                .query(
                        "select form, reason from request where tenant = ? and state = 'READY' and due <= ?"
                                + " and " + ASKED
                                + " <= ? and (leased_until is null or leased_until <= ?) and batch = coalesce(?, batch)"
                                + " order by due, id limit 1",
                        (row, number) -> new Alike(Address.Form.valueOf(row.getString("form")), text(row, "reason")),
                        tenant,
                        steady.dueMillis(),
                        clock.millis(),
                        steady.millis(),
                        onlyBatch.orElse(null))
                .stream()
                .findFirst()
                .map(kind -> lease(tenant, several.test(kind.form) ? most : 1, "state = 'READY'", Optional.of(kind)))
                .orElse(List.of());
    }

    /** What requests must have in common to go in one bulk call. */
    private record Alike(Address.Form form, String reason) {}

    private List<Lease> lease(String tenant, int most, String which) {
        return lease(tenant, most, which, Optional.empty());
    }

    private List<Lease> lease(String tenant, int most, String which, Optional<Alike> kind) {
        long now = steady.millis();
        // only we say when a look is due; other processes and people say by the wall clock when something is to be sent
        long due = which.contains("IN_DOUBT") ? now : steady.dueMillis();
        long wall = clock.millis();
        String free = "tenant = ? and " + which
                + " and due <= ? and (state <> 'READY' or " + ASKED
                + " <= ?) and (leased_until is null or leased_until <= ?)"
                + " and batch = coalesce(?, batch)"
                + " and not exists (select 1 from pause where scope = 'batch:' || request.batch)";
        Object only = onlyBatch.orElse(null);
        Optional<Pause> pause = pauseOf(tenant);
        boolean probing = pause.filter(Pause::probing).isPresent();
        if (pause.isPresent() && !(probing && which.contains("READY"))) {
            return List.of();
        }
        freeUnsure();
        if (reader.queryForList("select 1 from request where " + free + " limit 1", tenant, due, wall, now, only)
                .isEmpty()) {
            return List.of();
        }
        String claim = UUID.randomUUID().toString();
        return surely(claim, jdbc -> {
            if (probing
                    && jdbc.queryForList("select 1 from pause where scope = ? and probing = 1", tenant)
                            .isEmpty()) {
                return List.of();
            }
            List<Object> values =
                    new ArrayList<>(Arrays.asList(claim, now + LEASE.toMillis(), tenant, due, wall, now, only));
            kind.ifPresent(alike -> values.addAll(List.of(NEAR, alike.form.name(), alike.reason)));
            values.add(probing ? 1 : most);
            String ids = kind.isEmpty()
                    ? "select id from request where " + free + " order by due, id limit ?"
                    : "select id from (select id, form, reason from request where " + free
                            + " order by due, id limit ?) near where form = ? and coalesce(reason, '') = ? limit ?";
            List<Lease> leases = new ArrayList<>(jdbc.query(
                    "update request set leased_by = ?, leased_until = ? where id in (" + ids + ") and " + which
                            + " returning *",
                    (row, number) -> lease(row),
                    values.toArray()));
            leases.sort(Comparator.comparing(Lease::id));
            if (probing && !leases.isEmpty()) {
                jdbc.update("update pause set probing = 2 where scope = ?", tenant);
            }
            return leases;
        });
    }

    /** Leases with this claim; where nobody knows whether that was written, what it leased is free again later. */
    private List<Lease> surely(String claim, Function<JdbcTemplate, List<Lease>> leasing) {
        try {
            return writer.write(leasing);
        } catch (LedgerException unwritten) {
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
            endProbe(jdbc, lease);
            return jdbc.update(
                    "update request set leased_by = null, leased_until = null where id = ? and leased_by = ?"
                            + " and state <> 'SENDING'",
                    lease.id(),
                    lease.claim());
        });
    }

    /** The single call of a probe is not made after all: the pause goes on until its next probe. */
    private void endProbe(JdbcTemplate jdbc, Lease lease) {
        jdbc.update(
                "update pause set probing = 0 where scope = ? and probing = 2 and exists"
                        + " (select 1 from request where id = ? and state = 'READY' and leased_by = ?)",
                lease.tenant(),
                lease.id(),
                lease.claim());
    }

    /** Records what Graph says of the device, and what earlier requests for the same device mean for this one. */
    public void resolved(Lease lease, Device device, Duration duplicateWindow) {
        resolve(lease, device.id(), Optional.of(device), Optional.empty(), duplicateWindow);
    }

    /**
     * Ends a request because Graph shows the action as taken already, or because its plan sends nothing. Where an earlier
     * request decides for the device, it does so here too.
     */
    public void alreadyDeprovisioned(Lease lease, Device device, Finding seen, Duration duplicateWindow) {
        resolve(lease, device.id(), Optional.of(device), Optional.of(seen), duplicateWindow);
    }

    /** Takes the row's own id for the device's, where devices are not read before they are acted on. */
    public void takenAsGiven(Lease lease, Duration duplicateWindow) {
        resolve(
                lease,
                lease.address().managedDeviceId().orElseThrow(),
                Optional.empty(),
                Optional.empty(),
                duplicateWindow);
    }

    private void resolve(
            Lease lease, String deviceId, Optional<Device> device, Optional<Finding> seen, Duration window) {
        Instant now = clock.instant();
        writer.write(jdbc -> {
            int changed = jdbc.update(
                    """
                    update request set device_id = ?, device = ?, resolved = ?, leased_by = null, leased_until = null,
                        error = null, remedy = null
                    where id = ? and state = 'RECEIVED' and leased_by = ?
                    """,
                    deviceId,
                    device.map(LedgerJson::device).orElse(null),
                    now.toEpochMilli(),
                    lease.id(),
                    lease.claim());
            if (changed == 0) {
                return false;
            }
            Duplicates.Other self = jdbc.query(
                            "select " + OTHER + " from request where id = ?", Queue::other, lease.id())
                    .get(0);
            List<Duplicates.Other> sameDevice =
                    others(jdbc, "tenant = ? and device_id = ? and id <> ?", lease.tenant(), deviceId, lease.id());
            List<Duplicates.Other> sameKey = self.requestId().isEmpty()
                    ? List.of()
                    : others(
                            jdbc,
                            "tenant = ? and request_id = ? and id <> ?",
                            lease.tenant(),
                            self.requestId(),
                            lease.id());
            Decision decision = Duplicates.decide(self, sameDevice, sameKey, device, window, now);
            carryOut(
                    jdbc,
                    now.toEpochMilli(),
                    self,
                    seen.filter(finding -> decision instanceof Decision.Go
                                    || (decision instanceof Decision.TakesKey taking
                                            && taking.then() instanceof Decision.Go))
                            .<Decision>map(Decision.End::new)
                            .orElse(decision));
            return true;
        });
    }

    private static void carryOut(JdbcTemplate jdbc, long now, Duplicates.Other self, Decision decision) {
        long id = self.id();
        if (decision instanceof Decision.End end) {
            Completions.end(jdbc, now, id, State.RECEIVED, end.finding());
        } else if (decision instanceof Decision.Confirmed confirmed) {
            confirm(jdbc, now, self, confirmed);
        } else if (decision instanceof Decision.Wait wait) {
            Transitions.change(State.RECEIVED, State.WAITING)
                    .set("waits_for = ?", wait.leader().id())
                    .set("error = ?", "Waits for " + wait.leader().where() + ", which names the same device.")
                    .one(jdbc, id);
        } else if (decision instanceof Decision.TakesKey taking) {
            carryOut(jdbc, now, self, taking.then());
            taking.later()
                    .forEach(other ->
                            Completions.end(jdbc, now, other.id(), other.state(), Duplicates.keyTaken(other, self)));
        } else if (decision instanceof Decision.Contradiction contradiction) {
            Completions.end(jdbc, now, id, State.RECEIVED, contradiction(contradiction.other()));
            // those that wait end before their leader, so that its end wakes only those of other units
            contradiction.unsent().stream()
                    .sorted(Comparator.comparing(other -> other.state() != State.WAITING))
                    .forEach(other -> Completions.end(jdbc, now, other.id(), other.state(), contradiction(self)));
        }
    }

    /** What was unknown was done after all: its results are written anew, and its dead letter need not leave any more. */
    private static void confirm(JdbcTemplate jdbc, long now, Duplicates.Other self, Decision.Confirmed confirmed) {
        confirmed.unknown().forEach(other -> {
            jdbc.update("delete from outbox where request = ? and kind = 'DEAD_LETTER'", other.id());
            Completions.end(
                    jdbc,
                    now,
                    other.id(),
                    State.DEAD,
                    confirmed("It was unknown, and " + self.where() + " looked at the device again: "
                            + confirmed.words()));
        });
        Completions.end(
                jdbc,
                now,
                self.id(),
                State.RECEIVED,
                confirmed("An earlier request for the device was unknown ("
                        + confirmed.latest().where() + "): " + confirmed.words()));
    }

    private static Finding confirmed(String error) {
        return Finding.of(Outcome.CONFIRMED_BY_READ_BACK, error, "Nothing is to be done.");
    }

    private static Finding contradiction(Duplicates.Other other) {
        return Finding.of(
                Outcome.INVALID,
                "The device is named more than once, with different reasons (see " + other.where() + ").",
                "Keep the row with the right reason and drop it again.");
    }

    private static List<Duplicates.Other> others(JdbcTemplate jdbc, String which, Object... values) {
        return jdbc.query(
                "select " + OTHER + " from known_request where " + which + " order by id", Queue::other, values);
    }

    private static Duplicates.Other other(ResultSet row, int number) throws SQLException {
        return new Duplicates.Other(
                row.getLong("id"),
                row.getLong("unit"),
                row.getString("place"),
                State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::of),
                instant(row, "started").isPresent(),
                instant(row, "attempted"),
                LedgerJson.device(row.getString("device")),
                instant(row, "finished"),
                text(row, "reason"),
                text(row, "request_id"),
                text(row, "device_id"),
                row.getInt("force") == 1);
    }

    /** Records that the device, read again before its attempt, is still what it was. */
    public void readAgain(Lease lease, Device device) {
        writer.write(jdbc -> jdbc.update(
                "update request set device = ?, resolved = ? where id = ? and leased_by = ?",
                LedgerJson.device(device),
                clock.millis(),
                lease.id(),
                lease.claim()));
    }

    /** Ends a leased request before anything was sent for it. */
    public void endUnsent(Lease lease, Finding finding) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            endProbe(jdbc, lease);
            return Completions.end(jdbc, now, lease.id(), State.READY, finding)
                    || Completions.end(jdbc, now, lease.id(), State.RECEIVED, finding);
        });
    }

    /** The same, of a request whose device was read: what was seen of it is kept with it. */
    public void endSeen(Lease lease, Device device, Finding finding) {
        writer.insist(jdbc -> jdbc.update(
                "update request set device = ? where id = ? and leased_by = ?",
                LedgerJson.device(device),
                lease.id(),
                lease.claim()));
        endUnsent(lease, finding);
    }

    /** Puts a leased request back that could not be read or asked about, to be looked at later. */
    public void readLater(Lease lease, Duration delay, boolean charged, String why) {
        long due = steady.dueMillis() + delay.toMillis();
        long look = steady.millis() + delay.toMillis();
        writer.insist(jdbc -> {
            endProbe(jdbc, lease);
            return jdbc.update(
                    "update request set leased_by = null, leased_until = null,"
                            + " due = case when state = 'IN_DOUBT' then ? else ? end, approval_due = ?,"
                            + " looks = looks + ?, error = ? where id = ? and leased_by = ?",
                    look,
                    due,
                    due,
                    charged ? 1 : 0,
                    why,
                    lease.id(),
                    lease.claim());
        });
    }

    /**
     * Records that a call is about to be made: the request is SENDING and its attempt stands in the ledger.
     *
     * @return false when the request may no longer be sent: it was paused, cancelled or leased by somebody else
     */
    public boolean begin(Lease lease, String clientRequestId) {
        return !begin(Map.of(lease, clientRequestId)).isEmpty();
    }

    /**
     * Records in one transaction that the calls for these requests are about to be made.
     *
     * @param attempts the {@code client-request-id} of each attempt
     * @return the requests that may be sent: the others were paused, cancelled or leased by somebody else
     */
    public Set<Lease> begin(Map<Lease, String> attempts) {
        if (writer.isBehind()) {
            throw new LedgerException("How earlier calls ended is not written yet. Nothing is sent until it is.", null);
        }
        try {
            return writer.write(jdbc -> attempts.entrySet().stream()
                    .filter(attempt -> begin(jdbc, attempt.getKey(), attempt.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet()));
        } catch (LedgerException unsure) {
            // the commit may have taken effect all the same, and surely nothing is sent
            attempts.forEach((lease, id) -> writer.insist(jdbc -> withdraw(jdbc, lease, id)));
            throw unsure;
        }
    }

    private boolean begin(JdbcTemplate jdbc, Lease lease, String clientRequestId) {
        long now = clock.millis();
        // '+scope': by the index of so small a table SQLite would look the three up through a table of its own
        boolean begun = Transitions.change(State.READY, State.SENDING)
                .set("first_attempt = coalesce(first_attempt, ?), last_attempt = ?", now, now)
                .set("started = coalesce(started, ?), client_request_id = ?", now, clientRequestId)
                .leasedBy(lease.claim())
                .onlyWhere(
                        "not exists (select 1 from pause where +scope in (?, '*', 'batch:' || request.batch) and probing = 0)",
                        lease.tenant())
                .ifStill(jdbc, lease.id());
        if (!begun) {
            return false;
        }
        jdbc.update(
                "insert into attempt (request, tenant, client_request_id, begun) values (?, ?, ?, ?)",
                lease.id(),
                lease.tenant(),
                clientRequestId,
                now);
        return true;
    }

    private static boolean withdraw(JdbcTemplate jdbc, Lease lease, String clientRequestId) {
        jdbc.update(
                "delete from attempt where request = ? and client_request_id = ? and ended is null",
                lease.id(),
                clientRequestId);
        boolean withdrawn = Transitions.change(State.SENDING, State.READY)
                .onlyWhere("client_request_id = ?", clientRequestId)
                .ifStill(jdbc, lease.id());
        if (withdrawn) {
            jdbc.update("update pause set probing = 0 where scope = ? and probing = 2", lease.tenant());
        }
        return withdrawn;
    }

    /** Settles an attempt that ends its request. */
    public void settle(Lease lease, Finding finding, String graphRequestId) {
        long now = clock.millis();
        keep(lease, jdbc -> {
            Optional<Completions.Following> following = Completions.sent(jdbc, lease);
            String result = finding.outcome().word();
            if (following.isEmpty() || closeAttempt(jdbc, lease, finding.httpStatus(), graphRequestId, result) == 0) {
                return false;
            }
            if (finding.outcome().outcomeClass() == OutcomeClass.DONE) {
                if (following.get().mayEndMore()) {
                    Pauses.succeeded(jdbc, now, lease.tenant());
                }
            } else if (finding.outcome().outcomeClass() == OutcomeClass.UNKNOWN) {
                Pauses.probeFailed(jdbc, lease.tenant());
            } else {
                Pauses.end(jdbc, now, AuditEntries.PROGRAM, "scope = ? and probing > 0", lease.tenant());
            }
            Completions.endSent(jdbc, now, lease.id(), following.get(), finding, graphRequestId);
            return true;
        });
    }

    /** Settles an attempt of which nobody knows whether it was executed: its device is read back. */
    public void settleInDoubt(Lease lease, String why, int httpStatus, String graphRequestId) {
        keep(lease, jdbc -> {
            if (!endAttempt(jdbc, lease, httpStatus, graphRequestId, "in doubt")) {
                return false;
            }
            jdbc.update("update request set attempts = attempts + 1 where id = ?", lease.id());
            Pauses.probeFailed(jdbc, lease.tenant());
            doubts.begin(jdbc, lease.id(), why, httpStatus, false);
            return true;
        });
    }

    /** Settles an attempt that Graph took, and whose device is read back until it shows that the action is done. */
    public void settleAccepted(Lease lease, int httpStatus, String graphRequestId) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            if (!endAttempt(jdbc, lease, httpStatus, graphRequestId, "accepted")) {
                return false;
            }
            jdbc.update("update request set attempts = attempts + 1 where id = ?", lease.id());
            Pauses.succeeded(jdbc, now, lease.tenant());
            doubts.begin(jdbc, lease.id(), "Graph took the action (" + httpStatus + ").", httpStatus, true);
            return true;
        });
    }

    /**
     * Settles an attempt that surely was not executed: the request is ready again after a delay.
     *
     * @param charged whether it counts towards the attempts that a request gets
     * @param lookFirst whether the device has to be read again before the next attempt
     */
    public void settleForRetry(
            Lease lease,
            Duration delay,
            boolean charged,
            boolean lookFirst,
            String why,
            int httpStatus,
            String graphRequestId) {
        keep(lease, jdbc -> {
            if (!endAttempt(jdbc, lease, httpStatus, graphRequestId, charged ? "retry" : "not charged")) {
                return false;
            }
            Pauses.probeFailed(jdbc, lease.tenant());
            Transitions.Change ready = Transitions.change(State.SENDING, State.READY)
                    .inBatch(lease.batch())
                    .set("due = ?, error = ?", steady.dueMillis() + delay.toMillis(), why)
                    // a 404 that is not about the device is forgotten
                    .set("http_status = nullif(?, 0)", httpStatus == 404 && !lookFirst ? 0 : httpStatus);
            if (charged) {
                ready.set("attempts = attempts + 1, tried_millis = tried_millis + ?", delay.toMillis());
            }
            if (lookFirst) {
                ready.set("resolved = null");
            }
            ready.one(jdbc, lease.id());
            Cancellations.follow(jdbc, clock.millis(), lease.id(), State.READY);
            return true;
        });
    }

    /**
     * Settles an attempt that Intune answered by asking for approval: surely nothing was executed, and the request is parked.
     *
     * @param approval what is to be approved, and since when
     * @param delay when to ask how it stands
     */
    public void settleParked(
            Lease lease, ApprovalRequest approval, Duration delay, Finding why, String graphRequestId) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            if (!endAttempt(jdbc, lease, why.httpStatus(), graphRequestId, "awaiting approval")) {
                return false;
            }
            Pauses.end(jdbc, now, AuditEntries.PROGRAM, "scope = ? and probing > 0", lease.tenant());
            AwaitingApproval.park(jdbc, now, lease, approval, steady.dueMillis() + delay.toMillis(), why);
            Cancellations.follow(jdbc, now, lease.id(), State.AWAITING_APPROVAL);
            return true;
        });
    }

    /** Ends the attempt of this claim; false when it was settled before, even where a newer one is under way. */
    private boolean endAttempt(JdbcTemplate jdbc, Lease lease, int httpStatus, String graphRequestId, String result) {
        int sending = jdbc.update(
                "update request set graph_request_id = nullif(?, '')"
                        + " where id = ? and state = 'SENDING' and leased_by = ?",
                graphRequestId,
                lease.id(),
                lease.claim());
        return sending > 0 && closeAttempt(jdbc, lease, httpStatus, graphRequestId, result) > 0;
    }

    private int closeAttempt(JdbcTemplate jdbc, Lease lease, int httpStatus, String graphRequestId, String result) {
        return jdbc.update(
                "update attempt set ended = ?, http_status = nullif(?, 0), graph_request_id = nullif(?, ''),"
                        + " result = ? where request = ? and ended is null",
                clock.millis(),
                httpStatus,
                graphRequestId,
                result,
                lease.id());
    }

    /**
     * Until when calls of before keep their places in a tenant's quota window, by the ledger's attempts: one that was
     * answered for a window from then, one without an answer until none can come any more and a window.
     *
     * @param timeout after which no answer is waited for any more
     * @return an instant for each place that is taken now, the earliest first; empty where the clock was set since, and
     *     nothing is known
     */
    public Optional<List<Instant>> placesTaken(String tenant, Duration window, Duration timeout) {
        if (clockWasSet) {
            return Optional.empty();
        }
        long now = clock.millis();
        long unanswered = LEAVES_WITHIN.plus(timeout).toMillis();
        return Optional.of(reader
                .queryForList(
                        "select free from (select max(case when ended is null or result = 'cut off' then begun + ?"
                                + " else ended end) + ? as free from attempt"
                                + " where tenant = ? and begun > ? group by client_request_id) place where free > ? order by free",
                        Long.class,
                        unanswered,
                        window.toMillis(),
                        tenant,
                        now - window.toMillis() - unanswered,
                        now)
                .stream()
                .map(Instant::ofEpochMilli)
                .toList());
    }

    static Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                row.getLong("id"),
                text(row, "leased_by"),
                row.getString("tenant"),
                row.getString("batch"),
                row.getLong("line"),
                address(row),
                new Expected(
                        Optional.ofNullable(row.getString("serial_number")),
                        Optional.ofNullable(row.getString("device_name")),
                        Optional.ofNullable(row.getString("user_principal_name")),
                        Optional.ofNullable(row.getString("azure_ad_device_id"))),
                text(row, "reason"),
                row.getInt("force") == 1,
                row.getInt("attempts"),
                row.getInt("looks"),
                row.getInt("http_status"),
                instant(row, "first_attempt"),
                instant(row, "last_attempt"),
                Duration.ofMillis(row.getLong("tried_millis")),
                instant(row, "resolved"),
                LedgerJson.device(row.getString("device")),
                AwaitingApproval.read(row),
                Plans.read(Optional.ofNullable(row.getString("planned"))));
    }

    /** The address as the row gives it; once the device was found, that of the device. */
    private static Address address(ResultSet row) throws SQLException {
        Address given = new Address(
                Address.Form.valueOf(row.getString("form")),
                row.getString("path"),
                Optional.ofNullable(row.getString("managed_device_id")));
        String found = text(row, "device_id");
        return found.isEmpty() || row.getString("state").equals(State.RECEIVED.name()) ? given : given.of(found);
    }

    static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }

    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(value));
    }
}
