package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the ledger, made by a command while the service runs. */
class EndToEndBackupTest {

    private static final int ROWS = 200;

    @TempDir
    private Path home;

    private Stage stage;

    @SuppressWarnings("NullAway.Init")
    private Installed installed;

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(home);
        installed = Installed.in(home).with(stage.settings());
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Installed.Ended backup(Path file) {
        return installed.run("backup", file.toString());
    }

    @Test
    void aCopyThatIsMadeWhileTheServiceSendsIsWholeAndSaysHowItIsRestored() throws Exception {
        stage.submit("leavers", stage.next(ROWS));
        stage.start();
        stage.until("leavers", now -> now.in(State.DONE) > 0);
        Path copy = home.resolve("copy.db");

        Installed.Ended made = backup(copy);

        stage.settled("leavers", ROWS);
        assertThat(made.code()).isZero();
        assertThat(made.out())
                .contains(copy + " holds the ledger of this moment: " + ROWS + " requests", "read from end to end")
                .contains("To restore it: stop the service", "run 'deprovision pause' before the next 'run'");
        assertThat(Ledger.verify(copy)).isEqualTo(ROWS);
        try (Ledger opened = Ledger.open("jdbc:sqlite:" + copy, Clock.systemUTC())) {
            assertThat(opened.batches().progress("leavers").orElseThrow().rows())
                    .isEqualTo(ROWS);
        }
        assertThat(home.toFile().list()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void aFileThatIsThereAlreadyIsLeftAsItIs() throws Exception {
        Path taken = Files.writeString(home.resolve("copy.db"), "mine");
        Installed.Ended refused = backup(taken);
        assertThat(refused.code()).isEqualTo(Exit.USAGE.code());
        assertThat(refused.err()).contains(taken + " exists already and is left as it is. Name another file.");
        assertThat(taken).hasContent("mine");
    }
}
