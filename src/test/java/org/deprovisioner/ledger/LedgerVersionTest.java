package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.StoreException;
import org.deprovisioner.store.StoreRefusedException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A ledger that another version of the program left. */
@Tag("sqlite")
class LedgerVersionTest extends LedgerFixture {

    private Path file = Path.of("");

    @BeforeEach
    void fill() {
        takeIn("leavers", Rows.rows(1, 20));
        ledger.close();
        file = data.resolve("ledger.db");
    }

    private JdbcTemplate sql(Path of) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + of);
        return new JdbcTemplate(source);
    }

    /** Makes a ledger that lacks the newest script, with the rows of this one. */
    private void makeOlder() throws Exception {
        String newest = newest(file);
        Path current = Files.move(file, data.resolve("current.db"));
        SQLiteDataSource source = new SQLiteDataSource(withLog());
        source.setUrl("jdbc:sqlite:" + file);
        Flyway older = Flyway.configure()
                .dataSource(source)
                .placeholders(Database.at("jdbc:sqlite:" + file).words())
                .load();
        String before =
                older.info().all()[older.info().all().length - 2].getVersion().toString();
        Flyway.configure()
                .configuration(older.getConfiguration())
                .target(before)
                .load()
                .migrate();
        assertThat(newest(file)).isEqualTo(before).isNotEqualTo(newest);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("attach '" + current + "' as current");
            for (String table : List.of("intake", "batch", "unit", "request")) {
                String columns = String.join(
                        ", ",
                        sql(file).queryForList("select name from pragma_table_info('" + table + "')", String.class));
                statement.execute("insert into main." + table + " (" + columns + ") select " + columns
                        + " from current." + table);
            }
        }
        Files.delete(current);
    }

    private static SQLiteConfig withLog() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        return config;
    }

    private String newest(Path of) {
        return String.valueOf(sql(of).queryForObject(
                        "select max(cast(version as integer)) from flyway_schema_history", String.class));
    }

    private void makeNewer() {
        sql(file)
                .update(
                        "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                                + " installed_by, installed_on, execution_time, success)"
                                + " values (999, '999', 'newer', 'SQL', 'V999__newer.sql', 1, '', '2026-01-01', 1, 1)");
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(data)) {
            return files.sorted().toList();
        }
    }

    private List<Path> copies() throws Exception {
        return files().stream()
                .filter(copy -> copy.getFileName().toString().contains("ledger-before-"))
                .toList();
    }

    private Ledger openAlone() {
        return Ledger.openAlone("jdbc:sqlite:" + file, clock);
    }

    @Test
    void aNewerOneIsRefusedByServiceAndCommandAndNotAByteOfItChanges() throws Exception {
        makeNewer();
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("newer version", "Use the newer version again");
        assertThatThrownBy(this::openAlone).isInstanceOf(StoreRefusedException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aNewerOneThatWasKilledKeepsWhatItWroteLast() throws Exception {
        makeNewer();
        Path copy = Files.createDirectory(data.resolve("killed")).resolve("ledger.db");
        SQLiteDataSource atWork = new SQLiteDataSource(withLog());
        atWork.setUrl("jdbc:sqlite:" + file);
        try (Connection open = atWork.getConnection();
                Statement statement = open.createStatement()) {
            statement.executeUpdate("update batch set changed = changed + 1");
            Files.copy(file, copy);
            Files.copy(file.resolveSibling("ledger.db-wal"), copy.resolveSibling("ledger.db-wal"));
        }
        byte[] before = Files.readAllBytes(copy);
        byte[] logBefore = Files.readAllBytes(copy.resolveSibling("ledger.db-wal"));
        assertThat(logBefore).isNotEmpty();
        assertThatThrownBy(() -> Ledger.open("jdbc:sqlite:" + copy, clock)).isInstanceOf(StoreRefusedException.class);
        assertThat(Files.readAllBytes(copy)).isEqualTo(before);
        assertThat(Files.readAllBytes(copy.resolveSibling("ledger.db-wal"))).isEqualTo(logBefore);
    }

    @Test
    void anOlderOneIsLeftAsItIsByACommandWhichNamesTheRestart() throws Exception {
        makeOlder();
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("older version")
                .hasMessageContaining("Restart the service");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(copies()).isEmpty();
    }

    @Test
    void anOlderOneIsCopiedAndBroughtUpToDateByWhoeverHoldsItAlone() throws Exception {
        String newest = newest(file);
        makeOlder();
        try (Ledger migrated = openAlone()) {
            assertThat(migrated.batches().progress("leavers").orElseThrow().rows())
                    .isEqualTo(20);
            assertThat(newest(file)).isEqualTo(newest);
        }
        assertThat(copies()).singleElement().satisfies(copy -> {
            assertThat(Ledger.verify(copy)).isEqualTo(20);
            assertThat(copy).hasFileName("ledger-before-" + newest + ".db");
            assertThat(newest(copy)).as("the copy is of before").isNotEqualTo(newest);
        });
        ledger = open();
        assertThat(ledger.batches().progress("leavers")).isPresent();
    }

    @Test
    void aCopyOfBeforeIsNeverOverwritten() throws Exception {
        makeOlder();
        openAlone().close();
        makeOlder();
        openAlone().close();
        assertThat(copies()).hasSize(2);
    }

    @Test
    void oneThatCannotBeCopiedIsRefusedAndLeftAsItIs() throws Exception {
        String newest = newest(file);
        makeOlder();
        byte[] before = Files.readAllBytes(file);
        Path inTheWay = Files.createDirectory(data.resolve(".ledger-before-" + newest + ".db.part"));
        Files.createFile(inTheWay.resolve("something"));
        assertThatThrownBy(this::openAlone)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("could not be copied")
                .hasMessageContaining("Make room");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void oneProcessAtATimeHoldsItAloneAndWhatItHoldsIsFreeOnceItEnds() {
        try (Ledger first = openAlone()) {
            assertThatThrownBy(this::openAlone)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Another service works on");
            ledger = open();
            assertThat(ledger.batches().progress("leavers"))
                    .as("commands work beside it")
                    .isPresent();
            assertThat(first.batches().progress("leavers")).isPresent();
        }
        openAlone().close();
    }

    @Test
    void whatAnOlderProgramFoundOfATenantsQuotaIsKept() throws Exception {
        Files.delete(file);
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        Flyway.configure()
                .dataSource(source)
                .placeholders(Database.at("jdbc:sqlite:" + file).words())
                .target("180")
                .load()
                .migrate();
        sql(file)
                .update(
                        "insert into lane (tenant, closed_until, share, slowed, slowed_by) values ('default', 9, 0.4, 7, '429')");
        try (Ledger migrated = openAlone()) {
            assertThat(migrated.pauses().slowLanes())
                    .containsExactly(new Pauses.SlowLane("default", true, 0.4, Instant.ofEpochMilli(7), "429"));
        }
    }
}
