package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.deprovisioner.request.Layout;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;
import org.jspecify.annotations.Nullable;

/** The requests that wait for Intune's Multi Admin Approval: parked, polled, sent again once approved. */
public final class AwaitingApproval {

    private static final Duration LEASE = Duration.ofMinutes(10);

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private final SteadyTime steady;
    private final Claims claims;

    AwaitingApproval(Jdbc reader, GroupCommit writer, Clock clock, SteadyTime steady, Claims claims) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.steady = steady;
        this.claims = claims;
    }

    /** What a batch has parked, for people. */
    public record Parked(String batch, long rows, Instant oldest, String error, String remedy) {}

    /** The cell of a request's row in the column of this name; empty when it has none. */
    public String cell(Lease lease, String column) {
        return reader
                .query(
                        "select b.columns, r.cells from request r join batch b on b.name = r.batch where r.id = ?",
                        (row, number) -> Layout.cell(
                                LedgerJson.list(row.getString(1)), LedgerJson.list(row.getString(2)), column),
                        lease.id())
                .stream()
                .findFirst()
                .orElse("");
    }

    /** Leases the requests whose approval is to be polled now: parked ones, and those whose call with the code is in doubt. */
    public List<Lease> leaseToPoll(String tenant, int most) {
        return lease(
                tenant,
                most,
                "state in ('AWAITING_APPROVAL', 'IN_DOUBT') and accepted = 0 and approval_code is not null");
    }

    /** Leases the parked requests that may now ask for approval again, for another one was open. */
    public List<Lease> leaseToAskAgain(String tenant, int most) {
        return lease(tenant, most, "state = 'AWAITING_APPROVAL' and approval_code is null");
    }

    private List<Lease> lease(String tenant, int most, String which) {
        String due = which + """
                 and tenant = :tenant and approval_since is not null and approval_due <= :due
                  and (leased_until is null or leased_until <= :now) and batch = coalesce(:batch, batch)
                  and not exists (select 1 from pause where scope in (request.tenant, '*', 'batch:' || request.batch))
                """;
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("tenant", tenant);
        values.put("due", steady.dueMillis());
        values.put("now", steady.millis());
        values.put("batch", claims.onlyBatch().orElse(null));
        if (reader.sql("select 1 from request where " + due + " limit 1")
                .params(values)
                .query()
                .listOfRows()
                .isEmpty()) {
            return List.of();
        }
        values.put("claim", UUID.randomUUID().toString());
        values.put("until", steady.millis() + LEASE.toMillis());
        values.put("most", most);
        return writer.write(jdbc -> jdbc.sql("update request set leased_by = :claim, leased_until = :until where id in"
                        + " (select id from request where " + due
                        + " order by approval_due, id limit :most) returning *")
                .params(values)
                .query((row, number) -> RequestRows.lease(row))
                .list());
    }

    /**
     * The approval is still open: it is polled again later.
     *
     * @return whether the words of why it waits are news
     */
    public boolean waits(Lease lease, Duration delay, String why, String remedy) {
        return writer.insist(jdbc -> {
            int news = jdbc.sql("update request set error = :why, remedy = :remedy where id = :id"
                            + " and state = 'AWAITING_APPROVAL' and leased_by = :claim and coalesce(error, '') <> :why")
                    .param("why", why)
                    .param("remedy", remedy)
                    .param("id", lease.id())
                    .param("claim", lease.claim())
                    .update();
            if (news > 0) {
                Completions.markChanged(jdbc, lease.id());
            }
            jdbc.update(
                    "update request set approval_polls = approval_polls + 1, approval_due = ?, leased_by = null,"
                            + " leased_until = null where id = ? and leased_by = ?",
                    steady.dueMillis() + delay.toMillis(),
                    lease.id(),
                    lease.claim());
            return news > 0;
        });
    }

    /**
     * A parked request may be sent: with its code, now that it is approved; without one, to ask for approval again.
     *
     * @return false when it is not parked any more
     */
    public boolean ready(Lease lease) {
        long now = clock.millis();
        return writer.insist(jdbc -> {
            boolean ready = Transitions.change(State.AWAITING_APPROVAL, State.READY)
                    .set("due = ?, error = null, remedy = null", now)
                    .leasedBy(lease.claim())
                    .ifStill(jdbc, lease.id());
            if (ready && lease.approval().flatMap(ApprovalRequest::code).isPresent()) {
                AuditEntries.tellOf(
                        jdbc,
                        now,
                        AuditEntries.What.APPROVED_IN_INTUNE,
                        AuditEntries.PROGRAM,
                        remark(lease.approval().flatMap(ApprovalRequest::code)),
                        "id = ?",
                        lease.id());
            }
            return ready;
        });
    }

    static void park(Jdbc jdbc, long now, Lease lease, ApprovalRequest approval, long due, Finding why) {
        boolean asked = lease.approval()
                .filter(before ->
                        before.code().equals(approval.code()) && before.since().equals(approval.since()))
                .isEmpty();
        Transitions.change(State.SENDING, State.AWAITING_APPROVAL)
                .inBatch(lease.batch())
                .set("attempts = attempts + ?", lease.approval().isEmpty() ? 1 : 0)
                .set("http_status = nullif(?, 0), graph_code = nullif(?, '')", why.httpStatus(), why.graphCode())
                .set("error = ?, remedy = ?", why.error(), why.remedy())
                .set("approval_code = nullif(?, '')", approval.code().orElse(""))
                .set("approval_since = ?", approval.since().toEpochMilli())
                .set("approval_polls = ?, approval_due = ?", approval.polls(), due)
                .one(jdbc, lease.id());
        if (asked) {
            AuditEntries.tellOf(
                    jdbc,
                    now,
                    AuditEntries.What.AWAITING_APPROVAL,
                    AuditEntries.PROGRAM,
                    remark(approval.code()),
                    "id = ?",
                    lease.id());
        }
    }

    /** How an entry of the audit log names an approval request. */
    static String remark(Optional<String> code) {
        return code.map(named -> "approval request " + named).orElse("another approval request for the device is open");
    }

    /** Ends a parked request; false when it is not parked any more. */
    public boolean end(Lease lease, Finding finding) {
        long now = clock.millis();
        return writer.insist(jdbc -> Completions.end(jdbc, now, lease.id(), State.AWAITING_APPROVAL, finding));
    }

    /** The approved action was executed: ends a request that is parked, or whose call with the code is in doubt. */
    public boolean confirm(Lease lease, Finding finding) {
        long now = clock.millis();
        return writer.insist(jdbc -> Completions.end(jdbc, now, lease.id(), State.IN_DOUBT, finding)
                || Completions.end(jdbc, now, lease.id(), State.AWAITING_APPROVAL, finding));
    }

    /** What is parked of each batch. */
    public List<Parked> parked() {
        // not 'group by batch': in the order of the batches' own index SQLite would read all requests
        return reader.query("""
                select p.batch, p.many, p.oldest, r.error, r.remedy from
                  (select min(batch) batch, count(*) many, min(approval_since) oldest, min(id) example from request
                    where approval_since is not null and state = 'AWAITING_APPROVAL' group by batch || '') p
                join request r on r.id = p.example order by p.batch
                """, (row, number) -> parked(row));
    }

    private static Parked parked(ResultSet row) throws SQLException {
        return new Parked(
                row.getString("batch"),
                row.getLong("many"),
                Instant.ofEpochMilli(row.getLong("oldest")),
                text(row, "error"),
                text(row, "remedy"));
    }
}
