package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.request.Layout;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.Skipped;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.StoreException;

/** How files and messages are taken in: recorded before they are let go of. */
public final class Intakes {

    static final long SHORTEST_LOT = 1_000_000;
    private static final long LONGEST_LOT = 1_000_000_000_000L;

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private volatile boolean dryRun;
    private volatile String node = "";

    Intakes(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** A file's place in the ledger: its batch, and the line after which rows are still to be recorded. */
    public record OpenFile(long id, String batch, long lastLine) {}

    /**
     * A message to be recorded.
     *
     * @param key tells a redelivery: empty for a message without an id
     * @param user who sent it, as the broker knows it
     * @param batch the batch it asks for
     */
    public record Message(
            String key,
            String name,
            String user,
            String batch,
            Optional<String> replyTo,
            Optional<String> correlationId) {}

    /**
     * What became of a file that was handed over.
     *
     * @param open whether rows of it are still to be recorded
     * @param batch its batch, empty before it has one and when it was rejected
     */
    public record Arrival(boolean open, boolean rejected, Optional<String> batch) {}

    /**
     * How a file was read.
     *
     * @param columns what its columns were understood as, in sentences
     */
    public record HowRead(List<String> columns, Skipped skipped) {}

    /** Rows on their way to disk. */
    public static final class Recording {

        private final CompletableFuture<?> written;

        private Recording(CompletableFuture<?> written) {
            this.written = written;
        }

        /**
         * Returns when the rows are on disk.
         *
         * @throws StoreException when they cannot be written
         */
        public void await() {
            GroupCommit.await(written);
        }
    }

    /** From now on what is recorded is handed over to a dry run. */
    void beDryRun() {
        dryRun = true;
    }

    void beNode(String id) {
        node = id;
    }

    /** What became so far of a file that has a number. */
    public Arrival arrival(long id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("the ledger knows no intake " + id));
    }

    /** The same, empty when this ledger never gave that number. */
    public Optional<Arrival> find(long id) {
        return reader
                .query(
                        "select case when cut_off <> '' then 'REJECTED' else state end, batch from intake where id = ?",
                        (row, number) -> new Arrival(
                                row.getString(1).equals("OPEN"),
                                row.getString(1).equals("REJECTED"),
                                Optional.ofNullable(row.getString(2))),
                        id)
                .stream()
                .findFirst();
    }

    /** A number that grows with each row that is recorded, of whichever file. */
    public long recorded() {
        return reader.sql("select coalesce(max(id), 0) from request")
                .query(Long.class)
                .single();
    }

    /**
     * Gives a file that was handed over a number of its own. A ledger's first one is drawn by lot and the next ones follow:
     * where two ledgers have had the same data folder, neither takes a file of the other's for its own.
     */
    public long openFile(String name, String owner) {
        return writer.write(jdbc -> openFile(jdbc, clock.millis(), name, owner, dryRun, Plans.NO_PLAN, node));
    }

    /** The same within a transaction; {@code planned} as {@link Plans} has it. */
    static long openFile(Jdbc jdbc, long now, String name, String owner, boolean dryRun, int planned, String node) {
        return jdbc.sql("""
                        insert into intake (id, kind, name, owner, received, dry_run, planned, node, state) values (
                          coalesce((select max(id) + 1 from intake where id >= :shortest), :lot), 'FILE', :name, :owner,
                          :now, :dryRun, :planned, :node, 'OPEN') returning id
                        """)
                .param("shortest", SHORTEST_LOT)
                .param("lot", ThreadLocalRandom.current().nextLong(SHORTEST_LOT, LONGEST_LOT))
                .param("name", name)
                .param("owner", owner)
                .param("now", now)
                .param("dryRun", dryRun ? 1 : 0)
                .param("planned", planned)
                .param("node", node)
                .query(Long.class)
                .single();
    }

    /**
     * Gives a file its batch, named like the file without its extension, or finds the one it got before it was cut off.
     *
     * @param taken whether a name is taken by something outside the ledger, such as an archived file
     */
    public OpenFile begin(long id, String baseName, Layout layout, Predicate<String> taken) {
        return writer.write(jdbc -> {
            Optional<OpenFile> begun = jdbc
                    .query(
                            "select batch, last_line from intake where id = ? and batch is not null",
                            (row, number) -> new OpenFile(id, row.getString(1), row.getLong(2)),
                            id)
                    .stream()
                    .findFirst();
            return begun.orElseGet(() -> {
                String name = BatchNames.free(jdbc, baseName, taken);
                insertBatch(jdbc, name, "FILE", layout.columns(), layout.delimiter());
                jdbc.update("update intake set batch = ? where id = ?", name, id);
                return new OpenFile(id, name, 0);
            });
        });
    }

