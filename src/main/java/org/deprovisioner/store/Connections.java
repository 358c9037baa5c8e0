package org.deprovisioner.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SmartDataSource;

/**
 * The connections of one use, as many as are used at once, up to a limit; who wants one more waits. They stay open: each
 * knows the tables, and keeps pages of them and its statements. Whoever takes one by Spring's classes gives it back by them.
 */
final class Connections extends AbstractDataSource implements SmartDataSource, AutoCloseable {

    private final DataSource source;
    private final Database database;
    private final Semaphore free;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicLong opened = new AtomicLong();
    private volatile long session;
    private volatile boolean closed;

    Connections(Database database, Database.Use use, int most) {
        this.source = database.source(use);
        this.database = database;
        this.free = new Semaphore(most);
    }

    /** @throws StoreException when none can be opened */
    @Override
    public Connection getConnection() {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new StoreException("The ledger is closed.", null);
            }
            Connection rested = idle.poll();
            return rested == null ? open() : rested;
        } catch (SQLException unopened) {
            free.release();
            throw database.explain(unopened);
        } catch (RuntimeException | Error failed) {
            free.release();
            throw failed;
        }
    }

    private Connection open() throws SQLException {
        Connection connection = KeptStatements.on(source.getConnection());
        session = opened.incrementAndGet();
        return connection;
    }

    /** The number of the session, where there is but one at a time; 0 where none is open. */
    long session() {
        return session;
    }

    @Override
    public Connection getConnection(String user, String password) {
        return getConnection();
    }

    /**
     * Spring's question when a connection is no longer used. One that is still in a transaction, or whose transaction could
     * not begin, ends: nobody may go on with it.
     */
    @Override
    public boolean shouldClose(Connection used) {
        boolean ends = closed || isInTransaction(used);
        if (ends) {
            session = 0;
        } else {
            idle.push(used);
        }
        free.release();
        return ends;
    }

    private static boolean isInTransaction(Connection used) {
        try {
            return !used.getAutoCommit();
        } catch (SQLException unusable) {
            return true;
        }
    }

    /** Those that are in use end when they are given back. */
    @Override
    public void close() throws SQLException {
        closed = true;
        for (Connection rested = idle.poll(); rested != null; rested = idle.poll()) {
            rested.close();
        }
    }
}
