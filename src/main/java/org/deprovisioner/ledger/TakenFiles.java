package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** Files that were taken in, as they were when their rows were read: one that changes after that had not wholly arrived. */
public final class TakenFiles {

    /** A copy that paused goes on soon, or never. */
    private static final Duration WATCHED_AT_LEAST = Duration.ofHours(1);

    private static final String OPEN =
            "('RECEIVED', 'WAITING', 'HELD', 'READY', 'SENDING', 'IN_DOUBT', 'AWAITING_APPROVAL')";

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private volatile String node = "";

    TakenFiles(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /** What can be seen of a file without reading it: its size in bytes, and its last change in microseconds. */
    public record Stamp(long size, long modified) {}

    /** What a file holds. */
    public record Content(Stamp stamp, String digest) {}

    /**
     * A file that was taken in.
     *
     * @param place where it lies, below the data folder
     * @param read what it held when it was read, or when a change of it was last noted
     * @param changed whether a change of it was noted
     * @param here whether it lies on this machine
     * @param cutOff why it was read in part only; empty when it was read to its end
     */
    public record TakenFile(
            long intake, String batch, String place, Content read, boolean changed, boolean here, String cutOff) {}

    /** What a change of a file led to. */
    public enum Consequence {
        /** Nothing of it was sent, and nothing is. */
        HELD,
        /** Some of it was sent; its batch is paused. */
        PAUSED,
        /** All its rows had ended, or are those of a dry run. */
        NONE
    }

    /** The reading of a file begins. Where it began before, and was cut off, the stamp of then stays: it is given back. */
    public Stamp reading(long intake, String place, Stamp stamp) {
        return writer.write(jdbc -> jdbc.query(
                        "update intake set place = ?, file_size = coalesce(file_size, ?),"
                                + " file_modified = coalesce(file_modified, ?) where id = ?"
                                + " returning file_size, file_modified",
                        (row, number) -> new Stamp(row.getLong(1), row.getLong(2)),
                        place,
                        stamp.size(),
                        stamp.modified(),
                        intake))
                .get(0);
    }

    /**
     * A file was read to its end; from now on it is watched.
     *
     * @param changed whether it was another one when its reading began
     */
    public void read(long intake, Content content, boolean changed) {
        writer.write(jdbc -> jdbc.sql("""
                        update intake set file_size = :size, file_modified = :modified, file_digest = :digest,
                          changed = :changed, watched = 1 where id = :id and state = 'OPEN'
                        """)
                .param("size", content.stamp().size())
                .param("modified", content.stamp().modified())
                .param("digest", content.digest())
                .param("changed", changed ? 1 : 0)
                .param("id", intake)
                .update());
    }

    /** A file lies at another place now. */
    public void moved(long intake, String place) {
        writer.write(jdbc -> jdbc.update("update intake set place = ? where id = ?", place, intake));
    }

    void beNode(String id) {
        node = id;
    }

    /** The files that are looked at again and again: until their batch has ended, and for an hour at least. */
    public List<TakenFile> watched() {
        return reader.query(
                "select * from intake where watched = 1 and state = 'TAKEN' and node = ? order by id",
                this::file,
                node);
    }

    /** Watches those files no more whose time is over. */
    public void forgetEnded() {
        long before = clock.millis() - WATCHED_AT_LEAST.toMillis();
        String over = "watched = 1 and state <> 'OPEN' and received <= ? and not exists (select 1 from unit u"
                + " join request r on r.unit = u.id and r.state in " + OPEN + " where u.intake = intake.id)";
        if (!reader.queryForList("select 1 from intake where " + over + " limit 1", before)
                .isEmpty()) {
            writer.write(jdbc -> jdbc.update("update intake set watched = 0 where " + over, before));
        }
    }

    /** The file that a unit's rows were read from; empty when they came by message, or before files were watched. */
    public Optional<TakenFile> of(Units.Unit unit) {
        return reader
                .query(
                        "select i.* from unit u join intake i on i.id = u.intake where u.id = ?"
                                + " and (i.file_digest is not null or i.cut_off <> '')",
                        this::file,
                        unit.id())
                .stream()
                .findFirst();
    }

    /** A file was touched, and holds what it held. */
    public void touched(TakenFile file, Stamp stamp) {
        writer.write(jdbc ->
                jdbc.update("update intake set file_modified = ? where id = ?", stamp.modified(), file.intake()));
    }

    /**
     * A file holds something else than what was read. Before the first call of its batch all that is left is held; later the
     * batch is paused, and so it is where a file only grew whose rows had all ended.
     *
     * @param grew whether what was read is still its beginning
     * @param why what happened
     * @param untilApproved what to do where it is held
     * @param untilResumed what to do where it is paused
     */
    public Consequence changed(
            TakenFile file, Content now, boolean grew, String why, String untilApproved, String untilResumed) {
        return writer.write(jdbc -> {
            jdbc.update(
                    "update intake set changed = 1, file_size = ?, file_modified = ?, file_digest = ? where id = ?",
                    now.stamp().size(),
                    now.stamp().modified(),
                    now.digest(),
                    file.intake());
            if (!is(jdbc, "select 1 from unit where intake = ? and dry_run = 0", file)) {
                return Consequence.NONE;
            }
            boolean open = is(
                    jdbc,
                    "select 1 from unit u join request r on r.unit = u.id and r.state in " + OPEN
                            + " where u.intake = ? limit 1",
                    file);
            boolean begun = is(
                    jdbc,
                    "select 1 from unit u join request r on r.unit = u.id join attempt a on a.request = r.id"
                            + " where u.intake = ? limit 1",
                    file);
            if (open && !begun) {
                hold(jdbc, file, why, untilApproved);
                return Consequence.HELD;
            }
            if (open || grew) {
                pause(jdbc, file, why, untilResumed);
                return Consequence.PAUSED;
            }
            return Consequence.NONE;
        });
    }

    private static boolean is(Jdbc jdbc, String question, TakenFile file) {
        return !jdbc.queryForList(question, file.intake()).isEmpty();
    }

    private void hold(Jdbc jdbc, TakenFile file, String why, String remedy) {
        for (long unit : jdbc.queryForList("select id from unit where intake = ?", Long.class, file.intake())) {
            AuditEntries.tellOf(
                    jdbc,
                    clock.millis(),
                    AuditEntries.What.HELD,
                    AuditEntries.PROGRAM,
                    why,
                    "unit = ? and state = 'READY'",
                    unit);
            Transitions.change(State.READY, State.HELD)
                    .inBatch(file.batch())
                    .onlyWhere("unit = ?", unit)
                    .set("released = 0")
                    .all(jdbc);
            jdbc.update("update request set released = 0 where unit = ? and state = 'WAITING'", unit);
            jdbc.update(
                    "update request set error = ?, remedy = ? where unit = ? and state = 'HELD'", why, remedy, unit);
        }
        jdbc.update("update batch set changed = changed + 1, facts = facts + 1 where name = ?", file.batch());
        Notifications.tell(jdbc, clock.millis(), Notice.Kind.BATCH_HELD, file.batch(), 1, why, remedy);
    }

    private void pause(Jdbc jdbc, TakenFile file, String why, String remedy) {
        String scope = Pause.ofBatch(file.batch());
        Pauses.set(jdbc, clock.millis(), scope, Pause.EndsBy.RESUME, "file-changed", why, remedy, AuditEntries.PROGRAM);
        AuditEntries.tell(jdbc, clock.millis(), AuditEntries.What.PAUSED, AuditEntries.PROGRAM, "", scope, why);
        jdbc.update("update batch set changed = changed + 1, facts = facts + 1 where name = ?", file.batch());
    }

    private TakenFile file(ResultSet row, int number) throws SQLException {
        return new TakenFile(
                row.getLong("id"),
                row.getString("batch"),
                text(row, "place"),
                new Content(
                        new Stamp(row.getLong("file_size"), row.getLong("file_modified")), text(row, "file_digest")),
                row.getInt("changed") == 1,
                row.getString("node").equals(node),
                row.getString("cut_off"));
    }
}
