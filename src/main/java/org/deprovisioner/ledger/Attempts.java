package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.deprovisioner.store.StoreException;

/** The calls that are made for requests: each is recorded before it leaves, and settled by what is known of its end. */
public final class Attempts {

    /** A call leaves so soon after its attempt was recorded, or not at all. */
    public static final Duration LEAVES_WITHIN = Duration.ofSeconds(5);

    private final Jdbc reader;
    private final GroupCommit writer;
    private final InDoubt inDoubt;
    private final Recovery recovery;
    private final Clock clock;
    private final SteadyTime steady;

    Attempts(Jdbc reader, GroupCommit writer, InDoubt inDoubt, Recovery recovery, Clock clock, SteadyTime steady) {
        this.reader = reader;
        this.writer = writer;
        this.inDoubt = inDoubt;
        this.recovery = recovery;
        this.clock = clock;
        this.steady = steady;
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
        try {
            Set<Lease> begun = writer.write(jdbc -> attempts.entrySet().stream()
                    .filter(attempt -> begin(jdbc, attempt.getKey(), attempt.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet()));
            if (writer.activity().isActive()) {
                return begun;
            }
            withdraw(attempts); // recorded, and at once another may have become active
            return Set.of();
        } catch (StoreException unsure) {
            // the commit may have taken effect all the same, and surely nothing is sent
            withdraw(attempts);
            throw unsure;
        }
    }

    /**
     * Takes attempts back whose calls surely did not leave: their requests are ready again, and nothing is charged.
     *
     * @param attempts the {@code client-request-id} of each attempt
     */
    public void withdraw(Map<Lease, String> attempts) {
        attempts.forEach((lease, id) -> writer.insist(jdbc -> withdraw(jdbc, lease, id)));
    }

    private boolean begin(Jdbc jdbc, Lease lease, String clientRequestId) {
        if (!writer.activity().isActive()) {
            return false;
        }
        long now = clock.millis();
        boolean begun = Transitions.change(State.READY, State.SENDING)
                .set("first_attempt = coalesce(first_attempt, ?), last_attempt = ?", now, now)
                .set("started = coalesce(started, ?), client_request_id = ?", now, clientRequestId)
                .leasedBy(lease.claim())
                .onlyWhere(
                        "not exists (select 1 from pause where (scope = ? or scope = '*' or scope = 'batch:' || request.batch) and probing = 0)",
                        lease.tenant())
                .onlyWhere("not exists (select 1 from node where stop_file <> '' and adopted is null)")
                .ifStill(jdbc, lease.id());
        if (!begun) {
            return false;
        }
        jdbc.sql("insert into attempt (request, tenant, client_request_id, begun, claim)"
                        + " values (:id, :tenant, :name, :now, :claim)")
                .param("id", lease.id())
                .param("claim", lease.claim())
                .param("tenant", lease.tenant())
                .param("name", clientRequestId)
                .param("now", now)
                .update();
        return true;
    }

    private boolean withdraw(Jdbc jdbc, Lease lease, String clientRequestId) {
        jdbc.update(
                "delete from attempt where request = ? and client_request_id = ? and ended is null",
                lease.id(),
                clientRequestId);
        boolean withdrawn = Transitions.change(State.SENDING, State.READY)
                .onlyWhere("client_request_id = ?", clientRequestId)
                .ifStill(jdbc, lease.id());
        if (withdrawn) {
            jdbc.update("update pause set probing = 0 where scope = ? and probing = 2", lease.tenant());
            Cancellations.follow(jdbc, clock.millis(), lease.id(), State.READY);
        }
        return withdrawn;
    }

    /** Settles an attempt that ends its request. */
    public void settle(Lease lease, Finding finding, String graphRequestId) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            Optional<Completions.Following> following = Completions.sent(jdbc, lease)
                    .or(() -> cameLate(jdbc, lease) ? Completions.sent(jdbc, lease) : Optional.empty());
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
        writer.insist(jdbc -> {
            if (!endAttempt(jdbc, lease, httpStatus, graphRequestId, "in doubt")) {
                return false;
            }
            jdbc.update("update request set attempts = attempts + 1 where id = ?", lease.id());
            Pauses.probeFailed(jdbc, lease.tenant());
            inDoubt.begin(jdbc, lease.id(), why, httpStatus, false);
            return true;
        });
    }

