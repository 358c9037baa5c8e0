package org.deprovisioner.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * Connections to the ledger's file, as many as are used at once, up to a limit. Each stays open, and so do its statements,
 * which are parsed once. A general pool keeps books of each statement's use: in a profile that was a third of the writer's
 * time, and a short command waited for its JMX.
 */
final class Connections extends AbstractDataSource implements AutoCloseable {

    /** As many statements stay prepared on each connection; there are fewer of them. */
    private static final int STATEMENTS = 200;

    private final String url;
    private final Properties properties;
    private final String first;
    private final Semaphore free;
    private final Deque<Kept> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /**
     * @param properties the driver's
     * @param first a statement that each connection begins with
     * @param most how many of them; who wants one more waits
     */
    Connections(String url, Properties properties, String first, int most) {
        this.url = url;
        this.properties = properties;
        this.first = first;
        this.free = new Semaphore(most);
    }

    @Override
    public Connection getConnection() throws SQLException {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new SQLException("The ledger is closed.");
            }
            Kept rested = idle.poll();
            Kept connection = rested == null ? open() : rested;
            connection.isUsed = true;
            return connection;
        } catch (SQLException | RuntimeException | Error failed) {
            free.release();
            throw failed;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    private Kept open() throws SQLException {
        Kept connection = new Kept();
        try (Statement statement = connection.createStatement()) {
            statement.execute(first);
            return connection;
        } catch (SQLException | RuntimeException | Error failed) {
            connection.end();
            throw failed;
        }
    }

    /** Those that are in use end when they are given back. */
    @Override
    public void close() throws SQLException {
        closed = true;
        for (Kept connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.end();
        }
    }

    /** One connection; closed by who used it, it is used again. */
    private final class Kept extends JDBC4Connection {

        private final Map<String, KeptStatement> statements = new LinkedHashMap<>(STATEMENTS, 0.75f, true);
        private boolean isUsed;

        Kept() throws SQLException {
            super(url, url.substring(Ledger.SQLITE.length()), properties);
        }

        @Override
        public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
                throws SQLException {
            KeptStatement kept = statements.get(sql);
            if (kept == null || kept.pointer.isClosed()) { // the driver closes one that met a fault of the disk
                kept = new KeptStatement(this, sql);
                statements.put(sql, kept);
                endOldest();
            } else if (kept.isUsed) { // a query within the same query
                return super.prepareStatement(sql, type, concurrency, holdability);
            }
            kept.isUsed = true;
            return kept;
        }

        private void endOldest() throws SQLException {
            KeptStatement oldest = statements.values().iterator().next();
            if (statements.size() > STATEMENTS && !oldest.isUsed) {
                statements.values().remove(oldest);
                oldest.end();
            }
        }

        /** One that is still in a transaction, or whose transaction could not begin, ends: nobody may go on with it. */
        @Override
        public void close() throws SQLException {
            if (!isUsed) {
                return;
            }
            isUsed = false;
            try {
                if (closed || !getAutoCommit()) {
                    end();
                } else {
                    idle.push(this);
                    if (closed) {
                        Connections.this.close();
                    }
                }
            } finally {
                free.release();
            }
        }

        private void end() throws SQLException {
            super.close();
        }
    }

    /** One statement; closed by who used it, it is used again. */
    private static final class KeptStatement extends JDBC4PreparedStatement {

        private boolean isUsed;

        KeptStatement(Kept connection, String sql) throws SQLException {
            super(connection, sql);
        }

        @Override
        public void close() throws SQLException {
            rs.close();
            clearBatch();
            isUsed = false;
        }

        private void end() throws SQLException {
            super.close();
        }
    }
}
