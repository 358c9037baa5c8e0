package org.deprovisioner.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Migrations.Standing;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The file of a ledger: what stands there, and how it becomes one of this program. */
final class LedgerFile {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);

    private final String url;
    private final Path path;

    LedgerFile(String url) {
        this.url = url;
        this.path = Path.of(url.substring(Ledger.SQLITE.length())).toAbsolutePath();
    }

    /** With what SQLite keeps beside it while it is open. */
    List<Path> all() {
        return Stream.of("", "-wal", "-shm")
                .map(end -> path.resolveSibling(path.getFileName() + end))
                .toList();
    }

    /** What stands there; nothing is written to find out. */
    Standing standing() throws IOException {
        if (Files.notExists(path) || Files.size(path) == 0) {
            return Standing.NONE;
        }
        SQLiteConfig readOnly = new SQLiteConfig();
        readOnly.setReadOnly(true);
        readOnly.setBusyTimeout(Ledger.BUSY_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(readOnly);
        source.setUrl(Ledger.literally(url));
        try {
            return Migrations.of(source);
        } catch (DataAccessException unreadable) {
            throw LedgerException.of(unreadable);
        }
    }

    /** Makes the ledger where there is none; one of another version is refused. */
    void makeOrRefuse() throws IOException, SQLException {
        switch (standing()) {
            case NONE -> {
                makeFile();
                try (LedgerHold hold = hold()) {
                    bringUpToDate(hold);
                }
            }
            case CURRENT -> {
                // it is used as it is
            }
            case OLDER ->
                throw new LedgerRefusedException("The ledger " + path + " is of an older version of this program."
                        + " Nothing was changed. Start the service anew, with 'deprovision run' of this version: it"
                        + " copies the ledger and brings it up to date.");
            case NEWER -> throw newer();
        }
    }

    /** Takes the hold of the ledger, for as long as it is worked off, and makes or migrates it when it must. */
    LedgerHold holdUpToDate() throws IOException, SQLException {
        if (standing() == Standing.NEWER) {
            throw newer();
        }
        makeFile();
        LedgerHold hold = hold();
        try {
            bringUpToDate(hold);
            return hold;
        } catch (IOException | RuntimeException failed) {
            hold.close();
            throw failed;
        }
    }

    /** The ledger names devices and people. */
    private void makeFile() throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        OwnerAlone.file(path);
    }

    private LedgerHold hold() throws IOException, SQLException {
        return LedgerHold.take(path, writable());
    }

    private SQLiteDataSource writable() {
        SQLiteDataSource source = new SQLiteDataSource(Ledger.durable());
        source.setUrl(Ledger.literally(url));
        return source;
    }

    /** @param held whoever holds the ledger alone may change it */
    @SuppressWarnings("unused")
    private void bringUpToDate(LedgerHold held) throws IOException {
        switch (standing()) {
            case NONE -> {
                Migrations.carryOut(writable());
                // a ledger from the first instant on, whatever becomes of the file beside it
                new JdbcTemplate(writable()).queryForList("pragma wal_checkpoint(truncate)");
            }
            case CURRENT -> {
                // nothing is to be done
            }
            case OLDER -> migrate();
            case NEWER -> throw newer();
        }
    }

    private void migrate() throws IOException {
        Path copy = copyFor(Migrations.newest());
        Path part = copy.resolveSibling("." + copy.getFileName() + ".part");
        LOG.info("The ledger is of an older version. It is copied to {} and brought up to date.", copy);
        try {
            Files.deleteIfExists(part);
            copy(new JdbcTemplate(writable()), part);
            Files.move(part, copy);
        } catch (IOException | DataAccessException noCopy) {
            part.toFile().delete(); // the room that it took; what cannot be deleted is not ours
            throw new LedgerRefusedException(
                    "The ledger is of an older version and is left as it is, for it could not be copied to " + copy
                            + " before it is brought up to date: "
                            + LedgerException.root(noCopy).getMessage()
                            + ". Make room for the copy, which is as large as the ledger ("
                            + Files.size(path) / 1_000_000
                            + " MB), and start again.");
        }
        try {
            Migrations.carryOut(writable());
        } catch (RuntimeException unchanged) {
            Files.deleteIfExists(copy);
            throw unchanged;
        }
    }

    private Path copyFor(int version) {
        return Stream.iterate(1, number -> number + 1)
                .map(number ->
                        path.resolveSibling("ledger-before-" + version + (number == 1 ? "" : "-" + number) + ".db"))
                .filter(Files::notExists)
                .findFirst()
                .orElseThrow();
    }

    /** Makes a copy, of one instant; it is on disk when this returns. */
    static void copy(JdbcTemplate ledger, Path file) throws IOException {
        OwnerAlone.file(file);
        ledger.update("vacuum into ?", file.toString());
        try (FileChannel copy = FileChannel.open(file, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
    }

    private LedgerRefusedException newer() {
        return new LedgerRefusedException(
                "The ledger " + path + " is of a newer version of this program, which knows what"
                        + " this one does not. Nothing was changed, and nothing is sent. Use the newer version again; or stop it"
                        + " and put back the copy ledger-before-….db that it made of the ledger of this version.");
    }
}
