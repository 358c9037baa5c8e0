package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.request.Layout;
import org.deprovisioner.request.Request;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.Skipped;
import org.springframework.jdbc.core.JdbcTemplate;

/** How files and messages are taken in: recorded before they are let go of. */
public final class Intakes {

    private static final long SHORTEST_LOT = 1_000_000;
    private static final long LONGEST_LOT = 1_000_000_000_000L;

    private final JdbcTemplate reader;
    private final GroupCommit writer;
    private final Clock clock;
    private volatile boolean rehearsing;

    Intakes(JdbcTemplate reader, GroupCommit writer, Clock clock) {
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
         * @throws LedgerException when they cannot be written
         */
        public void await() {
            GroupCommit.await(written);
        }
    }

    /** From now on what is recorded is handed over to a dry run. */
    void beDryRun() {
        rehearsing = true;
    }

    /** What became so far of a file that has a number. */
    public Arrival arrival(long id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("the ledger knows no intake " + id));
    }

    /** The same, empty when this ledger never gave that number. */
    public Optional<Arrival> find(long id) {
        return reader
                .query(
                        "select state, batch from intake where id = ?",
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
        return id(reader.queryForObject("select coalesce(max(id), 0) from request", Long.class));
    }

    /**
     * Gives a file that was handed over a number of its own. A ledger's first one is drawn by lot and the next ones follow:
     * where two ledgers have had the same data folder, neither takes a file of the other's for its own.
     */
    public long openFile(String name, String owner) {
        return writer.write(jdbc -> openFile(jdbc, clock.millis(), name, owner, rehearsing, false));
    }

    /** The same within a transaction; {@code planned} where a plan came with the file. */
    static long openFile(JdbcTemplate jdbc, long now, String name, String owner, boolean dryRun, boolean planned) {
        return id(jdbc.queryForObject(
                """
                insert into intake (id, kind, name, owner, received, dry_run, planned, state) values (
                  coalesce((select max(id) + 1 from intake where id >= ?), ?), 'FILE', ?, ?, ?, ?, ?, 'OPEN') returning id
                """,
                Long.class,
                SHORTEST_LOT,
                ThreadLocalRandom.current().nextLong(SHORTEST_LOT, LONGEST_LOT),
                name,
                owner,
                now,
                dryRun ? 1 : 0,
                planned ? 1 : 0));
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
        List<Object[]> values = values(file.batch(), rows);
        long last = rows.get(rows.size() - 1).line();
        return new Recording(writer.submit(jdbc -> {
            insert(jdbc, file.id(), file.batch(), values);
            Cancellations.follow(jdbc, clock.millis(), file.batch());
            return jdbc.update("update intake set last_line = ? where id = ?", last, file.id());
        }));
    }

    /** Keeps how a file was read, for those who ask why a row or a column of it is nowhere to be seen. */
    public void describe(OpenFile file, HowRead read) {
        writer.write(jdbc -> jdbc.update(
                "update intake set read_as = ?, skipped_empty = ?, skipped_comments = ?, first_comments = ? where id = ?",
                LedgerJson.list(read.columns()),
                read.skipped().empty(),
                read.skipped().comments(),
                LedgerJson.list(read.skipped().firstComments().stream()
                        .map(String::valueOf)
                        .toList()),
                file.id()));
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

    private boolean end(JdbcTemplate jdbc, long id, String state, AuditEntries.What what) {
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
        return writer.write(jdbc -> {
            if (!message.key().isEmpty()
                    && !jdbc.queryForList("select 1 from intake where source_key = ?", message.key())
                            .isEmpty()) {
                return Optional.empty();
            }
            String batch = messagesBatch(jdbc, message.batch());
            long intake = id(jdbc.queryForObject(
                    """
                    insert into intake (kind, name, source_key, owner, received, state, batch, reply_to, correlation_id)
                    values ('MESSAGE', ?, nullif(?, ''), ?, ?, 'TAKEN', ?, ?, ?) returning id
                    """,
                    Long.class,
                    message.name(),
                    message.key(),
                    message.user(),
                    clock.millis(),
                    batch,
                    message.replyTo().orElse(null),
                    message.correlationId().orElse(null)));
            tell(jdbc, AuditEntries.What.TAKEN_IN, intake);
            insert(jdbc, intake, batch, values(batch, arrange(jdbc, batch, columns, rows)));
            jdbc.update("update batch set changed = changed + 1 where name = ?", batch);
            return Optional.of(batch);
        });
    }

    /** The name of the file that has this number; none when this ledger gave it to no file. */
    public Optional<String> fileName(long id) {
        return reader.queryForList("select name from intake where kind = 'FILE' and id = ?", String.class, id).stream()
                .findFirst();
    }

    /** A batch of messages grows: columns it does not know yet are appended, and cells put in the batch's order. */
    private static List<Row> arrange(JdbcTemplate jdbc, String batch, List<String> columns, List<Row> rows) {
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
    private String messagesBatch(JdbcTemplate jdbc, String name) {
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

    private void insertBatch(JdbcTemplate jdbc, String name, String kind, List<String> columns, char delimiter) {
        jdbc.update(
                "insert into batch (name, name_key, approval_key, kind, created, columns, delimiter)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                name,
                BatchNames.key(name),
                BatchName.key(name),
                kind,
                clock.millis(),
                LedgerJson.list(columns),
                String.valueOf(delimiter));
    }

    private void insert(JdbcTemplate jdbc, long intake, String batch, List<Object[]> rows) {
        long before = id(jdbc.queryForObject("select coalesce(max(id), 0) from request", Long.class));
        Map<String, Long> units = new HashMap<>();
        long now = clock.millis();
        jdbc.batchUpdate("""
                insert into request (tenant, unit, batch, line, cells, raw, form, path, managed_device_id, serial_number,
                    device_name, user_principal_name, azure_ad_device_id, reason, request_id, force, not_before, state,
                    outcome, error, remedy, finished)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, rows, rows.size(), (statement, values) -> {
            String tenant = (String) values[0];
            statement.setString(1, tenant);
            statement.setLong(2, unit(units, jdbc, intake, batch, tenant));
            for (int i = 1; i < values.length; i++) {
                statement.setObject(i + 2, values[i]);
            }
        });
        Plans.bind(jdbc, intake, batch, before + 1);
        if (rehearsing) {
            jdbc.update("update intake set dry_run = 1 where id = ?", intake);
        }
        DryRuns.mark(jdbc, intake);
        String added = " from request where batch = ? and id > ? and state = 'DEAD'";
        jdbc.update("insert into outbox (kind, request) select 'DEAD_LETTER', id" + added, batch, before);
        AuditEntries.tellOf(
                jdbc,
                now,
                AuditEntries.What.ENDED,
                AuditEntries.PROGRAM,
                "",
                "batch = ? and id > ? and state = 'DEAD'",
                batch,
                before);
        jdbc.update(
                "insert into outbox (kind, request) select 'REPLY', id" + added
                        + " and exists (select 1 from intake where id = ? and reply_to is not null)",
                batch,
                before,
                intake);
    }

    /** Tells the audit log what became of a file or message, and whose it was. */
    private void tell(JdbcTemplate jdbc, AuditEntries.What what, long intake) {
        jdbc.update(
                "insert into audit_entry (at, what, told_by, batch, remark) select ?, ?, owner, batch, name from intake"
                        + " where id = ?",
                clock.millis(),
                what.word(),
                intake);
    }

    /** The columns of rows, but for their unit, which only the writer knows. */
    private List<Object[]> values(String batch, List<Row> rows) {
        long now = clock.millis();
        return rows.stream()
                .map(row -> row instanceof Row.Accepted accepted
                        ? accepted(accepted, batch)
                        : invalid((Row.Invalid) row, batch, now))
                .toList();
    }

    private static Object[] accepted(Row.Accepted row, String batch) {
        Request request = row.request();
        return new Object[] {
            request.tenant(),
            batch,
            row.line(),
            LedgerJson.list(row.cells()),
            null,
            request.address().form().name(),
            request.address().path(),
            request.address().managedDeviceId().orElse(null),
            request.expected().serialNumber().orElse(null),
            request.expected().deviceName().orElse(null),
            request.expected().userPrincipalName().orElse(null),
            request.expected().azureADDeviceId().orElse(null),
            request.reason(),
            request.requestId().orElse(null),
            request.force() ? 1 : 0,
            request.notBefore().map(instant -> instant.toEpochMilli()).orElse(0L),
            State.RECEIVED.name(),
            null,
            null,
            null,
            null
        };
    }

    private static Object[] invalid(Row.Invalid row, String batch, long now) {
        return new Object[] {
            row.tenant(),
            batch,
            row.line(),
            LedgerJson.list(row.cells()),
            row.raw(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            row.requestId().isEmpty() ? null : row.requestId(),
            0,
            0L,
            State.DEAD.name(),
            Outcome.INVALID.word(),
            row.error(),
            row.remedy(),
            now
        };
    }

    private static long unit(Map<String, Long> units, JdbcTemplate jdbc, long intake, String batch, String tenant) {
        return units.computeIfAbsent(tenant, name -> {
            jdbc.update(
                    "insert into unit (intake, batch, tenant) values (?, ?, ?) on conflict do nothing",
                    intake,
                    batch,
                    name);
            return id(jdbc.queryForObject(
                    "select id from unit where intake = ? and tenant = ?", Long.class, intake, name));
        });
    }

    static long id(@org.jspecify.annotations.Nullable Long id) {
        if (id == null) {
            throw new IllegalStateException("the ledger gave no id");
        }
        return id;
    }
}
