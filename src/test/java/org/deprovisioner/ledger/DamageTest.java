package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deprovisioner.store.StoreException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

/** A ledger whose file is no longer what was written. */
@Tag("sqlite")
class DamageTest extends LedgerFixture {

    private static final int PAGE = 4096;

    @Test
    void aWholeLedgerIsTaken() {
        ledger.refuseDamaged();
    }

    @Test
    void aPageOfSomethingElseIsRefusedAndLeftAsItIs() throws Exception {
        fill();
        damage(Files.size(file()) / PAGE / 2);
        byte[] before = Files.readAllBytes(file());
        try (Ledger damaged = open()) {
            assertThatThrownBy(damaged::refuseDamaged)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("put a backup in its place");
        }
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void anIndexThatLostADeviceIsRefused() throws Exception {
        fill();
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file());
        JdbcTemplate sql = new JdbcTemplate(source);
        String schema = "update sqlite_schema set rootpage = (select rootpage from sqlite_schema where name = 'x')"
                + " where name = 'request_of_batch'";
        sql.execute("create index x on request (batch, id) where id < 0");
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("pragma writable_schema = on");
            statement.execute(schema);
            statement.execute("delete from sqlite_schema where name = 'x'");
        }
        try (Ledger damaged = open()) {
            assertThatThrownBy(damaged::refuseDamaged).hasMessageContaining("The file is damaged");
        }
    }

    @Test
    void aLargeOneIsLookedAtWhileWorkGoesOnAndNothingMoreIsWrittenOnceDamageIsFound() throws Exception {
        fill();
        long page = Files.size(file()) / PAGE / 2;
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file());
        new JdbcTemplate(source).execute("create table large as select zeroblob(40000000) as something");
        damage(page);
        try (Ledger damaged = open()) {
            damaged.refuseDamaged();
            damaged.pauses().closeLane(TENANT, clock.instant());
            damaged.lookForDamageMeanwhile();
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> damaged.pauses().closeLane(TENANT, clock.instant()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("put a backup in its place"));
        }
    }

    private void fill() {
        takeIn("many", Rows.rows(1, 2_000));
        ledger.close();
    }

    private Path file() {
        return data.resolve("ledger.db");
    }

    private void damage(long page) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file().toFile(), "rw")) {
            open.seek(page * PAGE);
            open.write(new byte[PAGE]);
        }
    }
}
