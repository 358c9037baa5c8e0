package org.deprovisioner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
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
        WRITE,
        /** As {@link #WRITE}, for what may take long. */
        CHANGE_TABLES
    }

    /**
     * Work that is committed as one.
     *
     * @param writer a name that no other writer has
     * @param number one that this writer gives once
     */
    record Group(String writer, long number) {}

    /** What becomes of work that failed and of which nothing is recorded. */
    enum Retry {
        NOT,
        /** Another was in its way for a moment. */
        AT_ONCE,
        /** The session ended; another may do it. */
        IN_A_NEW_SESSION
    }

    /** The hold of the one process that works a database off, or that makes or migrates it; it ends with the process. */
    interface Hold {
        void release() throws IOException, SQLException;
    }

    /**
     * The database at a place that wants no sign-in.
     *
     * @param url of JDBC: {@code jdbc:sqlite:} and a file's path, or {@code jdbc:postgresql:} and a server's
     */
    static Database at(String url) {
        return at(ServerAccess.to(url));
    }

    /** The database at a place. */
    static Database at(ServerAccess access) {
        return isOfServer(access.url()) ? new PostgresDatabase(access) : new SqliteDatabase(access.url());
    }

    /** Whether a URL names a database of a server, on which services of several machines may work. */
    static boolean isOfServer(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** Whether several services may work on it, of which one at a time is active. */
    default boolean isShared() {
        return false;
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

    /** What a group of work begins with, in its transaction: from then on nobody else writes. */
    default void beginGroup(JdbcTemplate jdbc, Group group) {
        // a file's transactions exclude each other from their beginning
    }

    /** Whether a group was recorded, where nobody heard how its transaction ended. */
    default boolean isRecorded(JdbcTemplate jdbc, Group group) {
        return false;
    }

    /** Whether work that failed is tried once more, and how. */
    default Retry retry(Throwable fault) {
        return Retry.NOT;
    }

    /** Tries to make the session that writes the active one, of all services; for as long as it lasts. */
    default boolean tryToBeActive(JdbcTemplate jdbc) {
        return true;
    }

    /** Lets another session be the active one. */
    default void yieldActive(JdbcTemplate jdbc) {
        // there is no other
    }

    /** Tries to make the session that writes the one of a process with this number; for as long as it lasts. */
    default boolean tryToLive(JdbcTemplate jdbc, long process) {
        return true;
    }

    /** The numbers of the processes that live. */
    default List<Long> living(JdbcTemplate jdbc) {
        return List.of();
    }

    /** The newest number that a table, whose numbers never come again, ever gave to a row; 0 when it gave none. */
    long newestNumber(JdbcTemplate jdbc, String table);

    /** From now on a table gives numbers after this one. */
    void numberAfter(JdbcTemplate jdbc, String table, long number);

    /** The wall clock by which instants are written. */
    default Clock clock(JdbcTemplate jdbc, Clock own) {
        return own;
    }

    /** What the scripts of the tables call differently from one database to another. */
    Map<String, String> words();

    /** Writes all that is recorded into its lasting place. */
    void checkpoint(JdbcTemplate jdbc);

    /** The files that it is, where it is some; those beside the first hold what was recorded last. */
    List<Path> files();

    /** Whether {@link #damage} is found out in a moment. */
    boolean isSmall(JdbcTemplate jdbc);

    /** What makes it a place from which something may be lost, and what to do. */
    record Weakness(String words, String remedy) {}

    /** How it is set up otherwise than it should be. */
    default List<Weakness> weaknesses(JdbcTemplate jdbc) {
        return List.of();
    }

    /** What is found damaged in it, or in a part of it at least. */
    Optional<String> damage(JdbcTemplate jdbc);

    /**
     * Makes a copy, of one instant, while others write; it is on disk when this returns.
     *
     * @throws StoreRefusedException where copies are made by other means
     */
    void copy(JdbcTemplate jdbc, Path file) throws IOException;

    /** Where its copy is kept from before it is brought to a version of its tables; there is nothing yet. */
    Path placeForCopy(int version);

    /** Whether a statement is at fault, and not the database. */
    boolean isOfTheStatement(SQLException fault);

    /** What a fault means for whoever runs the program, and what to do. */
    StoreException explain(Throwable fault);
}
