package org.deprovisioner.console;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Rows in a ledger, as they would stand there after whatever led to them. */
final class Seed implements AutoCloseable {

    private static final long SINCE = System.currentTimeMillis() - 3_600_000;

    private final Connection connection;

    private Seed(Connection connection) {
        this.connection = connection;
    }

    static Seed in(ConsoleStage stage) throws SQLException {
        return new Seed(
                DriverManager.getConnection("jdbc:sqlite:" + stage.data().resolve("ledger.db")));
    }

    /** A batch of one file, without rows. */
    Seed batch(String name, String owner) throws SQLException {
        run(
                "insert into intake (kind, name, owner, received, state, batch) values ('FILE', ?, ?, ?, 'TAKEN', ?)",
                name + ".csv",
                owner,
                SINCE,
                name);
        run(
                "insert into batch (name, name_key, kind, created, columns, delimiter, changed, facts)"
                        + " values (?, lower(?), 'FILE', ?, '[\"managedDeviceId\",\"deprovisionReason\"]', ',', 1, 1)",
                name,
                name,
                SINCE);
        return run("insert into unit (intake, batch, tenant) select max(id), ?, 'default' from intake", name);
    }

    /** Rows of it that stand alike. */
    Seed rows(String batch, int count, String state, String outcome, String error, String remedy) throws SQLException {
        return run("""
                with recursive before (rows) as (select count(*) from request where batch = ?),
                  n (i, left) as (select rows + 1, ? from before union all select i + 1, left - 1 from n where left > 1)
                insert into request (unit, batch, tenant, line, cells, form, path, managed_device_id, reason, state, outcome, error,
                  remedy, device_id, device, serial_key, name_key, resolved, due)
                select u.id, u.batch, 'default', n.i + 1, '["x","Device returned"]', 'MANAGED_DEVICE', '/x', 'id-' || u.id || '-' || n.i,
                  'Device returned', ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), ? || '-' || n.i,
                  json_object('id', ? || '-' || n.i, 'name', ? || ' ' || n.i, 'serial', 'SN' || u.id || 'X' || n.i, 'os', 'ChromeOS',
                    'user', 'ada@contoso.com', 'entraId', '', 'enrolled', '', 'actions', json_array(), 'particulars',
                    json_object('model', 'Chromebook', 'ownerType', 'company', 'state', '', 'lastSync', '')),
                  'sn' || u.id || 'x' || n.i, lower(? || ' ' || n.i), 1, ?
                from n, unit u where u.batch = ?
                """, batch, count, state, outcome, error, remedy, batch, batch, batch, batch, SINCE, batch);
    }

    /** One row whose every text is this. */
    Seed hostile(String batch, String text, String state, String outcome) throws SQLException {
        rows(batch, 1, state, outcome, text, text);
        return run(
                "update request set reason = ?, doubt = ?, device = json_set(device, '$.name', ?, '$.serial', ?, '$.user', ?,"
                        + " '$.particulars.model', ?), raw = ?, graph_code = ? where id = (select max(id) from request)",
                text,
                text,
                text,
                text,
                text,
                text,
                text,
                text);
    }

    Seed run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
        return this;
    }

    /** How SQLite would carry a query out. */
    List<String> plan(String sql) throws SQLException {
        List<String> steps = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("explain query plan " + sql)) {
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
        }
        return steps;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
