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

    private final JdbcClient client = JdbcClient.create(this);

    /** @param database tells what its faults mean */
    public Jdbc(DataSource connections, Database database) {
        super(connections);
        setExceptionTranslator((task, sql, fault) -> database.isOfTheStatement(fault)
                ? new UncategorizedSQLException(task, sql, fault)
                : database.explain(fault));
    }

    /** A statement whose parameters have names: {@code :name}. */
    public JdbcClient.StatementSpec sql(String sql) {
        return client.sql(sql);
    }
}
