package org.deprovisioner.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database of a PostgreSQL server, which services on several machines work on. */
final class PostgresDatabase implements Database {

    private static final int OLDEST = 14;

    /** The state of SQL for what the server is not able to do. */
    private static final String UNUSABLE = "0A000";

    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(2);

    private static final int CONNECT_SECONDS = 5;

    /** No answer of the server takes longer; a session that is cut off is noticed at the latest then. */
    private static final int WRITING_SECONDS = 30;

    private static final int READING_SECONDS = 300;

    /** The server ends a session that is silent for so long, and with it the locks that it held: its process is frozen. */
    private static final String SILENT = "5s";

    /** How a session ended, or could not begin; the same work may succeed in another one. */
    private static final Set<String> OF_THE_SESSION =
            Set.of("25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05", "53300");

    /** The same work succeeds when it is done once more: another was in its way for a moment. */
    private static final Set<String> IN_THE_WAY = Set.of("40001", "40P01", "55P03");

    private final ServerAccess access;

    PostgresDatabase(ServerAccess access) {
        this.access = access;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isThere() {
        return true; // whether it can be reached is found out by whoever asks it something
    }

    @Override
    public void make() {
        // a database of a server is made by whoever runs the server
    }

    @Override
    public DataSource source(Use use) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(access.url());
        access.user().ifPresent(source::setUser);
        source.setApplicationName("deprovisioner");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(2 * CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        secure(source);
        if (use != Use.CHANGE_TABLES) {
            source.setSocketTimeout(use == Use.WRITE ? WRITING_SECONDS : READING_SECONDS);
        }
        return new DelegatingDataSource(source) {
            @Override
            public Connection getConnection() throws SQLException {
                access.password().ifPresent(source::setPassword); // it may have been renewed
                Connection connection = super.getConnection();
                try {
                    setUp(connection, use);
                    return connection;
                } catch (SQLException unusable) {
                    connection.close();
                    throw unusable;
                }
            }
        };
    }

    /** Over a network the server proves who it is, by the certificates that Java trusts unless the URL names others. */
    private void secure(PGSimpleDataSource source) {
        if (source.getSslMode() == null && !isLoopback(source)) {
            source.setSslMode("verify-full");
        }
        boolean verified = String.valueOf(source.getSslMode()).startsWith("verify");
        if (verified && source.getSslRootCert() == null && source.getSslfactory() == null) {
            if (access.authorities().isPresent()) {
                source.setSslRootCert(access.authorities().get().toString());
            } else {
                source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
            }
        }
    }

    private static boolean isLoopback(PGSimpleDataSource source) {
        return Arrays.stream(source.getServerNames()).allMatch(host -> {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException elsewhere) {
                return false;
            }
        });
    }

    private static void setUp(Connection connection, Use use) throws SQLException {
        try (Statement set = connection.createStatement()) {
            if (use == Use.READ || use == Use.LOOK) {
                set.execute("set default_transaction_read_only = on");
                return;
            }
            refuseUnusable(connection, set);
            set.execute("select set_config('synchronous_commit', 'on', false)"
                    + " where current_setting('synchronous_commit') in ('off', 'local')");
            if (use == Use.WRITE) {
                set.execute("set lock_timeout = '1s'; set idle_in_transaction_session_timeout = '" + SILENT
                        + "'; set idle_session_timeout = '" + SILENT + "'; set tcp_user_timeout = '" + SILENT + "'");
                setWhereTheServerCan(set);
            }
        }
    }

