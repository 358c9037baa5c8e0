package org.deprovisioner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Brings a database's tables to what this program needs. Only its holder changes them, as a whole or not at all, and keeps
 * a copy first; those of a newer version are left alone. Flyway is loaded only where something is to be done.
 */
final class Migrations {

    /** The numbers of the scripts in {@code db/migration}; a test holds them together. */
    static final Set<Integer> SCRIPTS = Set.of(
            1, 20, 21, 22, 30, 80, 90, 100, 110, 120, 121, 130, 140, 141, 150, 160, 170, 180, 190, 210, 220, 221, 230,
            240, 241, 242, 250, 251, 252, 254, 255);

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final Database database;
    private final boolean backupWasMade;

    Migrations(Database database) {
        this(database, false);
    }

    /** @param backupWasMade whether a person says that there is a backup of a ledger which this program cannot copy */
    Migrations(Database database, boolean backupWasMade) {
        this.database = database;
        this.backupWasMade = backupWasMade;
    }

    /** How the tables stand to what this program needs. */
    enum Tables {
        /** There are none. */
        NONE,
        /** They lack a script of this program. */
        OLDER,
        CURRENT,
        /** They know a script that this program does not. */
        NEWER
    }

    /** What stands there; nothing is written to find out. */
    Tables tables() throws IOException {
        if (!database.isThere()) {
            return Tables.NONE;
        }
        JdbcTemplate look = new Jdbc(database.source(Database.Use.LOOK), database);
        List<Integer> carriedOut;
        try {
            carriedOut = look.queryForList("select version from flyway_schema_history where success", Integer.class);
        } catch (StoreException unreadable) {
            throw unreadable;
        } catch (DataAccessException noHistory) {
            return Tables.NONE;
        }
        if (carriedOut.isEmpty()) {
            return Tables.NONE;
        } else if (!SCRIPTS.containsAll(carriedOut)) {
            return Tables.NEWER;
        }
        return carriedOut.size() == SCRIPTS.size() ? Tables.CURRENT : Tables.OLDER;
    }

    private static int newest() {
        return Collections.max(SCRIPTS);
    }

    /** Makes the tables where there are none; those of another version are refused. */
    void makeOrRefuse() throws IOException, SQLException {
        switch (tables()) {
            case NONE -> holdUpToDate().release();
            case CURRENT -> {
                // they are used as they are
            }
            case OLDER ->
                throw database.isShared()
                        ? olderOnServer()
                        : new StoreRefusedException(
                                "The ledger " + database + " is of an older version of this program."
                                        + " Nothing was changed. Restart the service with this version ('deprovision run'): it"
                                        + " copies the ledger and brings it up to date.");
            case NEWER -> throw newer();
        }
    }

    /** Takes the hold of the database, for as long as it is worked off, and makes or migrates its tables when it must. */
    Database.Hold holdUpToDate() throws IOException, SQLException {
        if (tables() == Tables.NEWER) {
            throw newer();
        }
        database.make();
        Database.Hold hold = database.hold();
        try {
            bringUpToDate();
            if (database.isShared()) {
                hold.release();
                return () -> {};
            }
            return hold;
        } catch (IOException | RuntimeException failed) {
            hold.release();
            throw failed;
        }
    }

    private void bringUpToDate() throws IOException {
        switch (tables()) {
            case NONE -> {
                carryOut();
                // a ledger from the first instant on, whatever becomes of the file beside it
                database.checkpoint(new Jdbc(database.source(Database.Use.CHANGE_TABLES), database));
            }
            case CURRENT -> {
                // nothing is to be done
            }
            case OLDER -> migrate();
            case NEWER -> throw newer();
        }
    }

    private void migrate() throws IOException {
        if (database.isShared()) {
            if (!backupWasMade) {
                throw olderOnServer();
            }
            refuseBesideOlder();
            LOG.info("The ledger is of an older version and is brought up to date.");
            carryOut();
            return;
        }
        Path copy = database.placeForCopy(newest());
        Path part = copy.resolveSibling("." + copy.getFileName() + ".part");
        LOG.info("The ledger is of an older version. It is copied to {} and brought up to date.", copy);
        try {
            Files.deleteIfExists(part);
            database.copy(new Jdbc(database.source(Database.Use.WRITE), database), part);
            Files.move(part, copy);
        } catch (IOException | DataAccessException noCopy) {
            part.toFile().delete(); // the room that it took; what cannot be deleted is not ours
            throw new StoreRefusedException(
                    "The ledger is of an older version and is left as it is, for it could not be copied to " + copy
                            + " before it is brought up to date: "
                            + NestedExceptionUtils.getMostSpecificCause(noCopy).getMessage()
                            + ". Make room for the copy, which is as large as the ledger ("
                            + Files.size(database.files().get(0)) / 1_000_000
                            + " MB), and start again.");
        }
        try {
            carryOut();
        } catch (RuntimeException unchanged) {
            Files.deleteIfExists(copy);
            throw unchanged;
        }
    }

    private StoreRefusedException olderOnServer() {
        return new StoreRefusedException(
                "The ledger " + database + " is of an older version of this program. Nothing was"
                        + " changed. Back it up with the database's own tools, such as pg_dump, and stop the services of the older"
                        + " version on all machines; then start one of this version, once, with 'deprovision run --migrate'.");
    }

    /** What works by the older tables would fail on new ones, or write what they no longer mean. */
    private void refuseBesideOlder() {
        JdbcTemplate look = new Jdbc(database.source(Database.Use.LOOK), database);
        List<Long> living = database.living(look);
        if (!living.isEmpty()) {
            List<String> names = living.stream()
                    .flatMap(number -> look
                            .queryForList(
                                    "select name || ' (' || version || ')' from node where number = ?",
                                    String.class,
                                    number)
                            .stream())
                    .sorted()
                    .toList();
            throw new StoreRefusedException("The ledger " + database + " is of an older version of this program, and"
                    + " services of that version run on it: " + String.join(", ", names) + ". Nothing was changed. Stop"
                    + " them, then start this one again.");
        }
    }

    private void carryOut() {
        Flyway.configure()
                .dataSource(database.source(Database.Use.CHANGE_TABLES))
                .locations("classpath:db/migration")
                .placeholders(database.words())
                .loggers("slf4j")
                .group(true)
                .load()
                .migrate();
    }

    private StoreRefusedException newer() {
        return new StoreRefusedException(
                "The ledger " + database + " is of a newer version of this program, which knows what"
                        + " this one does not. Nothing was changed, and nothing is sent. Use the newer version again; or stop it"
                        + " and put back the copy ledger-before-….db that it made of the ledger of this version.");
    }
}
