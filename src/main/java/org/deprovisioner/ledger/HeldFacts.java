package org.deprovisioner.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deprovisioner.ledger.Batches.Cause;
import org.deprovisioner.ledger.Units.Held;
import org.deprovisioner.request.Device;
import org.deprovisioner.store.Jdbc;

/** What an approver is shown of a held batch. */
public final class HeldFacts {

    private static final int CAUSES = 10;

    private final Jdbc reader;

    HeldFacts(Jdbc reader) {
        this.reader = reader;
    }

    /** Who handed something over that is held, as what, and when. */
    public record HandedOver(String by, boolean byMessage, String name, Instant at) {}

    /** How many held rows have a reason. */
    public record Reason(String reason, long rows) {}

    /**
     * Of a held batch.
     *
     * @param count of the changes up to which this is right: an approval is bound to it
     * @param rows all rows of the batch
     * @param waiting rows that wait for another one for the same device and are released with these
     * @param refused why rows of it were refused
     * @param first its first rows
     */
    public record Facts(
            long count,
            Held held,
            long rows,
            long waiting,
            List<HandedOver> handedOver,
            List<Reason> reasons,
            List<Cause> refused,
            List<ListedRow> first) {}

    /** What is held of a batch; empty when nothing is. */
    public Optional<Facts> of(String batch, int first) {
        // the count before all else: what changes meanwhile makes it too low, never too high
        long count = reader.queryForList("select facts from batch where name = ?", Long.class, batch).stream()
                .findFirst()
                .orElse(0L);
        return reader
                .query(
                        "select max(error), max(remedy), count(distinct device_id), count(*) from request"
                                + " where batch = ? and state = 'HELD' having count(*) > 0",
                        (row, number) ->
                                new Held(batch, row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                        batch)
                .stream()
                .findFirst()
                .map(held -> facts(count, held, first));
    }

    private Facts facts(long count, Held held, int first) {
        String batch = held.batch();
        return new Facts(
                count,
                held,
                count("batch = ?", batch),
                count(
                        "state = 'WAITING' and unit in (select distinct unit from request where batch = ? and state = 'HELD')",
                        batch),
                handedOver(batch, " and exists (select 1 from request where unit = u.id and state = 'HELD')"),
                reader.query(
                        "select coalesce(reason, ''), count(*) many from request where batch = ? and state = 'HELD'"
                                + " group by reason order by many desc limit 20",
                        (row, number) -> new Reason(row.getString(1), row.getLong(2)),
                        batch),
                reader.query(Batches.CAUSES, Batches::cause, batch, CAUSES),
                reader.query(
                        "select * from request where batch = ? and state = 'HELD' order by unit, id limit ?",
                        ListedRow::of,
                        batch,
                        first));
    }

    private long count(String which, String batch) {
        return reader.queryForList("select count(*) from request where " + which, Long.class, batch)
                .get(0);
    }

    /** Who handed a batch over, be it held or not, the first one first. */
    public List<HandedOver> handedOver(String batch) {
        return handedOver(batch, "");
    }

    private List<HandedOver> handedOver(String batch, String which) {
        return reader.query(
                "select i.owner, i.kind, min(i.name) file, min(i.received) since from unit u join intake i on i.id = u.intake"
                        + " where u.batch = ?" + which + " group by i.owner, i.kind order by since limit 20",
                (row, number) -> new HandedOver(
                        row.getString("owner"),
                        row.getString("kind").equals("MESSAGE"),
                        row.getString("file"),
                        Instant.ofEpochMilli(row.getLong("since"))),
                batch);
    }

    /** Gives the devices of the first held rows of a batch to a consumer. */
    public void devices(String batch, int most, Consumer<Device> consumer) {
        reader.query(
                "select device from request where batch = ? and state = 'HELD' and device is not null order by unit, id"
                        + " limit ?",
                row -> {
                    LedgerJson.device(row.getString(1)).ifPresent(consumer);
                },
                batch,
                most);
    }
}
