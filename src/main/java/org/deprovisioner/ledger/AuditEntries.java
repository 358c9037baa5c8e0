package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.request.Device;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/**
 * What the audit log still has to be told. An entry is written in the transaction of what it tells of, and stays until
 * the log has it on disk.
 */
public final class AuditEntries {

    /** Who did what nobody asked for by a command. */
    static final String PROGRAM = "Deprovisioner";

    /** So many entries are worth a write of their own; fewer wait for company, for at most {@link #COMPANY}. */
    private static final int MANY = 500;

    private static final Duration COMPANY = Duration.ofSeconds(1);

    private static final String LOST =
            "The ledger is behind its audit log: it knows the audit entries up to number %d, and the log has them up to"
                    + " number %d. What was recorded in between is lost: an old backup was put back, or ledger.db-wal was"
                    + " taken away.";

    private static final String SEE =
            "Nothing is sent. Put the right ledger back if there is one; else see what was done with 'deprovision audit',"
                    + " cancel what must not be sent, hand over again what is missing, then 'deprovision resume'. Each"
                    + " device is looked at again before it is sent.";

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    AuditEntries(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** What an entry tells of. */
    enum What {
        TAKEN_IN,
        REJECTED,
        HELD,
        APPROVED,
        NOT_APPROVED,
        IN_DOUBT,
        READ_BACK,
        AWAITING_APPROVAL,
        APPROVED_IN_INTUNE,
        ENDED,
        PAUSED,
        RESUMED,
        REPLAYED,
        RENAMED,
        NOT_NOTIFIED,
        SIGNED_IN,
        SIGN_INS_FAILED,
        SETTINGS_ACCEPTED,
        ADOPTED,
        IMPORTED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * An entry of the log.
     *
     * @param id its number in the ledger; with its instant it is known again
     * @param fields what it tells, by name, in the order in which a reader wants it
     */
    public record Entry(long id, Instant at, Map<String, Object> fields) {}

    /** Tells of something that is about no single request. */
    static void tell(Jdbc jdbc, long now, What what, String by, String batch, String scope, String remark) {
        jdbc.sql("""
                        insert into audit_entry (at, what, told_by, batch, scope, remark)
                        values (:now, :what, :by, nullif(:batch, ''), nullif(:scope, ''), nullif(:remark, ''))
                        """)
                .param("now", now)
                .param("what", what.word())
                .param("by", by)
                .param("batch", batch)
                .param("scope", scope)
                .param("remark", remark)
                .update();
    }

    /** Tells of requests as they are now, an entry each. */
    static void tellOf(Jdbc jdbc, long now, What what, String by, String remark, String which, Object... values) {
        List<Object> all = new ArrayList<Object>(List.of(now, what.word(), by, remark));
        all.addAll(List.of(values));
        jdbc.update("""
                insert into audit_entry (at, what, told_by, remark, request, batch, outcome, error, http_status, attempts,
                    graph_request_id, client_request_id)
                select ?, ?, ?, nullif(?, ''), id, batch, outcome, error, http_status, attempts, graph_request_id,
                    client_request_id from request where\s""" + which, all.toArray());
    }

    /** Tells of the end of one request: by its values, for which SQLite needs no journal of the statement's own. */
    static void tellOfEnd(
            Jdbc jdbc,
            long now,
            long id,
            String batch,
            Finding finding,
            int attempts,
            String graphRequestId,
            String clientRequestId) {
        jdbc.sql("""
                        insert into audit_entry (at, what, told_by, request, batch, outcome, error, http_status, attempts,
                          graph_request_id, client_request_id)
                        values (:now, :what, :by, :id, :batch, :outcome, nullif(:error, ''), nullif(:httpStatus, 0), :attempts,
                          nullif(:graphRequestId, ''), nullif(:clientRequestId, ''))
                        """)
                .param("now", now)
                .param("what", What.ENDED.word())
                .param("by", PROGRAM)
                .param("id", id)
                .param("batch", batch)
                .param("outcome", finding.outcome().word())
                .param("error", finding.error())
                .param("httpStatus", finding.httpStatus())
                .param("attempts", attempts)
                .param("graphRequestId", graphRequestId)
                .param("clientRequestId", clientRequestId)
                .update();
    }

    /** Tells of somebody who signed in to the console. */
    public void tellOfSignIn(String by, String remark) {
        tellAlone(What.SIGNED_IN, by, remark);
    }

    /** Tells of attempts to sign in to the console that failed, in a sentence. */
    public void tellOfFailedSignIns(String sentence) {
        tellAlone(What.SIGN_INS_FAILED, PROGRAM, sentence);
    }

    private void tellAlone(What what, String by, String remark) {
        writer.write(jdbc -> {
            tell(jdbc, clock.millis(), what, by, "", "", remark);
            return true;
        });
    }

    /** How many entries wait, once it is worth writing them: there are many, or the oldest has waited for a while. */
    public Optional<Long> due() {
        return reader.query(
                        "select count(*), min(at) from (select at from audit_entry where written = 0 order by id limit ?) oldest",
                        (row, number) -> row.getLong(1) == MANY || (row.getLong(1) > 0 && hasWaited(row.getLong(2)))
                                ? Optional.of(row.getLong(1))
                                : Optional.<Long>empty(),
                        MANY)
                .get(0);
    }

    /** Whether an entry is old enough, or from a future that the clock was set back from. */
    private boolean hasWaited(long since) {
        long now = clock.millis();
        return since <= now - COMPANY.toMillis() || since > now;
    }

    /** The oldest entries that the log does not have yet. */
    public List<Entry> waiting(int most) {
        // many entries are of one batch
        Map<String, List<String>> columns = new HashMap<>();
        return reader.query("""
                select a.*, r.line, r.tenant, r.cells, r.reason, r.request_id, r.device, r.managed_device_id,
                  r.serial_number, r.device_name, r.user_principal_name, b.columns, i.owner
                from audit_entry a left join request r on r.id = a.request left join batch b on b.name = r.batch
                left join unit u on u.id = r.unit left join intake i on i.id = u.intake where a.written = 0 order by a.id limit ?
                """, (row, number) -> entry(row, columns), most);
    }

    /** Whether this process tells the log: of those that share a ledger, the active one does. */
    public boolean areToldHere() {
        return writer.activity().isActive();
    }

    /** The log has these entries on disk. */
    public void written(List<Entry> entries) {
        String told = writer.activity().isShared()
                ? "update audit_entry set written = 1 where id = ?"
                : "delete from audit_entry where id = ?";
        writer.write(jdbc -> jdbc.batchUpdate(
                told, entries.stream().map(entry -> new Object[] {entry.id()}).toList()));
    }

    /** The newest number that this ledger ever gave to an entry; 0 when it gave none. */
    public long newestGiven() {
        return newestGiven(reader);
    }

    private static long newestGiven(Jdbc jdbc) {
        return jdbc.newestNumber("audit_entry");
    }

    /** Goes on after the entries of a log that another ledger wrote before: no number comes again. */
    public void goOnAfter(long newestInLog) {
        writer.write(jdbc -> goOnAfter(jdbc, newestInLog));
    }

    private static boolean goOnAfter(Jdbc jdbc, long newestInLog) {
        jdbc.numberAfter("audit_entry", newestInLog);
        return true;
    }

    /**
     * Holds this ledger against its log. One that never gave a number which the log has lost what was recorded then: an
     * old backup was put back, or its files were taken apart. What it takes for unsent may have been sent, so all sending
     * is paused until {@code resume}.
     *
     * @param newestInLog the number of the newest entry in the log
     * @return whether the ledger was behind its log
     */
    public boolean pauseIfBehind(long newestInLog) {
        return newestGiven() < newestInLog
                && writer.write(jdbc -> {
                    long given = newestGiven(jdbc);
                    if (given >= newestInLog) {
                        return false;
                    }
                    goOnAfter(jdbc, newestInLog);
                    String message = LOST.formatted(given, newestInLog);
                    Pauses.set(
                            jdbc,
                            clock.millis(),
                            Pause.ALL,
                            Pause.EndsBy.RESUME,
                            "lost-commits",
                            message,
                            SEE,
                            PROGRAM);
                    tell(jdbc, clock.millis(), What.PAUSED, PROGRAM, "", Pause.ALL, message);
                    return true;
                });
    }

    private static Entry entry(ResultSet row, Map<String, List<String>> columns) throws SQLException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("what", row.getString("what"));
        fields.put("by", row.getString("told_by"));
        fields.put("remark", text(row, "remark"));
        fields.put("scope", text(row, "scope"));
        fields.put("batch", text(row, "batch"));
        if (row.getLong("request") > 0) {
            tellRequest(row, columns.computeIfAbsent(text(row, "columns"), LedgerJson::list), fields);
        }
        fields.values().removeIf(value -> value.equals("") || value.equals(0));
        return new Entry(row.getLong("id"), Instant.ofEpochMilli(row.getLong("at")), fields);
    }

    /** The device is told as Graph described it; as its row names it, where it was never looked at. */
    private static void tellRequest(ResultSet row, List<String> columns, Map<String, Object> fields)
            throws SQLException {
        Device device = LedgerJson.device(row.getString("device"))
                .orElse(new Device(
                        text(row, "managed_device_id"),
                        text(row, "device_name"),
                        text(row, "serial_number"),
                        "",
                        text(row, "user_principal_name"),
                        "",
                        Optional.empty(),
                        List.of()));
        fields.put("line", row.getInt("line"));
        fields.put("tenant", text(row, "tenant"));
        fields.put("managedDeviceId", device.id());
        fields.put("serialNumber", device.serialNumber());
        fields.put("deviceName", device.deviceName());
        fields.put("userPrincipalName", device.userPrincipalName());
        fields.put("deprovisionReason", text(row, "reason"));
        fields.put("requestId", text(row, "request_id"));
        fields.put("submittedBy", text(row, "owner"));
        fields.put("outcome", text(row, "outcome"));
        fields.put("error", text(row, "error"));
        fields.put("httpStatus", row.getInt("http_status"));
        fields.put("attempts", row.getInt("attempts"));
        fields.put("graphRequestId", text(row, "graph_request_id"));
        fields.put("clientRequestId", text(row, "client_request_id"));
        fields.put("row", cells(columns, LedgerJson.list(row.getString("cells"))));
    }

    private static Map<String, String> cells(List<String> columns, List<String> cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(columns.size(), cells.size()); i++) {
            if (!cells.get(i).isEmpty()) {
                row.put(columns.get(i), cells.get(i));
            }
        }
        return row;
    }
}
