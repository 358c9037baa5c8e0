package org.deprovisioner.ledger;

import static org.deprovisioner.ledger.RequestRows.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/**
 * What people are told. A {@link Notice} is recorded in the transaction of what it tells of. Those of one kind are then
 * gathered into a notification, at most one a minute, which waits here for each channel until it has surely left.
 */
public final class Notifications {

    private static final Duration BETWEEN_TWO = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(3);

    private static final String OPEN =
            "('RECEIVED', 'WAITING', 'HELD', 'READY', 'SENDING', 'IN_DOUBT', 'AWAITING_APPROVAL')";

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;

    Notifications(Jdbc reader, GroupCommit writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * A notification on its way.
     *
     * @param id the same each time that it is sent
     * @param text all of it, in words
     * @param content all of it, as JSON
     */
    public record Delivery(
            String id,
            String channel,
            Notice.Kind kind,
            Instant made,
            String title,
            String text,
            String content,
            int attempts) {}

    /** What a notification says: its title, all of it in words, and all of it as JSON. */
    public record Content(String title, String text, String json) {}

    /**
     * What does not leave by a channel.
     *
     * @param waiting notifications that are tried again
     * @param givenUp notifications that are not, since the channel last took one
     * @param since when the oldest of them was made
     * @param error why the latest attempt failed
     */
    public record Undelivered(String channel, long waiting, long givenUp, Instant since, String error) {}

    /** Records something a person should hear of; once it is known it is counted. */
    static void tell(Jdbc jdbc, long now, Notice.Kind kind, String subject, long times, String message, String remedy) {
        jdbc.sql("""
                        insert into notice (kind, subject, at, times, message, remedy)
                        values (:kind, :subject, :now, :times, :message, :remedy) on conflict (kind, subject) do update
                        set times = notice.times + excluded.times, message = excluded.message, remedy = excluded.remedy
                        """)
                .param("kind", kind.word())
                .param("subject", subject)
                .param("now", now)
                .param("times", times)
                .param("message", message)
                .param("remedy", remedy)
                .update();
    }

    /** Records that a batch has ended, if none of its rows is open. */
    static void tellIfEnded(Jdbc jdbc, long now, String batch) {
        if (jdbc.queryForList(
                        "select 1 from unit join request on request.unit = unit.id and request.state in " + OPEN
                                + " where unit.batch = ? limit 1",
                        batch)
                .isEmpty()) {
            tell(jdbc, now, Notice.Kind.BATCH_ENDED, batch, 1, "", "");
        }
    }

    /** Records something that is no change of the ledger's. */
    public void tell(Notice.Kind kind, String subject, String message, String remedy) {
        long now = clock.millis();
        writer.write(jdbc -> {
            tell(jdbc, now, kind, subject, 1, message, remedy);
            return true;
        });
    }

    /**
     * The kinds of which a notification is to be made now.
     *
     * @param requests notices about fewer requests of a batch wait for more
     */
    public List<Notice.Kind> due(int requests) {
        long now = clock.millis();
        return reader.query(
                "select distinct kind from notice where " + isEnough("times", requests)
                        + " and not exists (select 1 from notified n where n.kind = notice.kind and n.made > ? and n.made <= ?)"
                        + " order by kind",
                (row, number) -> Notice.Kind.of(row.getString(1)),
                now - BETWEEN_TWO.toMillis(),
                now);
    }

    private static String isEnough(String times, int requests) {
        return "(" + times + " >= " + requests + " or kind not in ('" + Notice.Kind.IN_DOUBT.word() + "', '"
                + Notice.Kind.DEAD_LETTERS.word() + "'))";
    }

    /** Whether nobody was told for a day how all is; or never. */
    public boolean isDailyDue() {
        long now = clock.millis();
        return reader.queryForList(
                        "select 1 from notified where kind = ? and made > ? and made <= ?",
                        Notice.Kind.DAILY.word(),
                        now - DAY.toMillis(),
                        now)
                .isEmpty();
    }

    /**
     * Makes one notification of all notices of a kind, for each channel; none where there are no channels.
     *
     * @param requests as for {@link #due}
     * @param words puts notices in words, under the notification's id
     */
    public void collect(
            Notice.Kind kind, int requests, Collection<String> channels, Function<List<Notice>, Words> words) {
        List<Notice> collected = reader.query(
                "select * from notice where kind = ? and " + isEnough("times", requests) + " order by at, subject",
                Notifications::notice,
                kind.word());
        if (collected.isEmpty()) {
            return;
        }
        Words put = words.apply(collected);
        String id = UUID.randomUUID().toString();
        Instant made = clock.instant();
        Content content = put.of(id, made);
        writer.write(jdbc -> {
            for (Notice notice : collected) { // what was counted meanwhile stays for the next one
                jdbc.update(
                        "update notice set times = times - ?, at = ? where kind = ? and subject = ?",
                        notice.times(),
                        made.toEpochMilli(),
                        kind.word(),
                        notice.subject());
            }
            jdbc.update("delete from notice where kind = ? and times <= 0", kind.word());
            jdbc.update(
                    "insert into notified (kind, made) values (?, ?) on conflict (kind) do update set made = excluded.made",
                    kind.word(),
                    made.toEpochMilli());
            for (String channel : channels) {
                jdbc.update(
                        "insert into notification (id, channel, kind, made, title, words, content, due)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                        id,
                        channel,
                        kind.word(),
                        made.toEpochMilli(),
                        content.title(),
                        content.text(),
                        content.json(),
                        made.toEpochMilli());
            }
            return id;
        });
    }

    /** What notices say, once their notification has an id. */
    @FunctionalInterface
    public interface Words {
        Content of(String id, Instant made);
    }

    /** The oldest notifications that are due by a channel; each stays until it was sent. */
    public List<Delivery> due(String channel, int most) {
        long now = clock.millis();
        return reader.query(
                "select * from notification where channel = ? and given_up is null and (due <= ? or due > ?)"
                        + " order by made, id limit ?",
                Notifications::delivery,
                channel,
                now,
                now + LAST_RETRY.toMillis(), // further ahead than any retry: the clock was set back
                most);
    }

    /** A notification was taken by its channel: whatever else waits for that one need wait no longer. */
    public void sent(Delivery delivery) {
        long now = clock.millis();
        writer.write(jdbc -> {
            jdbc.update("delete from notification where id = ? and channel = ?", delivery.id(), delivery.channel());
            jdbc.update("delete from notification where channel = ? and given_up is not null", delivery.channel());
            return jdbc.update(
                    "update notification set due = ? where channel = ? and due > ?", now, delivery.channel(), now);
        });
    }

    /**
     * A notification was not taken by its channel: it is tried again, later each time; after three days no more.
     *
     * @return whether it is given up
     */
    public boolean failed(Delivery delivery, String why) {
        Instant now = clock.instant();
        boolean givenUp = delivery.made().plus(GIVEN_UP_AFTER).isBefore(now);
        long wait = Math.min(FIRST_RETRY.toMillis() << Math.min(delivery.attempts(), 20), LAST_RETRY.toMillis());
        writer.write(jdbc -> {
            int known = jdbc.sql("update notification set attempts = attempts + 1, due = :due, error = :why,"
                            + " given_up = case when :givenUp = 1 then :now end where id = :id and channel = :channel")
                    .param("due", now.toEpochMilli() + wait)
                    .param("why", why)
                    .param("givenUp", givenUp ? 1 : 0)
                    .param("now", now.toEpochMilli())
                    .param("id", delivery.id())
                    .param("channel", delivery.channel())
                    .update();
            if (known > 0 && givenUp) {
                AuditEntries.tell(
                        jdbc,
                        now.toEpochMilli(),
                        AuditEntries.What.NOT_NOTIFIED,
                        AuditEntries.PROGRAM,
                        "",
                        "",
                        "The notification '%s' was given up after three days without leaving by %s: %s"
                                .formatted(delivery.title(), delivery.channel(), why));
            }
            return known;
        });
        return givenUp;
    }

    /** Forgets what waits for channels that are there no more. */
    public void keepOnly(Collection<String> channels) {
        List<String> gone = reader.queryForList("select distinct channel from notification", String.class).stream()
                .filter(channel -> !channels.contains(channel))
                .toList();
        if (!gone.isEmpty()) {
            writer.write(jdbc -> jdbc.batchUpdate(
                    "delete from notification where channel = ?",
                    gone.stream().map(channel -> new Object[] {channel}).toList()));
        }
    }

    /** The channels by which something does not leave. */
    public List<Undelivered> undelivered() {
        return reader.query(
                """
                select channel, sum(case when given_up is null then 1 else 0 end), sum(case when given_up is null then 0 else 1 end),
                  min(made), max(error) from notification where attempts > 0 group by channel order by channel
                """,
                (row, number) -> new Undelivered(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        Instant.ofEpochMilli(row.getLong(4)),
                        Optional.ofNullable(row.getString(5)).orElse("")));
    }

    private static Notice notice(ResultSet row, int number) throws SQLException {
        return new Notice(
                Notice.Kind.of(row.getString("kind")),
                row.getString("subject"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getLong("times"),
                row.getString("message"),
                row.getString("remedy"));
    }

    private static Delivery delivery(ResultSet row, int number) throws SQLException {
        return new Delivery(
                row.getString("id"),
                row.getString("channel"),
                Notice.Kind.of(row.getString("kind")),
                Instant.ofEpochMilli(row.getLong("made")),
                row.getString("title"),
                text(row, "words"),
                row.getString("content"),
                row.getInt("attempts"));
    }
}
