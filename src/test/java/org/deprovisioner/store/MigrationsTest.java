package org.deprovisioner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class MigrationsTest {

    @TempDir
    private Path folder;

    private Database database;
    private Migrations migrations;
    private JdbcTemplate jdbc;

    @BeforeEach
    void name() {
        database = Database.at("jdbc:sqlite:" + folder.resolve("ledger.db"));
        migrations = new Migrations(database);
        jdbc = new JdbcTemplate(database.source(Database.Use.WRITE));
    }

    @Test
    void everyScriptIsKnown() throws Exception {
        try (Stream<Path> scripts = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(scripts.map(script -> script.getFileName().toString())
                            .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__")))))
                    .containsExactlyInAnyOrderElementsOf(Migrations.SCRIPTS);
        }
    }

    @Test
    void aLedgerOfThisProgramIsKnownAsCurrent() throws Exception {
        assertThat(migrations.tables()).isEqualTo(Migrations.Tables.NONE);
        database.make();
        assertThat(migrations.tables()).as("an empty file").isEqualTo(Migrations.Tables.NONE);
        Store.open(database).close();
        assertThat(migrations.tables()).isEqualTo(Migrations.Tables.CURRENT);
    }

    @Test
    void aLedgerThatLacksAScriptIsOlderAndOneThatKnowsOneMoreIsNewer() throws Exception {
        Store.open(database).close();
        jdbc.update("update flyway_schema_history set version = '999' where version = '20'");
        assertThat(migrations.tables()).isEqualTo(Migrations.Tables.NEWER);
        jdbc.update("delete from flyway_schema_history where version = '999'");
        assertThat(migrations.tables()).isEqualTo(Migrations.Tables.OLDER);
    }

    @Test
    void noIndexNeedsATableOfSQLitesOwnForEachChange() {
        Store.open(database).close();
        assertThat(jdbc.queryForList(
                        "select name from sqlite_master where type = 'index' and lower(sql) like '% in (%'",
                        String.class))
                .as("indexes with 'in' of several values")
                .isEmpty();
    }
}