    /** Records rows of a file, all or none; once recorded, they are not recorded again. */
    public void record(OpenFile file, List<Row> rows) {
        recordMeanwhile(file, rows).await();
    }

    /** The same, while the caller reads the next rows; those are handed over when these are on disk. */
    public Recording recordMeanwhile(OpenFile file, List<Row> rows) {
        NewRequests requests = NewRequests.of(file.batch(), rows, clock.millis());
        long last = rows.get(rows.size() - 1).line();
        return new Recording(writer.submit(jdbc -> {
            requests.insert(jdbc, file.id(), dryRun);
            Cancellations.follow(jdbc, clock.millis(), file.batch());
            return jdbc.update("update intake set last_line = ? where id = ?", last, file.id());
        }));
    }

    /** Keeps how a file was read, for those who ask why a row or a column of it is nowhere to be seen. */
    public void describe(OpenFile file, HowRead read) {
        writer.write(jdbc -> jdbc.sql("""
                        update intake set read_as = :columns, skipped_empty = :empty, skipped_comments = :comments,
                          first_comments = :firstComments where id = :id
                        """)
                .param("columns", LedgerJson.list(read.columns()))
                .param("empty", read.skipped().empty())
                .param("comments", read.skipped().comments())
                .param(
                        "firstComments",
                        LedgerJson.list(read.skipped().firstComments().stream()
                                .map(String::valueOf)
                                .toList()))
                .param("id", file.id())
                .update());
    }

    /** How the file of a batch was read; empty for a batch of messages, and before its last row is recorded. */
    public Optional<HowRead> howRead(String batch) {
        return reader
                .query(
                        "select read_as, skipped_empty, skipped_comments, first_comments from intake"
                                + " where batch = ? and read_as <> '[]'",
                        (row, number) -> new HowRead(
                                LedgerJson.list(row.getString(1)),
                                new Skipped(
                                        row.getLong(2),
                                        row.getLong(3),
                                        LedgerJson.list(row.getString(4)).stream()
                                                .map(Long::valueOf)
                                                .toList())),
                        batch)
                .stream()
                .findFirst();
    }

    /** The last row of a file is recorded: its units may be guarded. Said again, it changes nothing. */
    public void complete(OpenFile file) {
        writer.write(jdbc -> {
            if (end(jdbc, file.id(), "TAKEN", AuditEntries.What.TAKEN_IN)) {
                jdbc.update("update batch set changed = changed + 1 where name = ?", file.batch());
            }
            return file;
        });
    }

    /** A file was refused as a whole. Said again, it changes nothing. */
    public void reject(long id) {
        writer.write(jdbc -> end(jdbc, id, "REJECTED", AuditEntries.What.REJECTED));
    }

    private boolean end(Jdbc jdbc, long id, String state, AuditEntries.What what) {
        boolean news = jdbc.update("update intake set state = ? where id = ? and state = 'OPEN'", state, id) > 0;
        if (news) {
            tell(jdbc, what, id);
        }
        return news;
    }

    /**
     * Records all rows of a message; a redelivery records nothing.
     *
     * @param columns the names of the rows' cells
     * @return the batch that holds them, empty for a redelivery
     */
    public Optional<String> record(Message message, List<String> columns, List<Row> rows) {
        return writer.write(jdbc -> record(jdbc, "MESSAGE", message, columns, rows));
    }

