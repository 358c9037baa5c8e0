package org.deprovisioner.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deprovisioner.ledger.AuditEntries;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.StoreRefusedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger is held against what was written from it before. */
class LedgerBesideLogTest extends LedgerFixture {

    private LedgerBesideLog beside;

    @BeforeEach
    void written() throws IOException {
        beside = new LedgerBesideLog(data, Database.at("jdbc:sqlite:" + data.resolve("ledger.db")), clock);
        tell(10);
        append();
    }

    /** Two entries each. */
    private void tell(int times) {
        for (int i = 0; i < times; i++) {
            ledger.pauses().pause(TENANT, Pause.EndsBy.RESUME, "user", "A look.", "Resume it.", "ada");
            ledger.pauses().resume(TENANT, "ada");
        }
    }

    private void append() throws IOException {
        new AuditLog(data, ledger.audit()).append();
    }

    private void takeAway() throws IOException {
        ledger.close();
        for (String end : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(data.resolve("ledger.db" + end));
        }
    }

    private Path logFile() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void assertRefused() throws IOException {
        assertThatThrownBy(() -> beside.open(false))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("is missing or empty, but there was one")
                .hasMessageContaining("run --new-ledger");
        assertThatThrownBy(() -> beside.openAlone(false)).isInstanceOf(StoreRefusedException.class);
    }

    @Test
    void aMissingLedgerIsRefusedBesideAnAuditLogAndNoneIsMade() throws Exception {
        takeAway();
        assertRefused();
        assertThat(data.resolve("ledger.db")).doesNotExist();
    }

    @Test
    void anEmptyLedgerIsRefusedToo() throws Exception {
        takeAway();
        Files.createFile(data.resolve("ledger.db"));
        assertRefused();
        assertThat(data.resolve("ledger.db")).isEmptyFile();
    }

    @Test
    void resultsAloneShowThatThereWasALedger() throws Exception {
        takeAway();
        Files.delete(logFile());
        Files.writeString(Files.createDirectory(data.resolve("results")).resolve("leavers.csv"), "x");
        assertRefused();
    }

    @Test
    void foldersWithNothingInThemAreANewInstallation() throws Exception {
        takeAway();
        Files.delete(logFile());
        Files.createDirectory(data.resolve("results"));
        assertThat(beside.isNewInstallation()).isTrue();
        ledger = beside.open(false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aNewLedgerThatIsMeantGoesOnAfterTheNumbersOfTheLogAndIsNotPaused() throws Exception {
        takeAway();
        ledger = beside.open(true);
        assertThat(ledger.pauses().all()).isEmpty();
        tell(1);
        append();
        assertThat(Files.readAllLines(logFile()).get(20)).startsWith("{\"number\":21,\"entry\":21,");
        ledger.close();
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aNewLedgerIsNotMeantWhereThereIsOne() {
        assertThatThrownBy(() -> beside.open(true))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("Leave --new-ledger out");
    }

    @Test
    void aLedgerBehindItsLogIsPausedOnceAndBothNumbersAreNamed() throws Exception {
        Path backup = data.resolve("backup.db");
        ledger.backup(backup);
        tell(5);
        append();
        takeAway();
        Files.move(backup, data.resolve("ledger.db"));
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).singleElement().satisfies(pause -> {
            assertThat(pause.scope()).isEqualTo(Pause.ALL);
            assertThat(pause.kind()).isEqualTo(Pause.EndsBy.RESUME);
            assertThat(pause.message()).contains("up to number 20,", "up to number 30.");
        });
        ledger.pauses().resume(Pause.ALL, "ada");
        ledger.close();
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aPauseOfSomebodyDoesNotHideThatTheLedgerIsBehind() throws Exception {
        Path backup = data.resolve("backup.db");
        ledger.backup(backup);
        tell(1);
        append();
        takeAway();
        Files.move(backup, data.resolve("ledger.db"));
        try (Ledger command = beside.open(false)) {
            command.pauses().pause(Pause.ALL, Pause.EndsBy.RESUME, "user", "Restored.", "Resume it.", "ada");
            new AuditLog(data, command.audit()).append();
        }
        ledger = beside.openAlone(false);
        assertThat(Files.readString(logFile())).contains("The ledger is behind its audit log");
        assertThat(ledger.pauses().all()).hasSize(1);
    }

    @Test
    void aLedgerThatIsAheadOfItsLogIsAsACrashLeavesIt() throws Exception {
        tell(3);
        ledger.close();
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).isEmpty();
        append();
        assertThat(new AuditTrail(data).verify(Optional.empty()).broken()).isEmpty();
        assertThat(Files.readAllLines(logFile())).hasSize(26);
    }

    @Test
    void aLogThatWasMovedElsewhereIsNoSignOfALostLedger() throws Exception {
        Files.delete(logFile());
        ledger.close();
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aLastLineThatWasCutOffIsNotCounted() throws Exception {
        Files.writeString(logFile(), "{\"number\":99,\"ent", StandardOpenOption.APPEND);
        ledger.close();
        ledger = beside.openAlone(false);
        assertThat(ledger.pauses().all()).isEmpty();
    }

    @Test
    void aBackupKeepsTheNewestNumberThatWasEverGiven() throws Exception {
        Path backup = data.resolve("backup.db");
        ledger.backup(backup);
        try (Ledger copy = Ledger.open("jdbc:sqlite:" + backup, clock)) {
            assertThat(copy.audit().newestGiven()).isEqualTo(20);
        }
    }

    @Test
    void onlyTheEntriesThatAreOnDiskLeaveTheLedger() {
        tell(2);
        List<AuditEntries.Entry> some = ledger.audit().waiting(4);
        ledger.audit().written(List.of(some.get(0), some.get(3)));
        assertThat(ledger.audit().waiting(10)).containsExactly(some.get(1), some.get(2));
    }
}
