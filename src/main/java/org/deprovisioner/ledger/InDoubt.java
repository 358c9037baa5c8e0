package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.ReadBack.Decision;
import org.deprovisioner.ledger.ReadBack.Doubt;
import org.deprovisioner.ledger.ReadBack.Seen;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;

/**
 * The requests of which nobody knows whether their call was carried out, and those whose success is verified: their devices
 * are read back, at set times, until it shows.
 */
public final class InDoubt {

    private static final String REMEDY = "Nothing needs to be done yet: the service reads the device back by itself.";

    private final Jdbc reader;
    private final GroupCommit writer;
    private final Clock clock;
    private final SteadyTime steady;
    private volatile ReadBackSchedule patience = ReadBackSchedule.STANDARD;

    InDoubt(Jdbc reader, GroupCommit writer, Clock clock, SteadyTime steady) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.steady = steady;
    }

    /** How a look is traced: the status of its answer, 0 when none came, and the names of the call. */
    public record Trace(int httpStatus, String clientRequestId, String graphRequestId) {}

    /** How many requests are in doubt or being verified, and when the next of them is looked at. */
    public record Open(long requests, Instant nextLook) {}

    /** Says how patient to be from now on; to be said before the service starts. */
    public void readBackBy(ReadBackSchedule from) {
        patience = from;
    }

    /** What is in doubt now; empty when nothing is. */
    public Optional<Open> open() {
        return reader
                .query(
                        "select count(*), min(due) from request where state = 'IN_DOUBT'",
                        (row, number) -> new Open(row.getLong(1), onTheWall(row.getLong(2))))
                .stream()
                .filter(open -> open.requests() > 0)
                .findFirst();
    }

    /**
     * The attempt of a request is in doubt, or its success is to be verified: it waits for its first look.
     *
     * @param why what happened
     * @param accepted whether Graph took the action
     */
    void begin(Jdbc jdbc, long id, String why, int httpStatus, boolean accepted) {
        long now = clock.millis();
        long due = steady.millis() + patience.looks().get(0).toMillis();
        String sentence = Pause.sentence(why);
        Transitions.change(State.SENDING, State.IN_DOUBT)
                .set("due = ?, doubt = ?, doubt_since = coalesce(doubt_since, last_attempt)", due, sentence)
                .set("accepted = ?, http_status = nullif(?, 0)", accepted ? 1 : 0, httpStatus)
                .set("read_backs = 0, gone_looks = 0, looks = 0")
                .set("error = ?, remedy = ?", ReadBack.waits(sentence, 0, patience, onTheWall(due)), REMEDY)
                .one(jdbc, id);
        AuditEntries.tellOf(jdbc, now, AuditEntries.What.IN_DOUBT, AuditEntries.PROGRAM, "", "id = ?", id);
        if (!accepted) { // else it is only verified
            tellPeople(jdbc, now, id, sentence);
        }
    }

    private static void tellPeople(Jdbc jdbc, long now, long id, String why) {
        String batch = jdbc.sql("select batch from request where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
        Notifications.tell(jdbc, now, Notice.Kind.IN_DOUBT, batch, 1, why, REMEDY);
    }

    /** After a start no look is waited for longer than it may take: the clock was set back since. */
    void lookInTime(Jdbc jdbc) {
        List<Duration> looks = patience.looks();
        for (int look = 0; look < looks.size(); look++) {
            long latest = steady.millis() + looks.get(look).toMillis();
            jdbc.update(
                    "update request set due = ? where state = 'IN_DOUBT' and due > ? and read_backs "
                            + (look < looks.size() - 1 ? "= ?" : ">= ?"),
                    latest,
                    latest,
                    look);
        }
    }

    private Instant onTheWall(long due) {
        return Instant.ofEpochMilli(steady.onTheWall(due));
    }

    /** Graph answered a look at the device of a leased request, and one of the looks is used up. */
    public void answered(Lease lease, Seen seen, Trace trace) {
        writer.insist(jdbc -> {
            Optional<Doubt> open = doubt(jdbc, lease);
            open.ifPresent(doubt -> {
                String words = ReadBack.words(doubt, seen);
                note(jdbc, lease, trace, words);
                jdbc.update(
                        "update request set read_backs = read_backs + 1, gone_looks = ?, looks = 0 where id = ?",
                        seen instanceof Seen.Gone ? doubt.gone() + 1 : 0,
                        lease.id());
                AuditEntries.tellOf(
                        jdbc,
                        clock.millis(),
                        AuditEntries.What.READ_BACK,
                        AuditEntries.PROGRAM,
                        words,
                        "id = ?",
                        lease.id());
                carryOut(jdbc, lease, doubt, doubt.looks() + 1, ReadBack.decide(doubt, seen, patience));
            });
            return open.isPresent();
        });
    }

    /**
     * A look at the device of a leased request was not answered, or not by Graph: it uses no look up.
     *
     * @param delay after which it is repeated; empty for as long as this look was waited for
     * @param charged whether that time counts towards the age that the request may reach
     */
    public void unanswered(Lease lease, Optional<Duration> delay, boolean charged, String why, Trace trace) {
        writer.insist(jdbc -> {
            Optional<Doubt> open = doubt(jdbc, lease);
            open.ifPresent(doubt -> {
                int look = Math.min(doubt.looks(), patience.looks().size() - 1);
                Duration wait = delay.orElse(patience.looks().get(look));
                note(jdbc, lease, trace, "No answer of Graph: " + why + ".");
                jdbc.update(
                        "update request set looks = looks + ?, tried_millis = tried_millis + ? where id = ?",
                        charged ? 1 : 0,
                        charged ? wait.toMillis() : 0,
                        lease.id());
                Decision decision =
                        charged ? ReadBack.unanswered(doubt, wait, why, patience) : new Decision.LookAgain(wait);
                carryOut(jdbc, lease, doubt, doubt.looks(), decision);
            });
            return open.isPresent();
        });
    }

    private void note(Jdbc jdbc, Lease lease, Trace trace, String words) {
        jdbc.sql("""
                        insert into read_back (request, at, http_status, client_request_id, graph_request_id, saw)
                        values (:id, :now, nullif(:httpStatus, 0), :clientRequestId, nullif(:graphRequestId, ''), :saw)
                        """)
                .param("id", lease.id())
                .param("now", clock.millis())
                .param("httpStatus", trace.httpStatus())
                .param("clientRequestId", trace.clientRequestId())
                .param("graphRequestId", trace.graphRequestId())
                .param("saw", words)
                .update();
    }

    private void carryOut(Jdbc jdbc, Lease lease, Doubt doubt, int looks, Decision decision) {
        long now = clock.millis();
        if (decision instanceof Decision.End end) {
            Completions.end(jdbc, now, lease.id(), State.IN_DOUBT, end.finding());
        } else if (decision instanceof Decision.LookAgain again) {
            long due = steady.millis() + again.delay().toMillis();
            Transitions.change(State.IN_DOUBT, State.IN_DOUBT)
                    .inBatch(lease.batch())
                    .set("due = ?, error = ?", due, ReadBack.waits(doubt.why(), looks, patience, onTheWall(due)))
                    .one(jdbc, lease.id());
        } else {
            Transitions.change(State.IN_DOUBT, State.READY)
                    .inBatch(lease.batch())
                    .set("due = ?, resolved = null, remedy = null", steady.dueMillis())
                    .set(
                            "error = ?",
                            doubt.why()
                                    + " No look showed the action, so it is sent again (deprovision.in-doubt=resend).")
                    .one(jdbc, lease.id());
        }
    }

    private static Optional<Doubt> doubt(Jdbc jdbc, Lease lease) {
        return jdbc
                .query(
                        "select r.*, " + Cancellations.OF_REQUEST
                                + " as cancelled from request r join batch b on b.name = r.batch"
                                + " where r.id = ? and state = 'IN_DOUBT' and leased_by = ?",
                        RequestRows::doubt,
                        lease.id(),
                        lease.claim())
                .stream()
                .findFirst();
    }
}
