package org.deprovisioner.store;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whether this process works the database off. Of a file its holder does. Of a server's database one process of all does: the
 * one whose writing session holds a lock there. When that session ends, however it ends, so does the lock, and with it all
 * that only the active process may write. Safe for use by many threads.
 */
public final class Activity {

    private final Database database;
    private final GroupCommit writer;
    private final LongSupplier session;
    private volatile long active;
    private volatile long living;

    Activity(Database database, GroupCommit writer, LongSupplier session) {
        this.database = database;
        this.writer = writer;
        this.session = session;
    }

    /** Whether another process can be active in place of this one. */
    public boolean isShared() {
        return database.isShared();
    }

    /**
     * Whether this process is the active one. Within a transaction of the writer that is sure; elsewhere the session may have
     * ended just now.
     */
    public boolean isActive() {
        return !database.isShared() || (active != 0 && active == session.getAsLong());
    }

    /**
     * Tries to become active, where no other process is; it does not wait for it.
     *
     * @param takingOver what is done first, in the same transaction
     */
    public boolean tryToBegin(Consumer<? super Jdbc> takingOver) {
        return isActive()
                || writer.write(jdbc -> {
                    if (!database.tryToBeActive(jdbc)) {
                        return false;
                    }
                    takingOver.accept(jdbc);
                    active = session.getAsLong();
                    return true;
                });
    }

    /** Lets another process be active. */
    public void end() {
        if (database.isShared() && active != 0) {
            writer.write(jdbc -> {
                active = 0;
                database.yieldActive(jdbc);
                return true;
            });
        }
    }

    /**
     * Shows others that the process with this number lives, for as long as the session of its writer. To be said within each
     * heartbeat's transaction: sessions end.
     *
     * @return false when another process shows it already
     */
    public boolean live(Jdbc jdbc, long number) {
        if (living != session.getAsLong()) {
            if (!database.tryToLive(jdbc, number)) {
                return false;
            }
            living = session.getAsLong();
        }
        return true;
    }

    /** The numbers of the processes that live now. */
    public List<Long> living(Jdbc jdbc) {
        return database.living(jdbc);
    }

    /** A number that changes with the session of the writer. */
    public long session() {
        return session.getAsLong();
    }
}
