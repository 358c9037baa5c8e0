package org.deprovisioner.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.deprovisioner.rights.OwnerAlone;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** A file of SQLite, which several processes may open. */
final class SqliteDatabase implements Database {

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int BUSY_MILLIS = 30_000;

    /** A file of so many bytes is looked at in a moment. */
    private static final long LOOKED_AT_FIRST = 32L << 20;

    /** So much of the file the writer keeps in memory, in KiB: each row touches pages all over the indexes. */
    private static final int WRITERS_CACHE = 16 << 10;

    /** So many changed pages, of 4 KiB, stand in the log before the file takes them over: often they are changed again. */
    private static final int PAGES_BEFORE_CHECKPOINT = 8_000;

    /** How SQLite says that the statement is at fault, and not the file. */
    private static final Set<Integer> OF_THE_STATEMENT = Set.of(
            SQLiteErrorCode.SQLITE_ERROR.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_RANGE.code);

    private static final Pattern CODE = Pattern.compile("SQLITE_[A-Z_]+");
    private static final List<String> NOT_ALLOWED =
            List.of("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH");

    private final String url;
    private final Path path;

    SqliteDatabase(String url) {
        this.url = literally(url);
        this.path = Path.of(url.substring(SQLITE.length())).toAbsolutePath();
    }

    /** The driver takes what follows a question mark for options; only as a URI can a file's name hold one. */
    private static String literally(String url) {
        String file = url.substring(SQLITE.length());
        return file.contains("?")
                ? SQLITE + "file:"
                        + file.replace("%", "%25").replace("?", "%3F").replace("#", "%23")
                : url;
    }

    /** An empty file is none. */
    @Override
    public boolean isThere() throws IOException {
        return Files.exists(path) && Files.size(path) > 0;
    }

    @Override
    public void make() throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        OwnerAlone.file(path);
    }

    @Override
    public DataSource source(Use use) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setBusyTimeout(BUSY_MILLIS);
        if (use == Use.LOOK) {
            sqlite.setReadOnly(true);
        } else {
            sqlite.resetOpenMode(SQLiteOpenMode.CREATE); // no connection makes a file where the ledger was taken away
            sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
            sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            sqlite.setGetGeneratedKeys(false); // asked for after every insert, by a statement that is parsed anew
        }
        if (use == Use.WRITE || use == Use.CHANGE_TABLES) {
            sqlite.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            sqlite.setCacheSize(-WRITERS_CACHE);
            sqlite.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, String.valueOf(PAGES_BEFORE_CHECKPOINT));
        }
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl(url);
        return source;
    }

    @Override
    public Hold hold() throws IOException, SQLException {
        return SqliteHold.take(path, source(Use.READ));
    }

    @Override
    public Map<String, String> words() {
        return Map.of(
                "id", "integer primary key",
                "idNeverUsedAgain", "integer primary key autoincrement",
                "wideShares", "select 1");
    }

    @Override
    public long newestNumber(JdbcTemplate jdbc, String table) {
        return jdbc.queryForList("select seq from sqlite_sequence where name = ?", Long.class, table).stream()
                .findFirst()
                .orElse(0L);
    }

    @Override
    public void numberAfter(JdbcTemplate jdbc, String table, long number) {
        if (jdbc.update("update sqlite_sequence set seq = max(seq, ?) where name = ?", number, table) == 0) {
            jdbc.update("insert into sqlite_sequence (name, seq) values (?, ?)", table, number);
        }
    }

    @Override
    public void checkpoint(JdbcTemplate jdbc) {
        jdbc.queryForList("pragma wal_checkpoint(full)");
    }

    @Override
    public List<Path> files() {
        return Stream.of("", "-wal", "-shm")
                .map(end -> path.resolveSibling(path.getFileName() + end))
                .toList();
    }

    @Override
    public boolean isSmall(JdbcTemplate jdbc) {
        return jdbc.queryForList(
                                "select page_count * page_size from pragma_page_count(), pragma_page_size()",
                                Long.class)
                        .get(0)
                <= LOOKED_AT_FIRST;
    }

    @Override
    public Optional<String> damage(JdbcTemplate jdbc) {
        return Optional.of(jdbc.queryForList("pragma integrity_check(1)", String.class)
                        .get(0)
                        .strip())
                .filter(found -> !found.equals("ok"));
    }

    @Override
    public void copy(JdbcTemplate jdbc, Path file) throws IOException {
        OwnerAlone.file(file);
        jdbc.update("vacuum into ?", file.toString());
        try (FileChannel copy = FileChannel.open(file, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
    }

    @Override
    public Path placeForCopy(int version) {
        return Stream.iterate(1, number -> number + 1)
                .map(number ->
                        path.resolveSibling("ledger-before-" + version + (number == 1 ? "" : "-" + number) + ".db"))
                .filter(Files::notExists)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean isOfTheStatement(SQLException fault) {
        return fault instanceof SQLiteException sqlite && OF_THE_STATEMENT.contains(sqlite.getResultCode().code & 0xff);
    }

    @Override
    public StoreException explain(Throwable fault) {
        if (fault instanceof StoreException told) {
            return told;
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(fault);
        if (root instanceof NativeLibraryNotFoundException || root instanceof UnsatisfiedLinkError) {
            return new StoreException(
                    "The ledger cannot be used: SQLite's library cannot be loaded. Give Java a temporary folder that may be written and that libraries may be loaded"
                            + " from: DEPROVISION_JAVA_OPTS=-Djava.io.tmpdir=FOLDER in the environment.",
                    root);
        }
        if (Files.isDirectory(path)) {
            return new StoreException(
                    "The ledger " + path + " cannot be used: a folder is in its place. Move it away.", fault);
        } else if (root instanceof FileSystemException) {
            return new StoreException("The ledger " + path + " cannot be used: " + words("SQLITE_CANTOPEN", ""), fault);
        }
        String detail = String.valueOf(root.getMessage());
        Matcher named = CODE.matcher(detail);
        String code = named.find() ? named.group() : "";
        return code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")
                ? StoreException.damaged(path + " (" + code + ")", fault)
                : new StoreException("The ledger " + path + " cannot be used: " + words(code, detail), fault);
    }

    private static String words(String code, String detail) {
        if (code.startsWith("SQLITE_FULL")) {
            return "the disk is full. Make room; work goes on by itself.";
        } else if (NOT_ALLOWED.stream().anyMatch(code::startsWith)) {
            return "the user " + System.getProperty("user.name")
                    + " cannot write it or its folder: their rights, or a disk that may only be read, do not allow it. Run"
                    + " this as the user that the service runs as.";
        } else if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
            return "another program holds its lock. End that program; work goes on by itself.";
        } else if (code.startsWith("SQLITE_IOERR")) {
            return "its disk reports a fault (" + code
                    + "). Look at the disk and at the system's log. Nothing was sent that is not recorded; work goes on"
                    + " once the file can be written again.";
        }
        return (code.isEmpty() ? detail : "SQLite reports " + code)
                + ". Nothing was sent that is not recorded. Look for the cause; work goes on once it is gone.";
    }

    /** As it is named to people. */
    @Override
    public String toString() {
        return path.toString();
    }
}
