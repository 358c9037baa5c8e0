package org.deprovisioner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

class GroupCommitTest {

    @TempDir
    Path data;

    private FaultySource source;
    private JdbcTemplate reader;
    private GroupCommit writer;

    @BeforeEach
    void open() {
        source = new FaultySource(data.resolve("test.db"));
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + data.resolve("test.db"));
        reader = new JdbcTemplate(file);
        reader.execute("pragma journal_mode = wal");
        reader.execute("create table number (value int primary key)");
        writer = new GroupCommit(source, Database.at("jdbc:sqlite:" + data.resolve("test.db")));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private CompletableFuture<Integer> insert(int value) {
        return writer.submit(jdbc -> jdbc.update("insert into number (value) values (?)", value));
    }

    /** Holds the writer until the latch opens, so that what is submitted meanwhile is one group. */
    private CountDownLatch hold() throws InterruptedException {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> held = writer.submit(jdbc -> {
            holding.countDown();
            try {
                assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return null;
        });
        assertThat(holding.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(held).isNotDone();
        return go;
    }

    @Test
    void onePieceThatFailsFailsNoneOfItsNeighbours() throws Exception {
        insert(5).join();
        CountDownLatch go = hold();
        List<CompletableFuture<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            work.add(insert(i));
        }
        go.countDown();
        for (int i = 0; i < 10; i++) {
            if (i == 5) {
                assertThatThrownBy(work.get(i)::join).hasCauseInstanceOf(DataAccessException.class);
            } else {
                assertThat(work.get(i).join()).isEqualTo(1);
            }
        }
        assertThat(reader.queryForObject("select count(*) from number", Integer.class))
                .isEqualTo(10);
    }

    @Test
    void aPieceThatFailsHalfWayLeavesNothingBehind() {
        assertThatThrownBy(() -> writer.write(jdbc -> {
                    jdbc.update("insert into number (value) values (1)");
                    throw new IllegalArgumentException("half way");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(reader.queryForObject("select count(*) from number", Integer.class))
                .isZero();
    }

    @Test
    void anErrorFailsItsPieceAndTheWriterGoesOn() throws Exception {
        CountDownLatch go = hold();
        CompletableFuture<Integer> before = insert(1);
        CompletableFuture<Integer> broken = writer.submit(jdbc -> {
            throw new AssertionError("broken");
        });
        CompletableFuture<Integer> after = insert(2);
        go.countDown();
        assertThatThrownBy(() -> broken.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(AssertionError.class);
        assertThat(before.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(after.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void onceTheFileIsFoundDamagedNothingMoreIsWritten() {
        assertThatThrownBy(() -> writer.write(jdbc -> {
                    throw new DataAccessResourceFailureException(
                            "[SQLITE_CORRUPT] The database disk image is malformed");
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("put a backup in its place");
        assertThatThrownBy(() -> writer.write(jdbc -> jdbc.update("insert into number (value) values (1)")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("SQLITE_CORRUPT");
        assertThat(reader.queryForObject("select count(*) from number", Integer.class))
                .isZero();
    }

    @Test
    void whoInsistsWaitsUntilItCanBeWritten() {
        source.set(FaultySource.Fault.READ_ONLY);
        CompletableFuture<Integer> insisting = CompletableFuture.supplyAsync(
                () -> writer.insist(jdbc -> jdbc.update("insert into number (value) values (1)")));
        assertThatThrownBy(() -> writer.write(jdbc -> jdbc.update("insert into number (value) values (2)")))
                .isInstanceOf(StoreException.class);
        assertThat(insisting).isNotDone();
        source.set(FaultySource.Fault.NONE);
        await().untilAsserted(() -> assertThat(numbers()).containsExactly(1));
        assertThat(insisting.join()).isEqualTo(1);
    }

    @Test
    void whoInsistsOnWhatFailsForGoodIsToldSo() {
        insert(1).join();
        assertThatThrownBy(() -> writer.insist(jdbc -> jdbc.update("insert into number (value) values (1)")))
                .isInstanceOf(DataAccessException.class)
                .isNotInstanceOf(StoreException.class);
        assertThatThrownBy(() -> writer.insist(jdbc -> jdbc.update("insert into nowhere (value) values (1)")))
                .isInstanceOf(DataAccessException.class)
                .isNotInstanceOf(StoreException.class);
    }

    @Test
    void aLedgerThatCannotBeWrittenIsToldWithItsRemedy() {
        source.set(FaultySource.Fault.READ_ONLY);
        assertThatThrownBy(() -> writer.write(jdbc -> jdbc.update("insert into number (value) values (1)")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Run this as the user that the service runs as");
    }

    private List<Integer> numbers() {
        return reader.queryForList("select value from number order by value", Integer.class);
    }

    @Test
    void whatWaitsWhenItIsClosedIsStillWritten() throws Exception {
        CountDownLatch go = hold();
        List<CompletableFuture<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            work.add(insert(i));
        }
        go.countDown();
        writer.close();
        assertThat(work).allSatisfy(piece -> assertThat(piece).isCompletedWithValue(1));
        assertThatThrownBy(() -> writer.write(jdbc -> 1)).isInstanceOf(StoreException.class);
    }

    @Test
    void whileAServiceWritesWithoutRestACommandOfAnotherProcessGetsItsTurns() throws Exception {
        Database database = Database.at("jdbc:sqlite:" + data.resolve("ledger.db"));
        AtomicBoolean commandIsDone = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(16);
        try (Store service = Store.open(database);
                Store command = Store.open(database)) {
            service.writer().write(jdbc -> jdbc.update("create table number (value int)"));
            List<Future<?>> busy = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                busy.add(workers.submit(() -> {
                    while (!commandIsDone.get()) {
                        write(service, written);
                    }
                }));
            }
            for (int i = 0; i < 20; i++) {
                write(command, written);
            }
            commandIsDone.set(true);
            for (Future<?> worker : busy) {
                worker.get();
            }
            assertThat(command.reader().queryForObject("select count(*) from number", Integer.class))
                    .isEqualTo(written.get());
        } finally {
            workers.shutdownNow();
        }
    }

    private static void write(Store store, AtomicInteger written) {
        store.writer().write(jdbc -> jdbc.update("insert into number (value) values (1)"));
        written.incrementAndGet();
    }
}
