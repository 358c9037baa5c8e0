package org.deprovisioner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * An open database: several readers, which never block the writer, and one writer. Safe for use by many threads; several
 * processes may have it open, one of them alone works it off.
 */
public final class Store implements AutoCloseable {

    private static final int READERS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final Database database;
    private final Optional<Database.Hold> hold;
    private final Connections writing;
    private final Connections reading;
    private final Jdbc reader;
    private final GroupCommit writer;

    private Store(Database database, Optional<Database.Hold> hold) {
        this.database = database;
        this.hold = hold;
        writing = new Connections(database, Database.Use.WRITE, 1);
        reading = new Connections(database, Database.Use.READ, READERS);
        reader = new Jdbc(reading, database);
        writer = new GroupCommit(writing, database);
    }

    /**
     * Opens a database beside the process that works it off, and makes it where there is none.
     *
     * @throws StoreRefusedException when it is of another version of this program; it is then left as it is
     * @throws StoreException when it is damaged, locked, or not to be written; it is then left as it is
     */
    public static Store open(Database database) {
        return explained(database, () -> {
            new Migrations(database).makeOrRefuse();
            return new Store(database, Optional.empty());
        });
    }

    /**
     * Opens a database to work it off, which one process at a time may; and makes it where there is none, or migrates it
     * when it must, once it was copied to {@code ledger-before-<version>.db} beside it.
     *
     * @throws StoreRefusedException when it is of a newer version of this program, or cannot be copied
     * @throws StoreException when another process works it off; or as {@link #open}
     */
    public static Store openAlone(Database database) {
        return explained(database, () -> new Store(database, Optional.of(new Migrations(database).holdUpToDate())));
    }

    /**
     * Brings a database of a server up to date, of which a person says that there is a backup; any other, and one that is
     * not older, is left as it is.
     *
     * @throws StoreRefusedException when services of the older version run on it
     */
    public static void migrate(Database database) {
        explained(database, () -> {
            Migrations migrations = new Migrations(database, true);
            if (database.isShared() && migrations.tables() == Migrations.Tables.OLDER) {
                migrations.holdUpToDate().release();
            }
            return true;
        });
    }

    /** Whether there is a database with tables. */
    public static boolean isThere(Database database) {
        return explained(database, () -> new Migrations(database).tables() != Migrations.Tables.NONE);
    }

    /** Whether the process that works a database off still has to bring it up to date; nothing is written to find out. */
    public static boolean isOlder(Database database) {
        return explained(database, () -> new Migrations(database).tables() == Migrations.Tables.OLDER);
    }

    private static <T> T explained(Database database, Callable<T> action) {
        try {
            return action.call();
        } catch (StoreException | StoreRefusedException told) {
            throw told;
        } catch (Exception | UnsatisfiedLinkError failed) {
            throw database.explain(failed);
        }
    }

    /** Reads what was committed. */
    public Jdbc reader() {
        return reader;
    }

    /** As {@link Database#weaknesses}. */
    public List<Database.Weakness> weaknesses() {
        return database.weaknesses(reader);
    }

    /**
     * The same of a database that may have no tables yet.
     *
     * @throws StoreException when it cannot be reached, or is not to be written to
     */
    public static List<Database.Weakness> weaknesses(Database database) {
        try (Connection session = database.source(Database.Use.WRITE).getConnection()) {
            return database.weaknesses(new JdbcTemplate(new SingleConnectionDataSource(session, true)));
        } catch (SQLException unusable) {
            throw database.explain(unusable);
        }
    }

    /** The wall clock by which instants are written that others read: the database's, where it has one. */
    public Clock clock(Clock own) {
        return database.clock(reader, own);
    }

    /** Writes, and so reads what is being written. */
    public GroupCommit writer() {
        return writer;
    }

    /**
     * Refuses a damaged database before anything is done by it. A large one is not looked at here, but by
     * {@link #lookForDamageMeanwhile}.
     *
     * @throws StoreException when it is damaged
     */
    public void refuseDamaged() {
        if (database.isSmall(reader)) {
            refuseAnyDamage();
        }
    }

    /**
     * Looks at all of a large database while work goes on: nothing more is written from the moment that damage is found.
     * To be called once the start is over, which needs the processors itself.
     *
     * @return the thread that looks; it has ended, or was never started, when there is nothing more to be found
     */
    public Thread lookForDamageMeanwhile() {
        Thread looking = new Thread(
                () -> {
                    try {
                        refuseAnyDamage();
                    } catch (StoreException damaged) {
                        writer.refuseAll(damaged);
                        LOG.error("{}", damaged.getMessage());
                    }
                },
                "ledger-check");
        looking.setDaemon(true);
        if (!database.isSmall(reader)) {
            looking.start();
        }
        return looking;
    }

    private void refuseAnyDamage() {
        database.damage(reader).ifPresent(damage -> {
            throw StoreException.damaged(damage, null);
        });
    }

    /** Makes a copy, of one instant, while others write; it is on disk when this returns. */
    public void backup(Path file) throws IOException {
        database.copy(reader, file);
    }

    /**
     * Looks through a copy from end to end.
     *
     * @return what reads it
     * @throws StoreException when it is damaged
     */
    public static Jdbc verify(Database copy) {
        Jdbc reader = new Jdbc(copy.source(Database.Use.LOOK), copy);
        copy.damage(reader).ifPresent(damage -> {
            throw new StoreException("The copy " + copy + " is damaged: " + damage + ".", null);
        });
        return reader;
    }

    /** Whether the writer goes on working: it neither was closed nor ended by an error. */
    public boolean isWriting() {
        return writer.isAlive();
    }

    /** The files that the database is; those beside the first hold what was recorded last. */
    public List<Path> files() {
        return database.files();
    }

    /** Writes all that is recorded into its lasting place, wherever that is by now. */
    public void checkpoint() {
        database.checkpoint(new Jdbc(writing, database));
    }

    /**
     * Ends the writing and leaves the files open, until the process ends: to close them takes away what stands where they
     * were, and after they were moved away that may be another's.
     */
    public void abandon() {
        writer.close();
        checkpoint();
    }

    @Override
    public void close() {
        writer.close();
        explained(database, () -> {
            reading.close();
            writing.close();
            if (hold.isPresent()) {
                hold.get().release();
            }
            return true;
        });
    }
}
