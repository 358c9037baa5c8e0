package org.deprovisioner.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The one writer of a process: all work that waits at a moment is committed in one transaction, so that durability does
 * not cost a disk flush a device. Work is complete when its transaction is on disk. When the common transaction fails,
 * each piece of work is tried alone, so that one bad piece fails none of its neighbours. Once the file is found damaged,
 * nothing more is written.
 */
public final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MOST_IN_ONE_TRANSACTION = 512;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** For so long a group is tried again whose transaction was in another's way, or whose session ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration BETWEEN_SESSIONS = Duration.ofMillis(200);

    private final Database database;
    private final Jdbc jdbc;
    private final TransactionTemplate transaction;
    private final Activity activity;
    private final BlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::run, "ledger-writer");
    private final AtomicBoolean keeping = new AtomicBoolean();
    private final String name = UUID.randomUUID().toString();
    private long groups;
    private volatile Optional<StoreException> damage = Optional.empty();
    private volatile boolean closed;

    /**
     * Starts the writer.
     *
     * @param writing gives the one connection that writes
     */
    public GroupCommit(DataSource writing, Database database) {
        this.database = database;
        jdbc = new Jdbc(writing, database);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(writing));
        activity = new Activity(database, this, writing instanceof Connections counted ? counted::session : () -> 1);
        writer.setDaemon(true);
        writer.start();
    }

    /** Whether this process works the database off, of all that could. */
    public Activity activity() {
        return activity;
    }

    /** Hands work over; the future completes when the work is on disk, or with the reason why it is not. */
    public <T> CompletableFuture<T> submit(Function<? super Jdbc, T> action) {
        Work<T> work = new Work<>(action, new CompletableFuture<>());
        if (damage.isPresent()) {
            work.future.completeExceptionally(damage.get());
            return work.future;
        }
        waiting.add(work);
        if (closed && waiting.remove(work)) {
            work.future.completeExceptionally(new StoreException("The ledger is closed.", null));
        }
        return work.future;
    }

    /** Does work and waits until it is on disk. */
    public <T> T write(Function<? super Jdbc, T> action) {
        return await(submit(action));
    }

    /** Waits until work that was handed over is on disk. */
    public static <T> T await(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /**
     * Does work that must not be forgotten, such as how a call ended: while the ledger cannot be written it is tried
     * again, and whoever waits for it waits. What fails though the ledger can be written fails at once.
     */
    public <T> T insist(Function<? super Jdbc, T> action) {
        while (true) {
            try {
                T result = write(action);
                if (keeping.compareAndSet(true, false)) {
                    LOG.info("The ledger can be written again, and what was kept in memory is.");
                }
                return result;
            } catch (StoreException unwritable) {
                if (closed) {
                    throw unwritable;
                }
                if (keeping.compareAndSet(false, true)) {
                    LOG.error("What happened is kept in memory until it is written: {}", unwritable.getMessage());
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private void run() {
        List<Work<?>> group = new ArrayList<>();
        while (!closed || !waiting.isEmpty()) {
            try {
                group.add(waiting.take());
                waiting.drainTo(group, MOST_IN_ONE_TRANSACTION - 1);
                commit(group);
            } catch (InterruptedException closing) {
                // close() interrupts; what waits is still written before the loop ends
            }
            group.clear();
        }
    }

    private void commit(List<Work<?>> group) {
        try {
            commitWhole(group);
            group.forEach(Work::complete);
        } catch (RuntimeException | Error failure) {
            if (group.size() > 1 && database.retry(failure) == Database.Retry.NOT) {
                group.forEach(work -> commit(List.of(work)));
                return;
            }
            boolean ledgersFault = !(failure instanceof StoreException)
                    && (failure instanceof DataAccessResourceFailureException
                            || failure instanceof TransactionException);
            Throwable told = ledgersFault ? database.explain(failure) : failure;
            if (told instanceof StoreException cause && cause.isDamage()) {
                refuseAll(cause);
            }
            group.forEach(work -> work.future.completeExceptionally(told));
        }
    }

    boolean isAlive() {
        return writer.isAlive();
    }

    /** Commits a group; once more where another was in its way, or where its session ended and nothing of it is recorded. */
    private void commitWhole(List<Work<?>> group) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<Database.Group> unsure = Optional.empty();
        while (true) {
            try {
                if (unsure.isEmpty() || !isRecorded(unsure.get())) {
                    Database.Group numbered = new Database.Group(name, ++groups);
                    unsure = Optional.empty();
                    AtomicBoolean performed = new AtomicBoolean();
                    try {
                        transaction.executeWithoutResult(status -> perform(numbered, group, performed));
                    } catch (RuntimeException failed) {
                        unsure = Optional.of(numbered).filter(number -> performed.get());
                        throw failed;
                    }
                }
                return;
            } catch (RuntimeException failed) {
                Database.Retry retry = database.retry(failed);
                if (retry == Database.Retry.NOT || closed || System.nanoTime() - deadline > 0) {
                    throw failed;
                } else if (retry == Database.Retry.IN_A_NEW_SESSION) {
                    LockSupport.parkNanos(BETWEEN_SESSIONS.toNanos());
                }
            }
        }
    }

    private void perform(Database.Group numbered, List<Work<?>> group, AtomicBoolean performed) {
        database.beginGroup(jdbc, numbered);
        group.forEach(work -> work.perform(jdbc));
        performed.set(true);
    }

    private boolean isRecorded(Database.Group group) {
        return Boolean.TRUE.equals(transaction.execute(status -> database.isRecorded(jdbc, group)));
    }

    /** From now on writes nothing more: what is damaged is left as it is. */
    void refuseAll(StoreException because) {
        damage = Optional.of(because);
    }

    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Work<T> {
        private final Function<? super Jdbc, T> action;
        private final CompletableFuture<T> future;
        private @org.jspecify.annotations.Nullable T result;

        Work(Function<? super Jdbc, T> action, CompletableFuture<T> future) {
            this.action = action;
            this.future = future;
        }

        void perform(Jdbc jdbc) {
            result = action.apply(jdbc);
        }

        void complete() {
            future.complete(result);
        }
    }
}
