package org.deprovisioner.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/**
 * The durable record of every request and every attempt. It is a SQLite file that several processes may open: one service
 * that dispatches, and commands beside it. Safe for use by many threads; every method that changes something returns when
 * the change is on disk, unless it says otherwise.
 */
public final class Ledger implements AutoCloseable {

    static final String SQLITE = "jdbc:sqlite:";
    static final int BUSY_MILLIS = 30_000;
    private static final int READERS = 4;

    /** A file of so many bytes is looked at in a moment. */
    private static final long LOOKED_AT_FIRST = 32L << 20;

    /** So much of the file the writer keeps in memory, in KiB: each row touches pages all over the indexes. */
    private static final int WRITERS_CACHE = 16 << 10;

    /** So many changed pages, of 4 KiB, stand in the log before the file takes them over: often they are changed again. */
    private static final int PAGES_BEFORE_CHECKPOINT = 8_000;

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final LedgerFile file;
    private final Optional<LedgerHold> hold;
    private final Connections writing;
    private final Connections reading;
    private final GroupCommit writer;
    private final Intakes intakes;
    private final TakenFiles takenFiles;
    private final InDoubt doubts;
    private final Queue queue;
    private final Backlog backlog;
    private final Units units;
    private final Approvals approvals;
    private final Batches batches;
    private final Pauses pauses;
    private final Outbox outbox;
    private final AuditEntries audit;
    private final Replays replays;
    private final Plans plans;
    private final AwaitingApproval parked;
    private final Retention retention;
    private final TenantNames tenants;
    private final ProtectedLists protectedLists;

    private Ledger(LedgerFile file, String url, Optional<LedgerHold> hold, Clock clock, LongSupplier nanoTime) {
        this.file = file;
        this.hold = hold;
        writing = pool(url, 1, SQLiteConfig.TransactionMode.IMMEDIATE);
        reading = pool(url, READERS, SQLiteConfig.TransactionMode.DEFERRED);
        writer = new GroupCommit(writing);
        SteadyTime steady = new SteadyTime(clock, nanoTime);
        JdbcTemplate reader = LedgerException.telling(new JdbcTemplate(reading));
        intakes = new Intakes(reader, writer, clock);
        takenFiles = new TakenFiles(reader, writer, clock);
        doubts = new InDoubt(reader, writer, clock, steady);
        backlog = new Backlog(reader);
        queue = new Queue(reader, writer, doubts, clock, steady);
        units = new Units(reader, writer, clock);
        approvals = new Approvals(writer, clock);
        batches = new Batches(reader, writer, clock);
        pauses = new Pauses(reader, writer, clock, steady);
        outbox = new Outbox(reader, writer, clock);
        audit = new AuditEntries(reader, writer, clock);
        replays = new Replays(reader, writer, clock);
        plans = new Plans(reader, writer, clock);
        parked = new AwaitingApproval(reader, writer, clock, steady, queue);
        retention = new Retention(reader, writer, clock);
        tenants = new TenantNames(writer, clock);
        protectedLists = new ProtectedLists(reader, writer);
    }

    /**
     * Opens the ledger beside the service that works it off, and makes it where there is none.
     *
     * @throws LedgerRefusedException when it is of another version of this program; it is then left as it is
     * @throws LedgerException when it is damaged, locked, or not to be written; it is then left as it is
     */
    public static Ledger open(String url, Clock clock) {
        return open(url, clock, System::nanoTime);
    }

    static Ledger open(String url, Clock clock, LongSupplier nanoTime) {
        return opened(() -> {
            LedgerFile file = new LedgerFile(url);
            file.makeOrRefuse();
            return new Ledger(file, url, Optional.empty(), clock, nanoTime);
        });
    }

    /**
     * Opens the ledger to work it off, which one process at a time may; and makes it where there is none, or migrates it
     * when it must, once it was copied to {@code ledger-before-<version>.db} beside it.
     *
     * @throws LedgerRefusedException when it is of a newer version of this program, or cannot be copied
     * @throws LedgerException when another process works it off; or as {@link #open}
     */
    public static Ledger openAlone(String url, Clock clock) {
        return opened(() -> {
            LedgerFile file = new LedgerFile(url);
            LedgerHold hold = file.holdUpToDate();
            return new Ledger(file, url, Optional.of(hold), clock, System::nanoTime);
        });
    }

    /** Whether there is a ledger; an empty file is none. */
    public static boolean isThere(String url) {
        return opened(() -> new LedgerFile(url).standing() != Migrations.Standing.NONE);
    }

    private static <T> T opened(Callable<T> opening) {
        try {
            return opening.call();
        } catch (LedgerRefusedException refused) {
            throw refused;
        } catch (UnsatisfiedLinkError unloaded) {
            throw LedgerException.withoutLibrary(unloaded);
        } catch (Exception failed) {
            throw LedgerException.of(failed);
        }
    }

    /** From now on the work is a dry run: what is taken in will never be sent. To be said before the service starts. */
    public void beDryRun() {
        intakes.beDryRun();
        units.beDryRun();
    }

    /** How files and messages are taken in. */
    public Intakes intakes() {
        return intakes;
    }

    /** The files that were taken in, and whether they change. */
    public TakenFiles takenFiles() {
        return takenFiles;
    }

    /** Which tenants have requests that wait for something. */
    public Backlog backlog() {
        return backlog;
    }

    /** The requests on their way to Graph. */
    public Queue queue() {
        return queue;
    }

    /** What nobody knows yet whether it was carried out. */
    public InDoubt doubts() {
        return doubts;
    }

