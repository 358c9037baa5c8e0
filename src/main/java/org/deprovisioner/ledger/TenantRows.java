package org.deprovisioner.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deprovisioner.store.Jdbc;

/** The rows of tenants, in every table that names one. */
final class TenantRows {

    private final Jdbc jdbc;

    TenantRows(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** Every tenant of which requests are or were recorded. */
    static Set<String> names(Jdbc jdbc) {
        Set<String> names = new TreeSet<>(jdbc.queryForList(
                "select distinct tenant from unit union select distinct tenant from removed_request", String.class));
        names.remove("");
        return names;
    }

    /** How many requests of each tenant are open: each index below holds the open ones alone. */
    static Map<String, Long> open(Jdbc jdbc) {
        Map<String, Long> open = new TreeMap<>();
        jdbc.query("""
                select tenant, count(*) from (
                  select tenant from request where state = 'RECEIVED' or state = 'READY' or state = 'SENDING'
                  union all select tenant from request where state = 'WAITING'
                  union all select tenant from request where state = 'HELD'
                  union all select tenant from request where state = 'IN_DOUBT'
                  union all select tenant from request where state = 'AWAITING_APPROVAL' and approval_since is not null)
                  open_one where tenant <> '' group by tenant
                """, row -> {
            open.put(row.getString(1), row.getLong(2));
        });
        return open;
    }

    /** Renames several at once: also two that swap their names. */
    void rename(Map<String, String> moves) {
        Map<String, String> left = new LinkedHashMap<>(moves);
        while (!left.isEmpty()) {
            Map.Entry<String, String> next = left.entrySet().stream()
                    .filter(move -> !left.containsKey(move.getValue()))
                    .findFirst()
                    .orElseGet(() -> left.entrySet().iterator().next());
            String from = next.getKey();
            String to = next.getValue();
            left.remove(from);
            if (left.containsKey(to)) {
                String aside = from + "@aside";
                rename(from, aside);
                left.put(aside, to);
            } else {
                rename(from, to);
            }
        }
    }

    private void rename(String from, String to) {
        for (String table : new String[] {"request", "attempt", "removed_request"}) {
            jdbc.update("update " + table + " set tenant = ? where tenant = ?", to, from);
        }
        jdbc.update(
                "update unit set tenant = ? where tenant = ?"
                        + " and not exists (select 1 from unit other where other.intake = unit.intake and other.tenant = ?)",
                to,
                from,
                to);
        keepStricter("pause", "scope", "1 = 1", "other.kind = 'RESUME' or pause.kind = 'PROBE'", from, to);
        keepStricter("lane", "tenant", "1 = 1", "other.closed_until >= lane.closed_until", from, to);
        keepStricter(
                "slow_lane", "tenant", "other.write = slow_lane.write", "other.share <= slow_lane.share", from, to);
        keepStricter("accepted_code", "tenant", "other.code = accepted_code.code", "1 = 1", from, to);
        jdbc.update("delete from tenant where name = ?", to);
        jdbc.update("update tenant set name = ?, asked_id = null where name = ?", to, from);
    }

    /** Where both names have a row that can stand only once, the one that allows less stays. */
    private void keepStricter(String table, String name, String same, String stricter, String from, String to) {
        String delete = "delete from " + table + " where " + name + " = ? and exists (select 1 from " + table
                + " other where other." + name + " = ? and " + same;
        jdbc.update(delete + " and (" + stricter + "))", from, to);
        jdbc.update(delete + ")", to, from);
        jdbc.update("update " + table + " set " + name + " = ? where " + name + " = ?", to, from);
    }
}
