package org.deprovisioner.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Connections to a database's file for its writer, with faults on demand. */
public final class FaultySource extends DelegatingDataSource {

    /** What is wrong with the connections from now on. */
    public enum Fault {
        NONE,
        /** As where the file system is read-only. */
        READ_ONLY,
        /** What is committed is on disk, and nobody is told so. */
        SILENT_COMMIT
    }

    private volatile Fault fault = Fault.NONE;
    private final AtomicInteger faulty = new AtomicInteger();

    public FaultySource(Path ledger) {
        super(source(ledger));
    }

    private static SQLiteDataSource source(Path ledger) {
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(30_000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + ledger);
        return source;
    }

    public void set(Fault now) {
        fault = now;
    }

    /** How many connections with a fault were given. */
    public int faulty() {
        return faulty.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        if (fault != Fault.NONE) {
            faulty.incrementAndGet();
        }
        if (fault == Fault.READ_ONLY) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma query_only = 1");
            }
        }
        return fault == Fault.SILENT_COMMIT ? silent(connection) : connection;
    }

    private static Connection silent(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                FaultySource.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit")) {
                            throw new SQLException("[SQLITE_IOERR] A disk I/O error occurred");
                        }
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