    /** Behind a pooler a lock would be held by whoever uses the session next. */
    private static void refuseUnusable(Connection connection, Statement ask) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            throw new SQLException(
                    "it is PostgreSQL " + version + ", and " + OLDEST + " is the oldest that is known to work",
                    UNUSABLE);
        }
        try (ResultSet answer = ask.executeQuery("select pg_backend_pid()")) {
            answer.next();
            if (answer.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID()) {
                throw new SQLException(
                        "a pooler stands between here and the server, and its sessions are not ours", UNUSABLE);
            }
        }
    }

    /** Only servers on Linux, and some others, look whether their client is still there. */
    private static void setWhereTheServerCan(Statement set) {
        try {
            set.execute("set client_connection_check_interval = '1s'");
        } catch (SQLException unknownThere) {
            // the other limits hold
        }
    }

    /** Held while tables are made or changed, and let go of then: many work on one database. */
    @Override
    public Hold hold() throws SQLException {
        Connection connection = source(Use.CHANGE_TABLES).getConnection();
        try (Statement lock = connection.createStatement()) {
            lock.execute("select pg_advisory_lock(1, 3)");
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
        return connection::close;
    }

    @Override
    public void beginGroup(JdbcTemplate jdbc, Group group) {
        jdbc.update(
                "insert into write_group (writer, number, at)"
                        + " select ?, ?, cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"
                        + " from pg_advisory_xact_lock(1, 2)"
                        + " on conflict (writer) do update set number = excluded.number, at = excluded.at",
                group.writer(),
                group.number());
    }

    /** Asked once the lock is free: a transaction of before has ended then, one way or the other. */
    @Override
    public boolean isRecorded(JdbcTemplate jdbc, Group group) {
        jdbc.queryForList("select 1 from pg_advisory_xact_lock(1, 2)");
        return !jdbc.queryForList(
                        "select 1 from write_group where writer = ? and number = ?", group.writer(), group.number())
                .isEmpty();
    }

    @Override
    public boolean tryToBeActive(JdbcTemplate jdbc) {
        return Boolean.TRUE.equals(jdbc.queryForObject("select pg_try_advisory_lock(1, 1)", Boolean.class));
    }

    @Override
    public void yieldActive(JdbcTemplate jdbc) {
        jdbc.queryForList("select pg_advisory_unlock(1, 1)");
    }

    @Override
    public boolean tryToLive(JdbcTemplate jdbc, long process) {
        return Boolean.TRUE.equals(
                jdbc.queryForObject("select pg_try_advisory_lock(2, ?)", Boolean.class, Math.toIntExact(process)));
    }

    @Override
    public List<Long> living(JdbcTemplate jdbc) {
        return jdbc.queryForList(
                "select cast(objid as bigint) from pg_locks where locktype = 'advisory' and classid = 2 and objsubid = 2"
                        + " and granted and database = (select oid from pg_database where datname = current_database())",
                Long.class);
    }

    @Override
    public Clock clock(JdbcTemplate jdbc, Clock own) {
        return new ServerClock(jdbc, own);
    }

    @Override
    public Map<String, String> words() {
        return Map.of(
                "id", "bigint generated by default as identity primary key",
                "idNeverUsedAgain", "bigint generated by default as identity primary key",
                "wideShares",
                        "alter table lane alter column share type double precision;"
                                + " alter table slow_lane alter column share type double precision");
    }

    /** Of those that stand there: what a server counted last survives a crash only nearly. */
    @Override
    public long newestNumber(JdbcTemplate jdbc, String table) {
        return Objects.requireNonNull(jdbc.queryForObject("select coalesce(max(id), 0) from " + table, Long.class));
    }

    @Override
    public void numberAfter(JdbcTemplate jdbc, String table, long number) {
        if (number > 0) {
            jdbc.queryForList("select setval(pg_get_serial_sequence(?, 'id'), ?)", table, number);
        }
    }

    @Override
    public void checkpoint(JdbcTemplate jdbc) {
        // the server does
    }

    @Override
    public List<Path> files() {
        return List.of();
    }

    @Override
    public boolean isSmall(JdbcTemplate jdbc) {
        return true;
    }

    @Override
    public List<Weakness> weaknesses(JdbcTemplate jdbc) {
        List<Weakness> found = new ArrayList<>();
        if (isSet(jdbc, "fsync", "off")) {
            found.add(new Weakness(
                    "The server has fsync=off: a crash of its machine loses what was recorded as sent, which would be sent"
                            + " again.",
                    "Set fsync=on in postgresql.conf."));
        }
        if (isSet(jdbc, "synchronous_commit", "off") || isSet(jdbc, "synchronous_commit", "local")) {
            found.add(new Weakness(
                    "The server has synchronous_commit=" + jdbc.queryForObject("show synchronous_commit", String.class)
                            + ". This program sets it to on for itself; another setting is not meant for what must not be"
                            + " lost.",
                    "Set synchronous_commit=on in postgresql.conf."));
        }
        if (isSet(jdbc, "full_page_writes", "off")) {
            found.add(new Weakness(
                    "The server has full_page_writes=off: a crash of its machine may damage the ledger.",
                    "Set full_page_writes=on in postgresql.conf, unless its file system never writes half a page."));
        }
        Clock own = Clock.systemUTC();
        Duration apart =
                Duration.ofMillis(clock(jdbc, own).millis() - own.millis()).abs();
        if (apart.compareTo(CLOCKS_MAY_DIFFER) > 0) {
            found.add(new Weakness(
                    "The clock of the server and of this machine are " + apart.toSeconds() + " s apart. Instants in the"
                            + " ledger are the server's.",
                    "Let both follow a time server."));
        }
        return found;
    }

    private static boolean isSet(JdbcTemplate jdbc, String setting, String value) {
        return value.equals(jdbc.queryForObject("select current_setting(?)", String.class, setting));
    }

    /** The server looks after its own files. */
    @Override
    public Optional<String> damage(JdbcTemplate jdbc) {
        return Optional.empty();
    }

    @Override
    public void copy(JdbcTemplate jdbc, Path file) {
        throw new StoreRefusedException(
                "The ledger is " + this + ", a PostgreSQL database, and 'backup' copies a file of"
                        + " SQLite. Nothing was copied. Back it up as your other databases are: with pg_dump, or better with"
                        + " pg_basebackup and an archive of its WAL, so that nothing confirmed is lost.");
    }

    @Override
    public Path placeForCopy(int version) {
        throw new IllegalStateException("it is not copied");
    }

    @Override
    public boolean isOfTheStatement(SQLException fault) {
        String state = String.valueOf(fault.getSQLState());
        return List.of("0A", "21", "22", "23", "25", "26", "2F", "3F", "42", "P0").stream()
                        .anyMatch(state::startsWith)
                && !OF_THE_SESSION.contains(state);
    }

    @Override
    public Retry retry(Throwable fault) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(fault);
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                root = cause;
                break;
            }
        }
        String state = root instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
        if (IN_THE_WAY.contains(state)) {
            return Retry.AT_ONCE;
        }
        return state.startsWith("08") || OF_THE_SESSION.contains(state) ? Retry.IN_A_NEW_SESSION : Retry.NOT;
    }

    @Override
    public StoreException explain(Throwable fault) {
        if (fault instanceof StoreException told) {
            return told;
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(fault);
        String state = root instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                state = sql.getSQLState();
                break;
            }
        }
        return new StoreException(
                "The ledger " + this + " cannot be used: " + oneLine(root) + ". " + remedy(state), fault);
    }

    private static String oneLine(Throwable root) {
        String words = String.valueOf(root.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
        return words.endsWith(".") ? words.substring(0, words.length() - 1) : words;
    }

    private static String remedy(String state) {
        if (state.equals(UNUSABLE)) {
            return "Let deprovision.ledger.url name the server itself, PostgreSQL " + OLDEST
                    + " or newer, and not a pooler such as PgBouncer.";
        } else if (state.startsWith("28")) {
            return "Check deprovision.ledger.user and its password (or .password-file), and pg_hba.conf of the server.";
        } else if (state.equals("3D000")) {
            return "Check the name of the database in deprovision.ledger.url, or create it.";
        } else if (state.startsWith("53")) {
            return "The server lacks room or connections. Make some; work goes on by itself.";
        } else if (state.equals("42501")) {
            return "Make the user of deprovision.ledger.user the owner of the database.";
        } else if (state.equals("55P03")) {
            return "Another program holds the lock of the ledger's writers. It is given up on by the server when it hangs;"
                    + " work goes on by itself.";
        }
        return "Nothing was sent that is not recorded. Check that the server runs and can be reached; work goes on by"
                + " itself.";
    }

    /** As it is named to people: without what the URL may hold beside the server and the database. */
    @Override
    public String toString() {
        return access.url().replaceFirst("[?].*", "").replaceFirst("^jdbc:", "").replaceFirst("//[^/@]*@", "//");
    }
}
