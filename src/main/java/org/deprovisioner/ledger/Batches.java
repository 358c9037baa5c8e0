package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.instant;
import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deprovisioner.request.Device;
import org.deprovisioner.request.Layout;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** Batches: their counts, their rows, and which of their files have to be written anew. */
public final class Batches {

    private static final Duration BETWEEN_WRITES_OF_MESSAGES = Duration.ofMinutes(1);

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private final WrittenFiles files;
    private volatile String node = "";

    Batches(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.files = new WrittenFiles(reader, writer);
    }

    /**
     * A batch whose files no longer show what the ledger knows.
     *
     * @param changed the count that the files will show once they are written
     */
    public record Changed(String name, Layout layout, long changed) {}

    /** How far a batch is: its rows by state, and those that ended by outcome. */
    public record Progress(String name, Instant created, Map<State, Long> states, Map<String, Long> outcomes) {

        /** All rows. */
        public long rows() {
            return states.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Rows in any of these states. */
        public long in(State... which) {
            return List.of(which).stream()
                    .mapToLong(state -> states.getOrDefault(state, 0L))
                    .sum();
        }

        /** Rows that ended in this class. */
        public long in(OutcomeClass outcomeClass) {
            return outcomes.entrySet().stream()
                    .filter(entry -> Outcome.of(entry.getKey()).outcomeClass() == outcomeClass)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /**
     * Rows of a batch that are ready and not due.
     *
     * @param asked whether their own column asks for that; else they failed in passing and are tried again
     * @param first when the first of them is due
     */
    public record NotYet(String batch, boolean asked, Instant first, long rows) {}

    /** What is ready and not due, but for what a grace period keeps. */
    public List<NotYet> notYet() {
        return reader.sql("""
                        select batch, asked, min(first), count(*) from
                          (select batch, case when not_before > :now then 1 else 0 end asked,
                            case when not_before > :now then not_before else due end first from request
                            where state = 'READY' and (not_before > :now or (due > :now and first_attempt is not null))) later
                        group by batch, asked order by batch, asked
                        """)
                .param("now", clock.millis())
                .query((row, number) -> new NotYet(
                        row.getString(1), row.getInt(2) == 1, Instant.ofEpochMilli(row.getLong(3)), row.getLong(4)))
                .list();
    }

    /**
     * A row of results. Instants and numbers that do not exist are empty or 0.
     *
     * @param device what Graph said of the device when it was last looked at before its action
     */
    public record Result(
            long id,
            String batch,
            List<String> cells,
            String raw,
            long line,
            State state,
            Optional<Outcome> outcome,
            int httpStatus,
            String graphCode,
            String error,
            String remedy,
            int attempts,
            String graphRequestId,
            String clientRequestId,
            Optional<Instant> started,
            Optional<Instant> finished,
            String requestId,
            Optional<Device> device) {

        /** The same row where it may be sent and is not, for this reason. */
        public Result waitingFor(Optional<String> reason) {
            return reason.filter(why -> state == State.RECEIVED || state == State.READY)
                    .map(this::with)
                    .orElse(this);
        }

        private Result with(String why) {
            return new Result(
                    id,
                    batch,
                    cells,
                    raw,
                    line,
                    state,
                    outcome,
                    httpStatus,
                    graphCode,
                    why,
                    remedy,
                    attempts,
                    graphRequestId,
                    clientRequestId,
                    started,
                    finished,
                    requestId,
                    device);
        }
    }

    /** The batch of this name, found without regard to case. */
    public Optional<Progress> progress(String name) {
        return progress("name_key = ?", BatchNames.key(name)).stream().findFirst();
    }

    /** Every batch, the newest first. */
    public List<Progress> all() {
        return progress("1 = ?", 1);
    }

    private List<Progress> progress(String which, Object value) {
        // one query after the other: a query within a query would hold two connections, and many callers all of them
        List<Progress> batches = reader.query(
                "select name, created from batch where " + which + " order by created desc, name",
                (row, number) -> new Progress(
                        row.getString(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        new EnumMap<>(State.class),
                        new TreeMap<>()),
                value);
        // each unit in the order of its index: no row is read, and no rows are sorted
        batches.forEach(batch -> reader.query(
                "select state, outcome, sum(counted) from"
                        + " (select state, outcome, count(*) as counted from unit cross join request"
                        + " where request.unit = unit.id and unit.batch = ? group by unit.id, state, outcome) of_unit"
                        + " group by state, outcome",
                count -> {
                    batch.states.merge(State.valueOf(count.getString(1)), count.getLong(3), Long::sum);
                    if (count.getString(2) != null) {
                        batch.outcomes.merge(count.getString(2), count.getLong(3), Long::sum);
                    }
                },
                batch.name));
        return batches;
    }

    /**
     * Whether every row of a batch is settled or waits: for approval, for another request, for its own instant, for
     * {@code resume}, or for the hours in which it may be sent.
     *
     * @param closed why nothing may be sent at this hour; empty when it may
     */
    public boolean atRest(String name, Optional<String> closed) {
        return !goesOn(name, closed, Set.of());
    }

    /**
     * Whether a row of a batch goes on by itself.
     *
     * @param stuck tenants whose rows do not
     */
    public boolean goesOn(String name, Optional<String> closed, Set<String> stuck) {
        String others = stuck.isEmpty() ? "" : " and r.tenant not in (:stuck)";
        return !reader.sql("""
                        select 1 where exists (select 1 from intake where batch = :batch and state = 'OPEN')
                          or exists (select 1 from request r where r.batch = :batch
                            and (r.state = 'RECEIVED' or r.state = 'READY' or r.state = 'SENDING')
                            and (r.state <> 'READY' or r.not_before <= :due)
                            and not exists (select 1 from pause p where p.scope in ('*', r.tenant, 'batch:' || r.batch) and p.kind = 'RESUME')
                        """ + others + ")")
                .param("batch", name)
                .param("due", due(clock.millis(), closed))
                .param("stuck", stuck)
                .query()
                .listOfRows()
                .isEmpty();
    }

    /** Why rows of a batch became dead letters: for how many this is the reason, and one of them. */
    public record Cause(long rows, Result example) {}

    static final String CAUSES = """
            select r.*, same.many from (select count(*) many, min(id) example from request
              where batch = ? and state = 'DEAD' group by outcome, graph_code, remedy) same
            join request r on r.id = same.example order by same.many desc, r.outcome limit ?
            """;

    static Cause cause(ResultSet row, int number) throws SQLException {
        return new Cause(row.getLong("many"), result(row));
    }

    /** The most frequent causes of a batch's dead letters. */
    public List<Cause> causes(String name, int most) {
        return reader.query(CAUSES, Batches::cause, name, most);
    }

    /**
     * Cancels what a batch still has to send, before its next call; what is under way is settled as usual.
     *
     * @param by the operating-system user who cancels
     * @return how many rows were cancelled
     */
    public int cancel(String name, String by) {
        return writer.write(jdbc -> Cancellations.cancel(jdbc, clock.millis(), name, by));
    }

    /** Until when something must be due to be sent soon: at a closed hour nothing is. */
    private static long due(long soon, Optional<String> closed) {
        return closed.isPresent() ? -1 : soon;
    }

    /**
     * Which batches have to be written: changed, and at rest; those of messages at most once a minute.
     *
     * @param closed why nothing may be sent now; empty when it may
     * @param stopped why no call of any kind, not even a look, may be made now; empty when it may
     */
    public List<Changed> changedAtRest(int most, Optional<String> closed, Optional<String> stopped) {
        return reader.sql("""
                        select name, columns, delimiter, changed from batch b where changed > written and node = :node
                          and (kind = 'FILE' or written_at <= :writtenBefore or written_at > :now)
                          and not exists (select 1 from intake i where i.batch = b.name and i.state = 'OPEN')
                          and not exists (select 1 from request r where r.batch = b.name
                            and (r.state = 'RECEIVED' or r.state = 'READY' or r.state = 'SENDING')
                            and (r.state <> 'READY' or r.due <= :dueSoon)
                            and (r.state <> 'RECEIVED' or :stopped = 0)
                            and not exists (select 1 from pause p where p.scope in ('*', r.tenant, 'batch:' || r.batch) and p.kind = 'RESUME'))
                        order by created limit :most
                        """)
                .param("writtenBefore", clock.millis() - BETWEEN_WRITES_OF_MESSAGES.toMillis())
                .param("now", clock.millis()) // written in the future: the clock was set back
                .param("dueSoon", due(clock.millis() + Duration.ofMinutes(1).toMillis(), closed))
                .param("stopped", stopped.isPresent() ? 1 : 0)
                .param("most", most)
                .param("node", node)
                .query(Batches::changedBatch)
                .list();
    }

    void beNode(String id) {
        node = id;
    }

    /** Which batches have changed since their files were written, be they at rest or not; none that is half taken in. */
    public List<Changed> changed() {
        return changed("b.changed > b.written");
    }

    /** The same, and those that have rows still to be sent. */
    public List<Changed> changedOrToBeSent() {
        return changed("(b.changed > b.written or exists (select 1 from request r where r.batch = b.name"
                + " and (r.state = 'RECEIVED' or r.state = 'READY')))");
    }

    private List<Changed> changed(String which) {
        return reader.query(
                "select name, columns, delimiter, changed from batch b where node = ? and " + which
                        + " and not exists (select 1 from intake i where i.batch = b.name and i.state = 'OPEN')"
                        + " order by created",
                Batches::changedBatch,
                node);
    }

    private static Changed changedBatch(ResultSet row, int number) throws SQLException {
        return new Changed(
                row.getString(1),
                new Layout(LedgerJson.list(row.getString(2)), row.getString(3).charAt(0)),
                row.getLong(4));
    }

    /** How the rows of a batch are laid out. */
    public Optional<Layout> layout(String name) {
        return reader
                .query(
                        "select columns, delimiter from batch where name = ?",
                        (row, number) -> new Layout(
                                LedgerJson.list(row.getString(1)),
                                row.getString(2).charAt(0)),
                        name)
                .stream()
                .findFirst();
    }

    /** The files of a batch show its count of changes. */
    public void written(Changed batch) {
        long now = clock.millis();
        writer.write(jdbc -> {
            int news = jdbc.update(
                    "update batch set written = ?, written_at = ? where name = ? and written < ?",
                    batch.changed(),
                    now,
                    batch.name(),
                    batch.changed());
            if (news > 0) {
                Notifications.tellIfEnded(jdbc, now, batch.name());
            }
            return news;
        });
    }

    /** How we left the files that we wrote of batches. */
    public WrittenFiles files() {
        return files;
    }

    /**
     * Gives every row of a batch to a consumer, in the order of the input, in constant memory. What stands still under a
     * pause that waits for {@code resume} bears that pause's message.
     */
    public void results(String batch, Consumer<Result> consumer) {
        reader.query(
                """
                select r.*, (select max(p.message) from pause p where r.state in ('RECEIVED', 'READY') and p.kind = 'RESUME'
                  and p.scope in ('*', r.tenant, 'batch:' || r.batch)) paused from request r where batch = ? order by id
                """,
                row -> {
                    consumer.accept(result(row).waitingFor(Optional.ofNullable(row.getString("paused"))));
                },
                batch);
    }

    static Result result(ResultSet row) throws SQLException {
        return new Result(
                row.getLong("id"),
                row.getString("batch"),
                LedgerJson.list(row.getString("cells")),
                text(row, "raw"),
                row.getLong("line"),
                State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::of),
                row.getInt("http_status"),
                text(row, "graph_code"),
                text(row, "error"),
                text(row, "remedy"),
                row.getInt("attempts"),
                text(row, "graph_request_id"),
                text(row, "client_request_id"),
                instant(row, "started"),
                instant(row, "finished"),
                text(row, "request_id"),
                LedgerJson.device(row.getString("device")));
    }
}
