package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.deprovisioner.request.Device;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** What is about to be done, as plans show it, and the plans that are applied. */
public final class Plans {

    /** How a file's plan is applied, as the ledger keeps it. */
    static final int NO_PLAN = 0;

    static final int EACH_DEVICE = 1;
    static final int AS_A_WHOLE = 2;

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private volatile boolean dryRun;
    private volatile String node = "";

    Plans(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** From now on what is handed over with its plan is a dry run. */
    void beDryRun() {
        dryRun = true;
    }

    void beNode(String id) {
        node = id;
    }

    /**
     * A row that was looked at.
     *
     * @param outcome how it ended before anything was sent, empty when it did not
     * @param error why it ended or waits
     * @param device the device as it was seen, empty when it was not
     */
    public record Row(
            long line,
            State state,
            Optional<Outcome> outcome,
            String error,
            String remedy,
            String reason,
            Optional<Device> device) {}

    /** How many rows the largest of the newest batches has; 0 when there is none. */
    public long largestOfNewest(int batches) {
        return largestOfNewest(batches, "");
    }

    /** The same beside one of them. */
    public long largestOfNewest(int batches, String beside) {
        return reader.queryForList("""
                        select coalesce(max(number), 0) from (select count(*) number from request where batch in
                          (select name from batch where name <> ? order by created desc limit ?) group by batch) sizes
                        """, Long.class, beside, batches).get(0);
    }

    /** Gives every row of a batch to a consumer, in the order of the input. */
    public void rows(String batch, Consumer<Row> consumer) {
        reader.query(
                "select line, state, outcome, error, remedy, reason, device from request where batch = ? order by id",
                row -> {
                    consumer.accept(new Row(
                            row.getLong("line"),
                            State.valueOf(row.getString("state")),
                            Optional.ofNullable(row.getString("outcome")).map(Outcome::of),
                            text(row, "error"),
                            text(row, "remedy"),
                            text(row, "reason"),
                            LedgerJson.device(row.getString("device"))));
                },
                batch);
    }

    /**
     * Gives a file that is handed over with its plan a number of its own.
     *
     * @param devices the planned device of each line; a row of any other line is not sent
     * @param asAWhole whether nothing is sent where one of these devices is not as it was planned
     */
    public long openFile(String name, String owner, Map<Long, Device> devices, boolean asAWhole) {
        return writer.write(jdbc -> {
            long id = Intakes.openFile(
                    jdbc, clock.millis(), name, owner, dryRun, asAWhole ? AS_A_WHOLE : EACH_DEVICE, node);
            jdbc.batchUpdate(
                    "insert into planned (intake, line, device) values (?, ?, ?)",
                    List.copyOf(devices.entrySet()),
                    1000,
                    (statement, planned) -> {
                        statement.setLong(1, id);
                        statement.setLong(2, planned.getKey());
                        statement.setString(3, LedgerJson.device(planned.getValue()));
                    });
            return id;
        });
    }

    /** Binds rows that are being recorded to the plan that their file came with. */
    static void bind(Jdbc jdbc, long intake, String batch, long firstId) {
        boolean planned = !jdbc.queryForList("select 1 from intake where id = ? and planned > 0", intake)
                .isEmpty();
        if (planned) {
            jdbc.update(
                    "update request set planned = coalesce((select p.device from planned p"
                            + " where p.intake = ? and p.line = request.line), '') where batch = ? and id >= ?",
                    intake,
                    batch,
                    firstId);
            jdbc.update(
                    "delete from planned where intake = ? and line <= (select max(line) from request where batch = ?)",
                    intake,
                    batch);
        }
    }
}
