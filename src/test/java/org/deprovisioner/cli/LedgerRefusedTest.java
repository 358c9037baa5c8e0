package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.deprovisioner.cli.Installed.Ended;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteDataSource;

/** No command works on a ledger of another version, or makes a new one where there was one. */
class LedgerRefusedTest {

    /** A tenant that nobody asks for a token here. */
    private static final Map<String, String> SETTINGS = Map.of(
            "AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555",
            "AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555",
            "AZURE_CLIENT_SECRET", "never-used",
            "deprovision.broker.url", "none");

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    private Path ledger = Path.of("");

    @BeforeEach
    void install() throws Exception {
        installed = Installed.in(home).with(SETTINGS);
        ledger = Files.createDirectory(home.resolve("data")).resolve("ledger.db");
        Files.writeString(home.resolve("leavers.csv"), "managedDeviceId,deprovisionReason\n");
    }

    static Stream<String> commands() {
        return Stream.of(
                "run",
                "plan FILE",
                "submit FILE",
                "submit FILE --wait",
                "status",
                "results leavers",
                "approve leavers --devices 1",
                "cancel leavers",
                "replay",
                "pause",
                "resume",
                "audit",
                "audit verify",
                "backup COPY",
                "doctor");
    }

    private Ended run(String command) {
        return installed.run(Stream.of(command.split(" "))
                .map(word -> switch (word) {
                    case "FILE" -> home.resolve("leavers.csv").toString();
                    case "COPY" -> home.resolve("copy.db").toString();
                    default -> word;
                })
                .toArray(String[]::new));
    }

    private JdbcTemplate sql() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + ledger);
        return new JdbcTemplate(source);
    }

    private void assertRefused(String command, String words) throws Exception {
        byte[] before = Files.exists(ledger) ? Files.readAllBytes(ledger) : new byte[0];
        Ended ended = run(command);
        assertThat(ended.all()).contains(words).doesNotContain("--debug shows");
        assertThat(ended.code()).isEqualTo(Exit.SETTINGS.code());
        assertThat(Files.exists(ledger) ? Files.readAllBytes(ledger) : new byte[0])
                .isEqualTo(before);
        assertThat(home.resolve("data/inbox")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aLedgerOfANewerVersionIsRefusedByEveryCommand(String command) throws Exception {
        Ledger.open("jdbc:sqlite:" + ledger, Clock.systemUTC()).close();
        sql().update("insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                + " installed_by, installed_on, execution_time, success)"
                + " values (999, '999', 'newer', 'SQL', 'V999__newer.sql', 1, '', '2026-01-01', 1, 1)");
        assertRefused(command, "is of a newer version of this program");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aMissingLedgerBesideAnAuditLogIsRefusedByEveryCommand(String command) throws Exception {
        run("pause");
        Files.delete(ledger);
        assertRefused(command, "is missing or empty, but there was one");
        assertThat(ledger).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aLedgerOfAnOlderVersionIsLeftToTheServiceByEveryOther(String command) throws Exception {
        if (command.equals("run")) {
            return; // it brings it up to date
        }
        Ledger.open("jdbc:sqlite:" + ledger, Clock.systemUTC()).close();
        sql().update("delete from flyway_schema_history where script = 'V190__slow_lane.sql'");
        assertRefused(command, "Restart the service");
    }

    @Test
    void aNewLedgerIsMadeWhereItIsMeantAndTheChainGoesOn() throws Exception {
        run("pause");
        Files.delete(ledger);
        assertThat(run("submit FILE --new-ledger").code()).isZero();
        assertThat(run("status").out()).contains("not running");
        run("pause");
        Ended verified = run("audit verify");
        assertThat(verified.code()).isZero();
        assertThat(verified.out()).contains("Whole: 2 lines");
    }

    @Test
    void aLogWithoutALineIsNotWhole() throws Exception {
        Ended fresh = run("audit verify");
        assertThat(fresh.code()).isEqualTo(Exit.FAILED.code());
        assertThat(fresh.out()).contains("There is no line in the log yet");
        run("pause");
        try (Stream<Path> files = Files.list(home.resolve("data/audit"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Ended taken = run("audit verify");
        assertThat(taken.code()).isEqualTo(Exit.FAILED.code());
        assertThat(taken.out()).contains("Not whole: the log has no lines");
    }
}
