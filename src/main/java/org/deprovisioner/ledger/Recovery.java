package org.deprovisioner.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;
import org.deprovisioner.store.SteadyTime;

/** What a service does first: it takes up what the one before it left under way. */
public final class Recovery {

    /** Two clocks of a machine that nobody sets differ by less from one start to the next. */
    private static final Duration CLOCK_DRIFT = Duration.ofSeconds(2);

    /** No request waits longer than this for its next try. */
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    /** What waits for Intune's approval, as its index knows it. */
    private static final String PARKED = "'AWAITING_APPROVAL' and approval_since is not null";

    private final GroupCommit writer;
    private final InDoubt inDoubt;
    private final Clock clock;
    private final SteadyTime steady;
    private volatile boolean clockWasSet;

    Recovery(GroupCommit writer, InDoubt inDoubt, Clock clock, SteadyTime steady) {
        this.writer = writer;
        this.inDoubt = inDoubt;
        this.clock = clock;
        this.steady = steady;
    }

    /**
     * Takes up what an earlier service left: its leases lapse, and a request whose call may have been under way is in
     * doubt, for it may have been executed. To be called by the only service of this ledger, before it starts.
     *
     * @return how many requests are in doubt by this
     */
    public int recover() {
        return writer.write(this::recover);
    }

    /** As {@link #recover()}, within the transaction in which a service becomes the active one. */
    public int recover(Jdbc jdbc) {
        // by the states that are leased in, each of which has an index: settled rows cost nothing
        for (String leased : List.of("'RECEIVED' and resolved is null", "'IN_DOUBT'", PARKED, "'READY'")) {
            freeLeases(jdbc, leased);
        }
        dueAgain(jdbc, "'RECEIVED' and resolved is null", "0");
        dueAgain(jdbc, "'READY'", Claims.ASKED);
        jdbc.update(
                "update request set approval_due = 0 where approval_due > ? and state = " + PARKED,
                clock.millis() + LONGEST_DELAY.toMillis());
        inDoubt.lookInTime(jdbc);
        if (!writer.activity().isShared()) { // there instants are the server's
            noteTheClock(jdbc);
        }
        DryRuns.endReady(jdbc, clock.millis());
        jdbc.update("update pause set probing = 0");
        List<Long> sending =
                jdbc.queryForList("select id from request where state = 'SENDING' order by id", Long.class);
        jdbc.update(
                "update attempt set ended = ?, result = 'cut off' where ended is null"
                        + " and request in (select id from request where state = 'SENDING')",
                clock.millis());
        jdbc.update("update request set graph_request_id = null where state = 'SENDING'");
        for (long id : sending) {
            inDoubt.begin(jdbc, id, "The program ended while the call was under way.", 0, false);
        }
        return sending.size();
    }

    private static void freeLeases(Jdbc jdbc, String state) {
        jdbc.update("update request set leased_by = null, leased_until = null where leased_by is not null"
                + " and state = " + state);
    }

    /** What is due further ahead than any retry: the clock was set back since, and nothing is to wait for that. */
    private void dueAgain(Jdbc jdbc, String state, String asked) {
        jdbc.update(
                "update request set due = " + asked + " where due > ? and due > " + asked + " and state = " + state,
                steady.dueMillis() + LONGEST_DELAY.toMillis());
    }

    /** Whether the clock was set since the start before, or the machine started anew: then it does not tell what was just now. */
    private void noteTheClock(Jdbc jdbc) {
        long ahead = steady.wallAhead();
        clockWasSet = jdbc.queryForList("select ahead from clock_before where id = 1", Long.class).stream()
                .anyMatch(before -> Math.abs(ahead - before) > CLOCK_DRIFT.toMillis());
        jdbc.update(
                "insert into clock_before (id, ahead) values (1, ?) on conflict (id) do update set ahead = excluded.ahead",
                ahead);
    }

    /** Whether the clock was set since the start before, so that the times of earlier attempts tell nothing. */
    boolean clockWasSet() {
        return clockWasSet;
    }
}