    /** What is guarded as a whole. */
    public Units units() {
        return units;
    }

    /** How what is held is released. */
    public Approvals approvals() {
        return approvals;
    }

    /** Batches, their counts and their rows. */
    public Batches batches() {
        return batches;
    }

    /** What stands still, and why. */
    public Pauses pauses() {
        return pauses;
    }

    /** The messages that still have to leave. */
    public Outbox outbox() {
        return outbox;
    }

    /** How dead letters are put back. */
    public Replays replays() {
        return replays;
    }

    /** What the audit log still has to be told. */
    public AuditEntries audit() {
        return audit;
    }

    /**
     * Refuses a damaged file before anything is done by it. A large one is not looked at here, but by
     * {@link #lookForDamageMeanwhile}.
     *
     * @throws LedgerException when it is damaged
     */
    public void refuseDamaged() {
        if (!isLarge()) {
            check();
        }
    }

    /**
     * Looks at all of a large file while work goes on: nothing more is written from the moment that damage is found. To be
     * called once the start is over, which needs the processors itself.
     *
     * @return the thread that looks; it has ended, or was never started, when there is nothing more to be found
     */
    public Thread lookForDamageMeanwhile() {
        Thread looking = new Thread(
                () -> {
                    try {
                        check();
                    } catch (LedgerException damaged) {
                        writer.refuseAll(damaged);
                        LOG.error("{}", damaged.getMessage());
                    }
                },
                "ledger-check");
        looking.setDaemon(true);
        if (isLarge()) {
            looking.start();
        }
        return looking;
    }

    private boolean isLarge() {
        return new JdbcTemplate(reading)
                        .queryForList(
                                "select page_count * page_size from pragma_page_count(), pragma_page_size()",
                                Long.class)
                        .get(0)
                > LOOKED_AT_FIRST;
    }

    private void check() {
        try {
            String found = new JdbcTemplate(reading)
                    .queryForList("pragma integrity_check(1)", String.class)
                    .get(0);
            if (!found.equals("ok")) {
                throw LedgerException.damaged(found.strip());
            }
        } catch (DataAccessException unreadable) {
            throw LedgerException.of(unreadable);
        }
    }

    /** Makes a copy of the ledger, of one instant, while others write to it; it is on disk when this returns. */
    public void backup(Path file) throws IOException {
        LedgerFile.copy(new JdbcTemplate(reading), file);
    }

    /**
     * Reads a copy from end to end.
     *
     * @return how many requests it holds
     * @throws LedgerException when it is damaged
     */
    public static long verify(Path copy) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setReadOnly(true);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl(literally(SQLITE + copy));
        JdbcTemplate reader = new JdbcTemplate(source);
        try {
            List<String> findings = reader.queryForList("pragma integrity_check", String.class);
            if (!findings.equals(List.of("ok"))) {
                throw new LedgerException("The copy " + copy + " is damaged: " + findings.get(0) + ".", null);
            }
            return Intakes.id(reader.queryForObject("select count(*) from request", Long.class));
        } catch (DataAccessException unreadable) {
            throw LedgerException.of(unreadable);
        }
    }

    /** What is about to be done, and the plans that are applied. */
    public Plans plans() {
        return plans;
    }

    /** What waits for Intune's Multi Admin Approval. */
    public AwaitingApproval parked() {
        return parked;
    }

    /** How settled requests leave. */
    public Retention retention() {
        return retention;
    }

    /** Which tenant each name means. */
    public TenantNames tenants() {
        return tenants;
    }

    /** What held of the lists of protected devices. */
    public ProtectedLists protectedLists() {
        return protectedLists;
    }

    @Override
    public void close() {
        writer.close();
        close(reading);
        close(writing);
        hold.ifPresent(Ledger::close);
    }

    /** The files that this ledger is; those beside the first hold what was recorded last. */
    public List<Path> files() {
        return file.all();
    }

    /** Writes all that is recorded into the file itself, wherever that is by now. */
    public void checkpoint() {
        new JdbcTemplate(writing).queryForList("pragma wal_checkpoint(full)");
    }

    /**
     * Ends the writing and leaves the files open, until the process ends: to close a ledger takes away what stands where
     * its files were, and after they were moved away that may be another's.
     */
    public void abandon() {
        writer.close();
        checkpoint();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception unclosed) {
            throw LedgerException.of(unclosed);
        }
    }

    /** The driver takes what follows a question mark for options; only as a URI can a file's name hold one. */
    static String literally(String url) {
        String file = url.substring(SQLITE.length());
        return file.contains("?")
                ? SQLITE + "file:"
                        + file.replace("%", "%25").replace("?", "%3F").replace("#", "%23")
                : url;
    }

    private static Connections pool(String url, int size, SQLiteConfig.TransactionMode mode) {
        SQLiteConfig sqlite = durable();
        sqlite.setTransactionMode(mode);
        sqlite.setGetGeneratedKeys(false); // asked for after every insert, by a statement that is parsed anew
        if (mode == SQLiteConfig.TransactionMode.IMMEDIATE) {
            sqlite.setCacheSize(-WRITERS_CACHE);
        }
        return new Connections(
                literally(url), sqlite.toProperties(), "pragma wal_autocheckpoint = " + PAGES_BEFORE_CHECKPOINT, size);
    }

    /** How the file is written: what was confirmed is on disk. A file that is not there is never made by a connection. */
    static SQLiteConfig durable() {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.resetOpenMode(SQLiteOpenMode.CREATE);
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setBusyTimeout(BUSY_MILLIS);
        return sqlite;
    }
}
