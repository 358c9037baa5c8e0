package org.deprovisioner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What differs from one database to another. Another one is one more class of this kind, and what it understands of the
 * scripts in {@code db/migration}.
 */
public interface Database {

    /** What a connection is for. */
    enum Use {
        /** To see what is there: nothing is made or changed by it. */
        LOOK,
        READ,
        WRITE
    }

    /** The hold of the one process that works a database off, or that makes or migrates it; it ends with the process. */
    interface Hold {
        void release() throws IOException, SQLException;
    }

    /**
     * The database at a place.
     *
     * @param url of JDBC; {@code jdbc:sqlite:} and a file's path is the one kind there is
     */
    static Database at(String url) {
        return new SqliteDatabase(url);
    }

    /** Whether there is one, with tables or without; nothing is made to find out. */
    boolean isThere() throws IOException;

    /** Makes one without tables where there is none, for its owner alone. */
    void make() throws IOException;

    /** New connections, each of them opened when it is asked for: what one confirms outlives a cut of the power. */
    DataSource source(Use use);

    /**
     * Takes the hold of one that is there, and waits a moment for it.
     *
     * @throws StoreException when another process has it
     */
    Hold hold() throws IOException, SQLException;

    /** What the scripts of the tables call differently from one database to another. */
    Map<String, String> words();

    /** Writes all that is recorded into its lasting place. */
    void checkpoint(JdbcTemplate jdbc);

    /** The files that it is, where it is some; those beside the first hold what was recorded last. */
    List<Path> files();

    /** Whether {@link #damage} is found out in a moment. */
    boolean isSmall(JdbcTemplate jdbc);

    /** What is found damaged in it, or in a part of it at least. */
    Optional<String> damage(JdbcTemplate jdbc);

    /** Makes a copy, of one instant, while others write; it is on disk when this returns. */
    void copy(JdbcTemplate jdbc, Path file) throws IOException;

    /** Where its copy is kept from before it is brought to a version of its tables; there is nothing yet. */
    Path placeForCopy(int version);

    /** Whether a statement is at fault, and not the database. */
    boolean isOfTheStatement(SQLException fault);

    /** What a fault means for whoever runs the program, and what to do. */
    StoreException explain(Throwable fault);
}
