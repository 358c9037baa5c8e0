package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.Exit;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.Pooler;
import org.deprovisioner.store.RealPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no command does on a ledger of PostgreSQL, because something could be lost or sent twice by it. */
class SharedLedgerRefusedTest {

    @TempDir
    private Path home;

    private final String server = RealPostgres.newLedger();

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    private Path data = Path.of("");

    @BeforeEach
    void install() throws Exception {
        data = Files.createDirectory(home.resolve("data"));
        installed = Installed.in(home);
        useLedger(server);
        Files.writeString(home.resolve("leavers.csv"), "managedDeviceId,deprovisionReason\n");
    }

    private void useLedger(String url) throws Exception {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555",
                "AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555",
                "AZURE_CLIENT_SECRET", "never-used",
                "deprovision.broker.url", "none",
                "deprovision.ledger.url", url.replaceFirst("[?].*", "")));
        Stream.of(url.replaceFirst("[^?]*[?]?", "").split("&"))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter -> parameter.length == 2)
                .forEach(parameter -> settings.put("deprovision.ledger." + parameter[0], parameter[1]));
        installed.with(settings);
    }

    private Ended run(String command) {
        return installed.run(Stream.of(command.split(" "))
                .map(word -> word.equals("FILE") ? home.resolve("leavers.csv").toString() : word)
                .map(word -> word.equals("COPY") ? home.resolve("copy.db").toString() : word)
                .toArray(String[]::new));
    }

    private Ended assertRefused(String command, String... words) {
        Ended ended = run(command);
        assertThat(ended.all()).contains(words).doesNotContain("--debug shows");
        assertThat(ended.code()).isEqualTo(Exit.SETTINGS.code());
        return ended;
    }

    private void makeOlder() {
        RealPostgres.execute(
                server,
                "drop index request_dead, request_dead_of_batch, batch_by_age; alter table request drop column serial_key,"
                        + " drop column name_key; delete from flyway_schema_history where version = '255'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"run", "run --new-ledger", "submit FILE", "submit FILE --new-ledger", "status", "pause", "doctor"
            })
    void besideASqliteLedgerThatWasNotImportedNothingRuns(String command) throws Exception {
        Path file = data.resolve("ledger.db");
        Ledger.open("jdbc:sqlite:" + file, Clock.systemUTC()).close();
        byte[] before = Files.readAllBytes(file);
        assertRefused(command, "deprovision ledger import", file.toString());
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(run("ledger import").code()).isZero();
        assertThat(file).doesNotExist();
        assertThat(run("status").all()).doesNotContain("ledger import");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "submit FILE", "doctor"})
    void throughAPoolerNothingRunsAndItIsSaid(String command) throws Exception {
        URI direct = URI.create(server.substring("jdbc:".length()));
        try (Pooler pooler = Pooler.before(direct.getHost(), direct.getPort())) {
            useLedger(server.replace(":" + direct.getPort() + "/", ":" + pooler.port() + "/"));
            assertThat(run(command).all()).contains("a pooler stands between", "PgBouncer");
            RealPostgres.execute(server, "drop schema public cascade; create schema public");
            assertThat(run(command).all()).contains("a pooler stands between", "PgBouncer");
        }
    }

    @Test
    void backupNamesTheToolsOfTheDatabaseAndLeavesNoFile() {
        Ended ended = run("backup COPY");
        assertThat(ended.code()).isEqualTo(Exit.USAGE.code());
        assertThat(ended.all()).contains("pg_dump", "pg_basebackup", "Nothing was copied");
        assertThat(home.resolve("copy.db")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "submit FILE", "status", "pause"})
    void anOlderOneIsLeftAsItIsAndHowItIsMigratedIsSaid(String command) {
        makeOlder();
        assertRefused(command, "older version", "pg_dump", "deprovision run --migrate");
        assertThat(Ledger.isOlder(Database.at(server))).isTrue();
    }

    @Test
    void anOlderOneIsNotMigratedWhileAServiceOfItsVersionRuns() {
        try (Ledger older = Ledger.open(server, Clock.systemUTC())) {
            older.nodes().join(new Nodes.Self("id-of-alpha", "alpha", "0.9", Map.of()));
            RealPostgres.execute(server, "delete from flyway_schema_history where version = '255'");
            assertRefused("run --migrate", "alpha (0.9)", "Stop them");
        }
        assertThat(Ledger.isOlder(Database.at(server))).isTrue();
    }

    @Test
    void anOlderOneIsMigratedOnceAPersonSaysThatThereIsABackup() {
        makeOlder();
        Ledger.migrate(Database.at(server));
        assertThat(Ledger.isOlder(Database.at(server))).isFalse();
        assertThat(run("status").code()).isZero();
    }

    @Test
    void anOldDumpThatWasPutBackPausesAllSendingOnceAndBothNumbersAreNamed() throws Exception {
        try (Ledger ledger = Ledger.open(server, Clock.systemUTC())) {
            for (int i = 0; i < 5; i++) {
                ledger.pauses().pause("north", Pause.EndsBy.RESUME, "user", "A look.", "Resume it.", "ada");
                ledger.pauses().resume("north", "ada");
            }
            ledger.activity().tryToBegin(jdbc -> {});
            new AuditLog(data, ledger.audit()).append();
        }
        RealPostgres.execute(
                server,
                "delete from audit_entry where id > 4; select setval(pg_get_serial_sequence('audit_entry', 'id'), 4)");
        Ended first = run("status");
        assertThat(first.all()).contains("up to number 4,", "up to number 10.", "deprovision resume");
        assertThat(run("resume").code()).isZero();
        assertThat(run("status").all()).doesNotContain("behind its audit log");
    }
}
