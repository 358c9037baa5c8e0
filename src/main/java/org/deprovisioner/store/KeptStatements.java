package org.deprovisioner.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one connection, which stay prepared once they are closed: to parse them anew at each use cost the
 * writer 290 µs of a processor a call, and so it is 170. For use by one thread at a time, as the connection is.
 */
final class KeptStatements {

    /** As many stay prepared; there are fewer of them. */
    private static final int MOST = 200;

    private final Connection connection;
    private final Map<String, KeptStatement> statements = new LinkedHashMap<>(MOST, 0.75f, true);

    private KeptStatements(Connection connection) {
        this.connection = connection;
    }

    /** The same connection, which keeps its statements. */
    static Connection on(Connection connection) {
        KeptStatements statements = new KeptStatements(connection);
        return proxy(Connection.class, statements::call);
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        return method.getName().equals("prepareStatement") && arguments != null && arguments.length == 1
                ? prepare(String.valueOf(arguments[0]))
                : invoke(connection, method, arguments);
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        KeptStatement kept = statements.get(sql);
        if (kept == null) {
            kept = new KeptStatement(sql, connection.prepareStatement(sql));
            statements.put(sql, kept);
            endOldest();
        } else if (kept.isUsed) { // a query within the same query
            return connection.prepareStatement(sql);
        }
        kept.isUsed = true;
        return kept.proxy;
    }

    private void endOldest() throws SQLException {
        KeptStatement oldest = statements.values().iterator().next();
        if (statements.size() > MOST && !oldest.isUsed) {
            statements.remove(oldest.sql);
            oldest.statement.close();
        }
    }

    private final class KeptStatement {

        private final String sql;
        private final PreparedStatement statement;
        private final PreparedStatement proxy;
        private boolean isUsed;
        private boolean hasFailed;

        KeptStatement(String sql, PreparedStatement statement) {
            this.sql = sql;
            this.statement = statement;
            this.proxy = proxy(PreparedStatement.class, this::call);
        }

        private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("close")) {
                close();
                return null;
            }
            try {
                return invoke(statement, method, arguments);
            } catch (SQLException failed) {
                hasFailed = true;
                throw failed;
            }
        }

        /** One that failed ends: the driver itself closes what met a fault of the disk. */
        private void close() throws SQLException {
            isUsed = false;
            if (hasFailed) {
                statements.remove(sql, this);
                statement.close();
            } else {
                statement.clearBatch();
            }
        }
    }

    private interface Call {
        @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                KeptStatements.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.call(method, arguments)));
    }

    private static @Nullable Object invoke(Object of, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(of, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
    }
}
