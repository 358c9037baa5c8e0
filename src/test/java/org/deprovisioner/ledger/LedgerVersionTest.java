package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

/** A ledger that another version of the program left. */
class LedgerVersionTest extends LedgerFixture {

    /** Carried out last, with what it made: without it, a ledger is as the version before left it. */
    private static final String LATEST = "V230__names_and_taken_files.sql";

    private static final List<String> UNDO = List.of(
            "drop index batch_of_approval",
            "alter table batch drop column approval_key",
            "drop index intake_watched",
            "alter table intake drop column place",
            "alter table intake drop column file_size",
            "alter table intake drop column file_modified",
            "alter table intake drop column file_digest",
            "alter table intake drop column changed",
            "alter table intake drop column watched");

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

    private void makeOlder() {
        UNDO.forEach(sql(file)::execute);
        sql(file).update("delete from flyway_schema_history where script = ?", LATEST);
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
                .isInstanceOf(LedgerRefusedException.class)
                .hasMessageContaining("newer version", "Use the newer version again");
        assertThatThrownBy(this::openAlone).isInstanceOf(LedgerRefusedException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aNewerOneThatWasKilledKeepsWhatItWroteLast() throws Exception {
        makeNewer();
        Path copy = Files.createDirectory(data.resolve("killed")).resolve("ledger.db");
        SQLiteDataSource atWork = new SQLiteDataSource(Ledger.durable());
        atWork.setUrl("jdbc:sqlite:" + file);
        try (Connection open = atWork.getConnection();
                Statement statement = open.createStatement()) {
            statement.executeUpdate("update batch set changed = changed + 1");
            Files.copy(file, copy);
            Files.copy(file.resolveSibling("ledger.db-wal"), copy.resolveSibling("ledger.db-wal"));
        }
        byte[] before = Files.readAllBytes(copy);
        byte[] log = Files.readAllBytes(copy.resolveSibling("ledger.db-wal"));
        assertThat(log).isNotEmpty();
        assertThatThrownBy(() -> Ledger.open("jdbc:sqlite:" + copy, clock)).isInstanceOf(LedgerRefusedException.class);
        assertThat(Files.readAllBytes(copy)).isEqualTo(before);
        assertThat(Files.readAllBytes(copy.resolveSibling("ledger.db-wal"))).isEqualTo(log);
    }

    @Test
    void anOlderOneIsLeftAsItIsByACommandWhichNamesTheRestart() throws Exception {
        makeOlder();
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(LedgerRefusedException.class)
                .hasMessageContaining("older version")
                .hasMessageContaining("Start the service anew");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(copies()).isEmpty();
    }

    @Test
    void anOlderOneIsCopiedAndBroughtUpToDateByWhoeverHoldsItAlone() throws Exception {
        makeOlder();
        try (Ledger migrated = openAlone()) {
            assertThat(migrated.batches().progress("leavers").orElseThrow().rows())
                    .isEqualTo(20);
        }
        assertThat(copies()).singleElement().satisfies(copy -> {
            assertThat(Ledger.verify(copy)).isEqualTo(20);
            assertThat(copy).hasFileName("ledger-before-" + Migrations.newest() + ".db");
            assertThat(sql(copy).queryForList("select 1 from sqlite_master where name = 'intake_watched'"))
                    .as("the copy is of before")
                    .isEmpty();
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
        makeOlder();
        byte[] before = Files.readAllBytes(file);
        Path inTheWay = Files.createDirectory(data.resolve(".ledger-before-" + Migrations.newest() + ".db.part"));
        Files.createFile(inTheWay.resolve("something"));
        assertThatThrownBy(this::openAlone)
                .isInstanceOf(LedgerRefusedException.class)
                .hasMessageContaining("could not be copied")
                .hasMessageContaining("Make room");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void oneProcessAtATimeHoldsItAloneAndWhatItHoldsIsFreeOnceItEnds() {
        try (Ledger first = openAlone()) {
            assertThatThrownBy(this::openAlone)
                    .isInstanceOf(LedgerException.class)
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
    void aConnectionNeverMakesAFileWhereTheLedgerWasTakenAway() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> {
                    SQLiteDataSource source = new SQLiteDataSource(Ledger.durable());
                    source.setUrl("jdbc:sqlite:" + file);
                    source.getConnection().close();
                })
                .hasMessageContaining("SQLITE_CANTOPEN");
        assertThat(file).doesNotExist();
    }
}
