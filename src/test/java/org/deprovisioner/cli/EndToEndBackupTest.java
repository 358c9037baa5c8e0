package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.State;
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

    @BeforeEach
    void install() throws Exception {
        stage = Stage.in(home);
        Path config = Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("config/logback.xml"), config.resolve("logback.xml"));
        Properties properties = new Properties();
        properties.putAll(stage.settings());
        try (var writer = Files.newBufferedWriter(config.resolve("application.properties"))) {
            properties.store(writer, "");
        }
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private record Ended(int code, String out, String err) {}

    private Ended backup(Path file) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Deprovisioner.commandLine(home)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("backup", file.toString());
        return new Ended(code, out.toString(), err.toString());
    }

    @Test
    void aCopyThatIsMadeWhileTheServiceSendsIsWholeAndSaysHowItIsRestored() throws Exception {
        stage.submit("leavers", stage.next(ROWS));
        stage.start();
        stage.until("leavers", now -> now.in(State.DONE) > 0);
        Path copy = home.resolve("copy.db");

        Ended made = backup(copy);

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
        Ended refused = backup(taken);
        assertThat(refused.code()).isEqualTo(Exit.USAGE.code());
        assertThat(refused.err()).contains(taken + " exists already and is left as it is. Name another file.");
        assertThat(taken).hasContent("mine");
    }
}
