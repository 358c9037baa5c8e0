package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

class MigrationsTest {

    @TempDir
    private Path folder;

    @Test
    void aLedgerOfThisProgramIsKnownAsCurrent() {
        SQLiteDataSource file = file();
        assertThat(Migrations.of(file)).isEqualTo(Migrations.Standing.NONE);
        Ledger.open(file.getUrl(), Clock.systemUTC()).close();
        assertThat(Migrations.of(file)).isEqualTo(Migrations.Standing.CURRENT);
    }

    @Test
    void aLedgerThatLacksAScriptIsOlderAndOneThatKnowsOneMoreIsNewer() {
        SQLiteDataSource file = file();
        Ledger.open(file.getUrl(), Clock.systemUTC()).close();
        JdbcTemplate jdbc = new JdbcTemplate(file);
        jdbc.update("update flyway_schema_history set script = 'V999__of_a_newer_program.sql' where version = '20'");
        assertThat(Migrations.of(file)).isEqualTo(Migrations.Standing.NEWER);
        jdbc.update("delete from flyway_schema_history where script like 'V999%'");
        assertThat(Migrations.of(file)).isEqualTo(Migrations.Standing.OLDER);
    }

    @Test
    void aLedgerThatKnowsAHigherVersionIsNewerWhateverItsScriptIsCalled() {
        SQLiteDataSource file = file();
        Ledger.open(file.getUrl(), Clock.systemUTC()).close();
        new JdbcTemplate(file)
                .update("insert into flyway_schema_history select installed_rank + 1000, '9000', description, type,"
                        + " script, checksum, installed_by, installed_on, execution_time, success"
                        + " from flyway_schema_history where version = '20'");

        assertThat(Migrations.of(file)).isEqualTo(Migrations.Standing.NEWER);
    }

    @Test
    void noIndexNeedsATableOfSQLitesOwnForEachChange() {
        SQLiteDataSource file = file();
        Ledger.open(file.getUrl(), Clock.systemUTC()).close();
        assertThat(new JdbcTemplate(file)
                        .queryForList(
                                "select name from sqlite_master where type = 'index' and lower(sql) like '% in (%'",
                                String.class))
                .as("indexes with 'in' of several values")
                .isEmpty();
    }

    @Test
    void whatAnOlderProgramFoundOfATenantsQuotaIsKept() {
        SQLiteDataSource file = file();
        Flyway.configure()
                .dataSource(file)
                .placeholders(
                        Map.of("id", "integer primary key", "idNeverUsedAgain", "integer primary key autoincrement"))
                .target("180")
                .load()
                .migrate();
        new JdbcTemplate(file)
                .update(
                        "insert into lane (tenant, closed_until, share, slowed, slowed_by) values ('default', 9, 0.4, 7, '429')");
        try (Ledger ledger = Ledger.openAlone(file.getUrl(), Clock.systemUTC())) {
            assertThat(ledger.pauses().slowLanes())
                    .containsExactly(new Pauses.SlowLane("default", true, 0.4, Instant.ofEpochMilli(7), "429"));
        }
    }

    private SQLiteDataSource file() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("ledger.db"));
        return source;
    }
}
