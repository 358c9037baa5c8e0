package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.text.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sits at a terminal types the number of rows before anything is handed over. */
class ConfirmationTest {

    private static final String ID = "3fa85f64-5717-4562-b3fc-2c963f66afa";

    @TempDir
    private Path folder;

    private final StringWriter shown = new StringWriter();

    private Optional<String> ask(Path file, String typed) throws Exception {
        Settings settings = SettingsReader.ofDefaults(folder, Map.of()).read().settings();
        return new Confirmation(settings, new Terminal(new PrintWriter(shown, true)))
                .ask(file, "This command sends what may be sent", question -> typed);
    }

    private Path file() throws Exception {
        return Files.writeString(
                folder.resolve("leavers.csv"),
                "managedDeviceId,deprovisionReason\n" + ID + "1,retiring_device\n" + ID + "2,retiring_device\n" + ID
                        + "3,upgrade_transfer\nCB-1,retiring_device\n");
    }

    @Test
    void itSaysWhatItIsAndTakesTheNumberOfRows() throws Exception {
        Path file = file();
        assertThat(ask(file, "4")).contains(Sha256.of(file));
        assertThat(shown.toString())
                .contains("leavers.csv: 4 rows.", "2 retiring_device", "1 upgrade_transfer")
                .contains("1 row cannot be understood, and is refused", "cannot be undone remotely");
    }

    @Test
    void anyOtherAnswerHandsNothingOver() throws Exception {
        Path file = file();
        for (String typed : new String[] {"3", "", "yes", "-4", "1,4x"}) {
            assertThatThrownBy(() -> ask(file, typed))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("nothing is handed over");
        }
    }

    @Test
    void aFileThatIsRejectedAsAWholeNeedsNoQuestion() throws Exception {
        Path file = Files.writeString(folder.resolve("names.csv"), "name,colour\nAda,red\n");
        assertThat(ask(file, "")).isEmpty();
    }
}