    /** @param kind {@code MESSAGE}, behind which nobody is known, or {@code API}, whose caller is */
    Optional<String> record(Jdbc jdbc, String kind, Message message, List<String> columns, List<Row> rows) {
        if (!message.key().isEmpty()
                && !jdbc.queryForList("select 1 from intake where source_key = ?", message.key())
                        .isEmpty()) {
            return Optional.empty();
        }
        String batch = messagesBatch(jdbc, message.batch());
        long intake = jdbc.sql("""
                            insert into intake (kind, name, source_key, owner, received, state, batch, reply_to,
                              correlation_id, node)
                            values (:kind, :name, nullif(:key, ''), :user, :received, 'TAKEN', :batch, :replyTo,
                              :correlationId, :node) returning id
                            """)
                .param("kind", kind)
                .param("name", message.name())
                .param("key", message.key())
                .param("user", message.user())
                .param("received", clock.millis())
                .param("batch", batch)
                .param("node", node)
                .param("replyTo", message.replyTo().orElse(null))
                .param("correlationId", message.correlationId().orElse(null))
                .query(Long.class)
                .single();
        tell(jdbc, AuditEntries.What.TAKEN_IN, intake);
        NewRequests.of(batch, arrange(jdbc, batch, columns, rows), clock.millis())
                .insert(jdbc, intake, dryRun);
        jdbc.update("update batch set changed = changed + 1 where name = ?", batch);
        return Optional.of(batch);
    }

    /** The name of the file that has this number; none when this ledger gave it to no file. */
    public Optional<String> fileName(long id) {
        return reader.queryForList("select name from intake where kind = 'FILE' and id = ?", String.class, id).stream()
                .findFirst();
    }

    /** A batch of messages grows: columns it does not know yet are appended, and cells put in the batch's order. */
    private static List<Row> arrange(Jdbc jdbc, String batch, List<String> columns, List<Row> rows) {
        List<String> known = new ArrayList<>(LedgerJson.list(Optional.ofNullable(
                        jdbc.queryForObject("select columns from batch where name = ?", String.class, batch))
                .orElse("[]")));
        columns.stream().filter(column -> !known.contains(column)).forEach(known::add);
        jdbc.update("update batch set columns = ? where name = ?", LedgerJson.list(known), batch);
        return rows.stream()
                .map(row -> {
                    List<String> cells =
                            new ArrayList<>(known.stream().map(name -> "").toList());
                    for (int i = 0; i < row.cells().size(); i++) {
                        cells.set(known.indexOf(columns.get(i)), row.cells().get(i));
                    }
                    return withCells(row, cells);
                })
                .toList();
    }

    private static Row withCells(Row row, List<String> cells) {
        if (row instanceof Row.Invalid invalid) {
            return new Row.Invalid(
                    row.line(),
                    cells,
                    invalid.tenant(),
                    invalid.requestId(),
                    invalid.error(),
                    invalid.remedy(),
                    invalid.raw());
        }
        return new Row.Accepted(row.line(), cells, ((Row.Accepted) row).request());
    }

    /** The batch of messages that bears this name, without regard to case; else a new one, with a number where it must. */
    private String messagesBatch(Jdbc jdbc, String name) {
        for (int number = 1; ; number++) {
            String candidate = BatchName.numbered(name, number);
            List<String> joined = jdbc.queryForList(
                    "select name from batch where name_key = ? and kind = 'MESSAGES'",
                    String.class,
                    BatchNames.key(candidate));
            if (!joined.isEmpty()) {
                return joined.get(0);
            }
            if (BatchNames.alike(jdbc, candidate).isEmpty()) {
                insertBatch(jdbc, candidate, "MESSAGES", List.of(), ',');
                return candidate;
            }
        }
    }

    private void insertBatch(Jdbc jdbc, String name, String kind, List<String> columns, char delimiter) {
        jdbc.sql("""
                        insert into batch (name, name_key, approval_key, kind, created, columns, delimiter, node)
                        values (:name, :nameKey, :approvalKey, :kind, :created, :columns, :delimiter, :node)
                        """)
                .param("name", name)
                .param("nameKey", BatchNames.key(name))
                .param("approvalKey", BatchName.key(name))
                .param("kind", kind)
                .param("created", clock.millis())
                .param("columns", LedgerJson.list(columns))
                .param("delimiter", String.valueOf(delimiter))
                .param("node", node)
                .update();
    }

    /** Tells the audit log what became of a file or message, and whose it was. */
    private void tell(Jdbc jdbc, AuditEntries.What what, long intake) {
        jdbc.update(
                "insert into audit_entry (at, what, told_by, batch, remark) select ?, ?, owner, batch, name from intake"
                        + " where id = ?",
                clock.millis(),
                what.word(),
                intake);
    }
}
