package org.deprovisioner.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.Store;
import org.deprovisioner.store.StoreRefusedException;

/**
 * Copies a ledger that is a file into an empty one of a server: every row of every table, in one transaction, so that the new
 * one knows all that was done and all that nobody knows.
 */
public final class LedgerImport {

    private static final int ROWS_AT_ONCE = 500;

    /** What is of one database, or of one machine's clock. */
    private static final Set<String> NOT_COPIED =
            Set.of("flyway_schema_history", "write_group", "node", "agreed", "clock_before");

    private LedgerImport() {}

    /** What was copied; nothing where all of this file had been copied before. */
    public record Copied(long requests, long attempts, boolean news) {}

    /**
     * Copies all of it.
     *
     * @param file the ledger that is a file; nobody may work on it meanwhile
     * @param target the one of the server
     * @param node the id of the data folder that the files of its batches lie in
     * @param by who asked for it
     * @throws StoreRefusedException when the target holds something else already, or a service works on it
     */
    public static Copied copy(Path file, Database target, String node, String by, Clock clock) {
        try (Store from = Store.openAlone(Database.at("jdbc:sqlite:" + file));
                Store into = Store.open(target)) {
            from.refuseDamaged();
            long now = into.clock(clock).millis();
            String mark = "the ledger of " + node;
            return into.writer().write(jdbc -> copy(from.reader(), jdbc, node, by, now, mark));
        }
    }

    private static Copied copy(Jdbc from, Jdbc into, String node, String by, long now, String mark) {
        boolean known = !into.queryForList(
                        "select 1 from audit_entry where what = ? and remark = ?",
                        AuditEntries.What.IMPORTED.word(),
                        mark)
                .isEmpty();
        if (!known) {
            refuseUsed(into);
            List<String> tables = inOrder(from);
            tables.forEach(table -> copyTable(from, into, table));
            into.update("update intake set node = ? where node = ''", node);
            into.update("update batch set node = ? where node = ''", node);
            into.update("update protected_list set path = ? || ':' || path", node);
            tables.forEach(table -> numberOn(into, table));
            into.numberAfter("audit_entry", from.newestNumber("audit_entry"));
            AuditEntries.tell(into, now, AuditEntries.What.IMPORTED, by, "", "", mark);
        }
        return new Copied(count(from, "request"), count(from, "attempt"), !known);
    }

    private static void refuseUsed(Jdbc into) {
        if (count(into, "intake") + count(into, "request") + count(into, "audit_entry") > 0) {
            throw new StoreRefusedException(
                    "The ledger of the server is not empty, so nothing was copied into it: what two"
                            + " ledgers know of one device cannot be put together. Import into a new database, before the first"
                            + " 'deprovision run' on it.");
        }
    }

    private static long count(Jdbc jdbc, String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    /** The tables, each behind those that it refers to. */
    private static List<String> inOrder(Jdbc from) {
        List<String> tables = from.queryForList(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
                String.class);
        Set<String> ordered = new LinkedHashSet<>();
        tables.stream().filter(table -> !NOT_COPIED.contains(table)).forEach(table -> add(from, table, ordered));
        return List.copyOf(ordered);
    }

    private static void add(Jdbc from, String table, Set<String> ordered) {
        from
                .query("select \"table\" from pragma_foreign_key_list(?)", (row, number) -> row.getString(1), table)
                .stream()
                .filter(other -> !other.equals(table) && !ordered.contains(other))
                .forEach(other -> add(from, other, ordered));
        ordered.add(table);
    }

    private static void copyTable(Jdbc from, Jdbc into, String table) {
        List<String> columns = from.query(
                "select name from pragma_table_info(?) order by cid", (row, number) -> row.getString(1), table);
        String insert = "insert into " + table + " (" + String.join(", ", columns) + ") values ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
        List<Object[]> rows = new ArrayList<>();
        from.query("select " + String.join(", ", columns) + " from " + table, row -> {
            Object[] values = new Object[columns.size()];
            for (int column = 0; column < values.length; column++) {
                values[column] = value(row.getObject(column + 1));
            }
            rows.add(values);
            if (rows.size() == ROWS_AT_ONCE) {
                into.batchUpdate(insert, rows);
                rows.clear();
            }
        });
        if (!rows.isEmpty()) {
            into.batchUpdate(insert, rows);
        }
    }

    /** A server takes no text with a character zero in it. */
    private static @org.jspecify.annotations.Nullable Object value(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof String text ? text.replace('\u0000', '\ufffd') : value;
    }

    /** The server counts on behind what was copied; intakes of files, which count by themselves, far beyond. */
    private static void numberOn(Jdbc into, String table) {
        boolean counts = !into.queryForList(
                        "select 1 from information_schema.columns where table_schema = current_schema()"
                                + " and table_name = ? and column_name = 'id' and is_identity = 'YES'",
                        table)
                .isEmpty();
        if (counts) {
            into.numberAfter(
                    table,
                    into.sql("select coalesce(max(id), 0) from " + table + " where id < :lots")
                            .param("lots", table.equals("intake") ? Intakes.SHORTEST_LOT : Long.MAX_VALUE)
                            .query(Long.class)
                            .single());
        }
    }
}
