package org.deprovisioner.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is looked at and made in ledger files directly, by JDBC. */
final class Ledgers {

    private static final int CHUNK = 10_000;

    private Ledgers() {}

    private static Connection open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode=wal");
            statement.execute("pragma synchronous=full");
        }
        return connection;
    }

    /** How many rows were taken in so far, and whether that is all; -1 while there is no ledger to look at. */
    static long takenIn(Path ledger) {
        return number(ledger, "select coalesce(max(id), 0) from request");
    }

    static boolean isTakenIn(Path ledger) {
        return number(ledger, "select count(*) from intake where state = 'TAKEN'") > 0;
    }

    private static long number(Path ledger, String query) {
        if (!ledger.toFile().exists()) {
            return -1;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : -1;
        } catch (SQLException notYet) {
            return -1;
        }
    }

    /**
     * Writes the rows of a ledger into an empty one of the same tables and indexes, in batches by JDBC and nothing else.
     *
     * @return rows a second
     */
    static double insertAgain(Path ledger, Path copy) throws SQLException {
        try (Connection from = open(ledger);
                Connection to = open(copy)) {
            List<String> schema = texts(
                    from,
                    "select sql from sqlite_master where tbl_name = 'request' and sql is not null order by type desc");
            try (Statement statement = to.createStatement()) {
                for (String sql : schema) {
                    statement.execute(sql);
                }
            }
            List<String> columns = texts(from, "select name from pragma_table_info('request')");
            List<List<Object>> rows = new ArrayList<>();
            try (Statement statement = from.createStatement();
                    ResultSet row = statement.executeQuery("select " + String.join(", ", columns) + " from request")) {
                while (row.next()) {
                    List<Object> values = new ArrayList<>();
                    for (int i = 1; i <= columns.size(); i++) {
                        values.add(row.getObject(i));
                    }
                    rows.add(values);
                }
            }
            return insert(to, columns, rows);
        }
    }

    private static double insert(Connection to, List<String> columns, List<List<Object>> rows) throws SQLException {
        to.setAutoCommit(false);
        long started = System.nanoTime();
        String marks = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement insert = to.prepareStatement(
                "insert into request (" + String.join(", ", columns) + ") values (" + marks + ")")) {
            for (int row = 0; row < rows.size(); row++) {
                for (int i = 0; i < columns.size(); i++) {
                    insert.setObject(i + 1, rows.get(row).get(i));
                }
                insert.addBatch();
                if ((row + 1) % CHUNK == 0 || row + 1 == rows.size()) {
                    insert.executeBatch();
                    to.commit();
                }
            }
        }
        return rows.size() / ((System.nanoTime() - started) / 1e9);
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    /** Multiplies the one settled request of a ledger, its attempt with it, to so many. */
    static void multiply(Path ledger, int rows) throws SQLException {
        try (Connection connection = open(ledger);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String table : List.of("request", "attempt")) {
                List<String> columns = texts(connection, "select name from pragma_table_info('" + table + "')");
                String copied = columns.stream()
                        .map(column -> switch (column) {
                            case "id" -> "first.id + n";
                            case "request" -> "first.request + n";
                            case "line" -> "first.line + n";
                            case "device_id", "managed_device_id" ->
                                "printf('%08x', n) || substr(first." + column + ", 9)";
                            // all of it was long ago
                            case "begun", "ended", "started", "finished", "resolved", "first_attempt", "last_attempt" ->
                                "first." + column + " - 864000000";
                            default -> "first." + column;
                        })
                        .collect(Collectors.joining(", "));
                statement.execute("with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < "
                        + (rows - 1) + ") insert into " + table + " (" + String.join(", ", columns) + ") select "
                        + copied + " from (select * from " + table + " order by id limit 1) first, numbers");
            }
            statement.execute("update attempt set begun = begun - 864000000 where id = (select min(id) from attempt)");
            connection.commit();
        }
    }
}
