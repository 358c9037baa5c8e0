package org.deprovisioner.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.Jdbc;

/** Dead letters by what they have in common: outcome, Graph's code and remedy. Read by an index of their own. */
public final class DeadLetterCauses {

    private final Jdbc reader;

    DeadLetterCauses(Jdbc reader) {
        this.reader = reader;
    }

    /** What dead letters have in common; texts that are not there are empty. */
    public record Cause(Outcome outcome, String graphCode, String remedy) {

        String condition() {
            return "outcome = ?" + condition("graph_code", graphCode) + condition("remedy", remedy);
        }

        private static String condition(String column, String value) {
            return " and " + column + (value.isEmpty() ? " is null" : " = ?");
        }

        List<Object> values() {
            List<Object> values = new ArrayList<>(List.of(outcome.word()));
            values.addAll(List.of(graphCode, remedy).stream()
                    .filter(value -> !value.isEmpty())
                    .toList());
            return values;
        }

        private static Cause of(ResultSet row) throws SQLException {
            return new Cause(
                    Outcome.of(row.getString("outcome")),
                    RequestRows.text(row, "graph_code"),
                    RequestRows.text(row, "remedy"));
        }
    }

    /**
     * Dead letters of one cause.
     *
     * @param batches of how many batches they are
     */
    public record Group(Cause cause, long rows, long batches) {}

    /** The most frequent causes; of one batch alone where it is named. */
    public List<Group> groups(Optional<String> batch, int most) {
        List<Object> values = new ArrayList<>(batch.stream().toList());
        values.add(most);
        return reader.query(
                "select outcome, graph_code, remedy, sum(rows_of_it) many, count(*) batches"
                        // by batch first, in the order of an index: distinct batches would be sorted row by row
                        + " from (select outcome, graph_code, remedy, batch, count(*) rows_of_it from request"
                        + " where state = 'DEAD'" + (batch.isPresent() ? " and batch = ?" : "")
                        + " group by outcome, graph_code, remedy, batch) by_batch"
                        + " group by outcome, graph_code, remedy order by many desc, outcome limit ?",
                (row, number) -> new Group(Cause.of(row), row.getLong("many"), row.getLong("batches")),
                values.toArray());
    }

    /** Where a page of the rows of a cause begins: behind a row. */
    public record Key(String batch, long id) {

        /** Before the first. */
        public static final Key FIRST = new Key("", 0);
    }

    /** The rows of a cause behind a key, by batch and in the order of the input. */
    public List<ListedRow> rows(Cause cause, Optional<String> batch, Key after, int most) {
        List<Object> values = new ArrayList<>(cause.values());
        String which = "select * from request where state = 'DEAD' and " + cause.condition();
        values.add(after.batch());
        values.add(after.id());
        List<ListedRow> rows = new ArrayList<>();
        if (batch.isPresent()) {
            values.set(values.size() - 2, batch.get());
            values.add(most);
            return reader.query(
                    which + " and batch = ? and id > ? order by id limit ?", ListedRow::of, values.toArray());
        }
        values.add(most);
        rows.addAll(reader.query(
                which + " and batch = ? and id > ? order by batch, id limit ?", ListedRow::of, values.toArray()));
        if (rows.size() < most) {
            List<Object> later = new ArrayList<>(cause.values());
            later.add(after.batch());
            later.add(most - rows.size());
            rows.addAll(
                    reader.query(which + " and batch > ? order by batch, id limit ?", ListedRow::of, later.toArray()));
        }
        return rows;
    }
}
