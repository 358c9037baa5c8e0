package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.store.Jdbc;

/** Batches and their rows, page by page: each page is read from an index behind the last row of the one before. */
public final class RowPages {

    private final Jdbc reader;

    RowPages(Jdbc reader) {
        this.reader = reader;
    }

    /**
     * A batch in a list.
     *
     * @param changed counts the changes of its rows: what was counted is right while this stays the same
     * @param facts counts the changes of what an approver is shown
     * @param file whether it came as a file
     */
    public record ListedBatch(String name, Instant created, long changed, long facts, boolean file) {}

    /** The batches made before this one, the newest first; the newest of all where none is named. */
    public List<ListedBatch> batches(Optional<ListedBatch> behind, int most) {
        String list = "select name, created, changed, facts, kind from batch ";
        String order = " order by created desc, name desc limit ?";
        return behind.isEmpty()
                ? reader.query(list + order, RowPages::batch, most)
                : reader.query(
                        list + "where (created, name) < (?, ?)" + order,
                        RowPages::batch,
                        behind.get().created().toEpochMilli(),
                        behind.get().name(),
                        most);
    }

    /** The batch of this name, found without regard to case. */
    public Optional<ListedBatch> batch(String name) {
        return reader
                .query(
                        "select name, created, changed, facts, kind from batch where name_key = ?",
                        RowPages::batch,
                        BatchNames.key(name))
                .stream()
                .findFirst();
    }

    /** The batches that have requests in a state, by name. */
    public List<String> batchesWith(State state, int most) {
        // from one batch to the next by the index
        String of = "from request where " + Transitions.standing(EnumSet.of(state));
        return reader.queryForList(
                "with recursive found (name) as (select min(batch) " + of
                        + " union all select (select min(batch) " + of + " and batch > found.name) from found"
                        + " where found.name is not null) select name from found where name is not null limit ?",
                String.class,
                most);
    }

    /** How many requests are still to be looked at or sent. */
    public long toSend() {
        // each of the states has an index of its own, which an 'or' would not use
        return Stream.of(State.RECEIVED, State.READY, State.SENDING)
                .mapToLong(this::count)
                .sum();
    }

    /** How many requests stand in a state; one of those that have an index of their own. */
    public long count(State state) {
        return count(Transitions.standing(EnumSet.of(state)));
    }

    private long count(String which) {
        return reader.queryForList("select count(*) from request where " + which, Long.class)
                .get(0);
    }

    private static ListedBatch batch(ResultSet row, int number) throws SQLException {
        return new ListedBatch(
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("created")),
                row.getLong("changed"),
                row.getLong("facts"),
                row.getString("kind").equals("FILE"));
    }

    /** Rows that stand alike: in this state, and ended like this where they did. */
    public record Standing(State state, Optional<Outcome> outcome) {}

    /**
     * Behind which row a page begins.
     *
     * @param part in which of the ways to stand that are listed, one after the other
     */
    public record Key(int part, long unit, long id) {

        /** Before the first row. */
        public static final Key FIRST = new Key(0, 0, 0);
    }

    /**
     * Some rows of a batch, and where the next page begins.
     *
     * @param next empty where there are no more
     */
    public record Page(List<ListedRow> rows, Optional<Key> next) {}

    /** Rows of a batch in the order of the input. */
    public Page rows(String batch, Key after, int most) {
        List<ListedRow> found = reader.query(
                "select * from request where batch = ? and id > ? order by id limit ?",
                ListedRow::of,
                batch,
                after.id(),
                most + 1);
        return page(found.stream().map(row -> new Placed(0, row)).toList(), most);
    }

    /** Rows of a batch that stand like this; those of each way together, in the order of the input. */
    public Page rows(String batch, List<Standing> standing, Key after, int most) {
        List<Placed> found = new ArrayList<>();
        for (int part = after.part(); part < standing.size() && found.size() <= most; part++) {
            Key from = part == after.part() ? after : Key.FIRST;
            for (ListedRow row : rows(batch, standing.get(part), from, most + 1 - found.size())) {
                found.add(new Placed(part, row));
            }
        }
        return page(found, most);
    }

    private record Placed(int part, ListedRow row) {}

    private static Page page(List<Placed> found, int most) {
        List<ListedRow> shown = found.stream().limit(most).map(Placed::row).toList();
        if (found.size() <= most) {
            return new Page(shown, Optional.empty());
        }
        Placed last = found.get(most - 1);
        return new Page(
                shown,
                Optional.of(new Key(
                        last.part(), last.row().unit(), last.row().result().id())));
    }

    private List<ListedRow> rows(String batch, Standing standing, Key after, int most) {
        String ended = standing.outcome().isPresent() ? "r.outcome = ?" : "r.outcome is null";
        String stands = " r.state = ? and " + ended;
        List<Object> how = new ArrayList<>(List.of(standing.state().name()));
        standing.outcome().ifPresent(outcome -> how.add(outcome.word()));
        List<Object> inUnit = new ArrayList<>(List.of(after.unit()));
        inUnit.addAll(how);
        inUnit.addAll(List.of(after.id(), most));
        List<ListedRow> rows = new ArrayList<>(reader.query(
                "select r.* from request r where r.unit = ? and" + stands + " and r.id > ? order by r.id limit ?",
                ListedRow::of,
                inUnit.toArray()));
        if (rows.size() < most) {
            List<Object> later = new ArrayList<>(List.of(batch, after.unit()));
            later.addAll(how);
            later.add(most - rows.size());
            // each unit in the order of its index: no rows are sorted
            rows.addAll(reader.query(
                    "select r.* from unit u cross join request r where u.batch = ? and u.id > ? and r.unit = u.id and"
                            + stands + " order by u.id, r.id limit ?",
                    ListedRow::of,
                    later.toArray()));
        }
        return rows;
    }

    /** What is in doubt or being verified, by tenant and next look, behind this one. */
    public List<ListedRow> inDoubt(String tenant, long due, long id, int most) {
        List<ListedRow> rows = new ArrayList<>(reader.query(
                "select * from request where state = 'IN_DOUBT' and tenant = ? and (due > ? or (due = ? and id > ?))"
                        + " order by tenant, due, id limit ?",
                ListedRow::of,
                tenant,
                due,
                due,
                id,
                most));
        if (rows.size() < most) {
            rows.addAll(reader.query(
                    "select * from request where state = 'IN_DOUBT' and tenant > ? order by tenant, due, id limit ?",
                    ListedRow::of,
                    tenant,
                    most - rows.size()));
        }
        return rows;
    }
}