    /** Settles an attempt that Graph took, and whose device is read back until it shows that the action is done. */
    public void settleAccepted(Lease lease, int httpStatus, String graphRequestId) {
        long now = clock.millis();
        writer.insist(jdbc -> {
            if (!endAttemptEvenLate(jdbc, lease, httpStatus, graphRequestId, "accepted")) {
                return false;
            }
            jdbc.update("update request set attempts = attempts + 1 where id = ?", lease.id());
            Pauses.succeeded(jdbc, now, lease.tenant());
            inDoubt.begin(jdbc, lease.id(), "Graph took the action (" + httpStatus + ").", httpStatus, true);
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
        writer.insist(jdbc -> {
            if (!endAttemptEvenLate(jdbc, lease, httpStatus, graphRequestId, charged ? "retry" : "not charged")) {
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
            if (!endAttemptEvenLate(jdbc, lease, why.httpStatus(), graphRequestId, "awaiting approval")) {
                return false;
            }
            Pauses.end(jdbc, now, AuditEntries.PROGRAM, "scope = ? and probing > 0", lease.tenant());
            AwaitingApproval.park(jdbc, now, lease, approval, steady.dueMillis() + delay.toMillis(), why);
            Cancellations.follow(jdbc, now, lease.id(), State.AWAITING_APPROVAL);
            return true;
        });
    }

    /**
     * Another service took over while the call of this claim was under way, and could only take it for cut off. Where nothing
     * came of that since, the answer counts as if it had come in time.
     */
    private static boolean cameLate(Jdbc jdbc, Lease lease) {
        boolean late = Transitions.change(State.IN_DOUBT, State.SENDING)
                .set("leased_by = ?, leased_until = null", lease.claim())
                .set("doubt = null, doubt_since = null, error = null, remedy = null")
                .onlyWhere(
                        "exists (select 1 from attempt a where a.request = request.id and a.claim = ? and a.result = 'cut off'"
                                + " and a.id = (select max(b.id) from attempt b where b.request = request.id))",
                        lease.claim())
                .ifStill(jdbc, lease.id());
        if (late) {
            jdbc.update(
                    "update attempt set ended = null, result = null where request = ? and claim = ? and result = 'cut off'",
                    lease.id(),
                    lease.claim());
        }
        return late;
    }

    private boolean endAttemptEvenLate(Jdbc jdbc, Lease lease, int httpStatus, String graphRequestId, String result) {
        return endAttempt(jdbc, lease, httpStatus, graphRequestId, result)
                || (cameLate(jdbc, lease) && endAttempt(jdbc, lease, httpStatus, graphRequestId, result));
    }

    /** Ends the attempt of this claim; false when it was settled before, even where a newer one is under way. */
    private boolean endAttempt(Jdbc jdbc, Lease lease, int httpStatus, String graphRequestId, String result) {
        int sending = jdbc.sql("update request set graph_request_id = nullif(:graphRequestId, '')"
                        + " where id = :id and state = 'SENDING' and leased_by = :claim")
                .param("graphRequestId", graphRequestId)
                .param("id", lease.id())
                .param("claim", lease.claim())
                .update();
        return sending > 0 && closeAttempt(jdbc, lease, httpStatus, graphRequestId, result) > 0;
    }

    private int closeAttempt(Jdbc jdbc, Lease lease, int httpStatus, String graphRequestId, String result) {
        return jdbc.sql("""
                        update attempt set ended = :now, http_status = nullif(:httpStatus, 0),
                          graph_request_id = nullif(:graphRequestId, ''), result = :result
                        where request = :id and ended is null
                        """)
                .param("now", clock.millis())
                .param("httpStatus", httpStatus)
                .param("graphRequestId", graphRequestId)
                .param("result", result)
                .param("id", lease.id())
                .update();
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
        if (recovery.clockWasSet()) {
            return Optional.empty();
        }
        long now = clock.millis();
        long unanswered = LEAVES_WITHIN.plus(timeout).toMillis();
        return Optional.of(reader
                .sql("""
                        select free from
                          (select max(case when ended is null or result = 'cut off' then begun + :unanswered else ended end)
                            + :window as free
                          from attempt where tenant = :tenant and begun > :begun group by client_request_id) place
                        where free > :now order by free
                        """)
                .param("unanswered", unanswered)
                .param("window", window.toMillis())
                .param("tenant", tenant)
                .param("begun", now - window.toMillis() - unanswered)
                .param("now", now)
                .query(Long.class)
                .list()
                .stream()
                .map(Instant::ofEpochMilli)
                .toList());
    }
}
