package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** The messages that still have to leave: dead letters and replies, each until it is surely sent. */
public final class Outbox {

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    Outbox(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** What leaves. */
    public enum Letter {
        DEAD_LETTER,
        REPLY
    }

    /**
     * A message that has to leave.
     *
     * @param columns the names of the row's cells
     * @param replyTo where a reply goes
     */
    public record Entry(
            long id,
            Batches.Result result,
            List<String> columns,
            Optional<String> replyTo,
            Optional<String> correlationId) {}

    /** The oldest entries that are due; they stay until {@link #sent} takes them out. */
    public List<Entry> due(Letter kind, int most) {
        return reader.query(
                """
                select o.id as outbox_id, r.*, b.columns, i.reply_to, i.correlation_id from outbox o
                join request r on r.id = o.request join batch b on b.name = r.batch
                join unit u on u.id = r.unit join intake i on i.id = u.intake
                where o.kind = ? and o.due <= ? order by o.due, o.id limit ?
                """,
                (row, number) -> new Entry(
                        row.getLong("outbox_id"),
                        Batches.result(row),
                        LedgerJson.list(row.getString("columns")),
                        Optional.ofNullable(row.getString("reply_to")),
                        Optional.ofNullable(row.getString("correlation_id"))),
                kind.name(),
                clock.millis(),
                most);
    }

    /** Takes entries out that were sent. */
    public void sent(List<Entry> entries) {
        writer.write(jdbc -> jdbc.batchUpdate(
                "delete from outbox where id = ?",
                entries.stream().map(entry -> new Object[] {entry.id()}).toList()));
    }
}
