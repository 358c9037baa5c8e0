package org.deprovisioner.store;

import javax.sql.DataSource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs SQL, with named parameters ({@link #sql}) or with those of the template. Faults of the database come as
 * {@link StoreException}, those of a statement as another {@code DataAccessException}.
 */
public final class Jdbc extends JdbcTemplate {

    private final Database database;
    private final JdbcClient client = JdbcClient.create(this);

    /**
     * Runs SQL over these connections.
     *
     * @param database tells what its faults mean
     */
    public Jdbc(DataSource connections, Database database) {
        super(connections);
        this.database = database;
        setExceptionTranslator((task, sql, fault) -> database.isOfTheStatement(fault)
                ? new UncategorizedSQLException(task, sql, fault)
                : database.explain(fault));
    }

    /** A statement whose parameters have names: {@code :name}. */
    public JdbcClient.StatementSpec sql(String sql) {
        return client.sql(sql);
    }

    /** As {@link Database#newestNumber}. */
    public long newestNumber(String table) {
        return database.newestNumber(this, table);
    }

    /** As {@link Database#numberAfter}. */
    public void numberAfter(String table, long number) {
        database.numberAfter(this, table, number);
    }
}
