package org.deprovisioner.ledger;

import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deprovisioner.request.Request;
import org.deprovisioner.request.Row;
import org.deprovisioner.store.Jdbc;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Rows of a file or message on their way into the ledger: each becomes a request, received, or a dead letter at once where
 * it cannot be read.
 */
final class NewRequests {

    private static final String INSERT = """
            insert into request (tenant, unit, batch, line, cells, raw, form, path, managed_device_id, serial_number,
              device_name, user_principal_name, azure_ad_device_id, reason, request_id, force, not_before, state, outcome,
              error, remedy, finished, serial_key, name_key)
            values (:tenant, :unit, :batch, :line, :cells, :raw, :form, :path, :managedDeviceId, :serialNumber,
              :deviceName, :userPrincipalName, :azureADDeviceId, :reason, :requestId, :force, :notBefore, :state, :outcome,
              :error, :remedy, :finished, :serialKey, :nameKey)
            """;

    /** What only some rows have; of a known type, for the driver is asked for it otherwise, at each row. */
    private static final List<String> OPTIONAL_TEXTS = List.of(
            "raw",
            "form",
            "path",
            "managedDeviceId",
            "serialNumber",
            "deviceName",
            "serialKey",
            "nameKey",
            "userPrincipalName",
            "azureADDeviceId",
            "reason",
            "requestId",
            "outcome",
            "error",
            "remedy");

    private final String batch;
    private final List<MapSqlParameterSource> rows;
    private final long now;

    private NewRequests(String batch, List<MapSqlParameterSource> rows, long now) {
        this.batch = batch;
        this.rows = rows;
        this.now = now;
    }

    static NewRequests of(String batch, List<Row> rows, long now) {
        return new NewRequests(
                batch,
                rows.stream()
                        .map(row -> row instanceof Row.Accepted accepted
                                ? received(accepted)
                                : dead((Row.Invalid) row).addValue("finished", now))
                        .map(row -> row.addValue("batch", batch))
                        .toList(),
                now);
    }

    /** Records them in their order, and lets the dead letters and replies of those leave that cannot be read. */
    void insert(Jdbc jdbc, long intake, boolean dryRun) {
        long before = jdbc.sql("select coalesce(max(id), 0) from request")
                .query(Long.class)
                .single();
        Map<String, Long> units = new HashMap<>();
        for (MapSqlParameterSource row : rows) {
            String tenant = String.valueOf(row.getValue("tenant"));
            row.addValue("unit", units.computeIfAbsent(tenant, name -> unit(jdbc, intake, name)));
        }
        new NamedParameterJdbcTemplate(jdbc).batchUpdate(INSERT, rows.toArray(MapSqlParameterSource[]::new));
        jdbc.update("update batch set facts = facts + 1 where name = ?", batch);
        Plans.bind(jdbc, intake, batch, before + 1);
        if (dryRun) {
            jdbc.update("update intake set dry_run = 1 where id = ?", intake);
        }
        DryRuns.mark(jdbc, intake);
        tellOfDead(jdbc, intake, before);
    }

    private void tellOfDead(Jdbc jdbc, long intake, long before) {
        String dead = "batch = ? and id > ? and state = 'DEAD'";
        jdbc.update(
                "insert into outbox (kind, request) select 'DEAD_LETTER', id from request where " + dead,
                batch,
                before);
        AuditEntries.tellOf(jdbc, now, AuditEntries.What.ENDED, AuditEntries.PROGRAM, "", dead, batch, before);
        tellPeopleOfDead(jdbc);
        jdbc.update(
                "insert into outbox (kind, request) select 'REPLY', id from request where " + dead
                        + " and exists (select 1 from intake where id = ? and reply_to is not null)",
                batch,
                before,
                intake);
    }

    private void tellPeopleOfDead(Jdbc jdbc) {
        List<MapSqlParameterSource> unusable = rows.stream()
                .filter(row -> State.DEAD.name().equals(row.getValue("state")))
                .toList();
        if (!unusable.isEmpty()) {
            MapSqlParameterSource last = unusable.get(unusable.size() - 1);
            Notifications.tell(
                    jdbc,
                    now,
                    Notice.Kind.DEAD_LETTERS,
                    batch,
                    unusable.size(),
                    String.valueOf(last.getValue("error")),
                    String.valueOf(last.getValue("remedy")));
        }
    }

    private long unit(Jdbc jdbc, long intake, String tenant) {
        jdbc.update(
                "insert into unit (intake, batch, tenant) values (?, ?, ?) on conflict do nothing",
                intake,
                batch,
                tenant);
        return jdbc.sql("select id from unit where intake = :intake and tenant = :tenant")
                .param("intake", intake)
                .param("tenant", tenant)
                .query(Long.class)
                .single();
    }

    private static MapSqlParameterSource received(Row.Accepted row) {
        Request request = row.request();
        return begun(row, request.tenant(), State.RECEIVED)
                .addValue("form", request.address().form().name())
                .addValue("path", request.address().path())
                .addValue("managedDeviceId", request.address().managedDeviceId().orElse(null))
                .addValue("serialNumber", request.expected().serialNumber().orElse(null))
                .addValue("deviceName", request.expected().deviceName().orElse(null))
                .addValue(
                        "serialKey",
                        request.expected().serialNumber().map(RequestRows::key).orElse(null))
                .addValue(
                        "nameKey",
                        request.expected().deviceName().map(RequestRows::key).orElse(null))
                .addValue(
                        "userPrincipalName",
                        request.expected().userPrincipalName().orElse(null))
                .addValue(
                        "azureADDeviceId", request.expected().azureADDeviceId().orElse(null))
                .addValue("reason", request.reason())
                .addValue("requestId", request.requestId().orElse(null))
                .addValue("force", request.force() ? 1 : 0)
                .addValue(
                        "notBefore",
                        request.notBefore().map(Instant::toEpochMilli).orElse(0L));
    }

    private static MapSqlParameterSource dead(Row.Invalid row) {
        return begun(row, row.tenant(), State.DEAD)
                .addValue("raw", row.raw())
                .addValue("requestId", row.requestId().isEmpty() ? null : row.requestId())
                .addValue("outcome", Outcome.INVALID.word())
                .addValue("error", row.error())
                .addValue("remedy", row.remedy());
    }

    private static MapSqlParameterSource begun(Row row, String tenant, State state) {
        MapSqlParameterSource values = new MapSqlParameterSource();
        OPTIONAL_TEXTS.forEach(name -> values.addValue(name, null, Types.VARCHAR));
        return values.addValue("finished", null, Types.BIGINT)
                .addValue("tenant", tenant)
                .addValue("line", row.line())
                .addValue("cells", LedgerJson.list(row.cells()))
                .addValue("state", state.name())
                .addValue("force", 0)
                .addValue("notBefore", 0L);
    }
}
