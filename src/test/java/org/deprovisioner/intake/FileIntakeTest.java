package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.deprovisioner.ledger.LedgerFixture;
import org.deprovisioner.request.RequestRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileIntakeTest extends LedgerFixture {

    private static final String CONTENT = "managedDeviceId,reason\n3fa85f64-5717-4562-b3fc-2c963f66afa6,lost\n";

    private FileIntake intake;
    private Path inbox;
    private Path working;

    @BeforeEach
    void makeInbox() throws IOException {
        RequestRules rules =
                new RequestRules(Set.of(TENANT), Optional.of(TENANT), Optional.empty(), Set.of(), true, Set.of());
        intake = new FileIntake(data, rules, ledger.intakes());
        inbox = data.resolve("inbox");
        working = Files.createDirectories(inbox.resolve(".working"));
    }

    private File arrived(String name) throws IOException {
        return Files.writeString(inbox.resolve(name), CONTENT).toFile();
    }

    private Path collect(String name) throws IOException {
        File file = arrived(name);
        return Files.move(file.toPath(), working.resolve(intake.open(file)));
    }

    @Test
    void aFileThatCouldNotBeMovedKeepsItsIntakeAndTheNextOfItsNameGetsItsOwn() throws Exception {
        File file = arrived("leavers.csv");
        String name = intake.open(file);
        assertThat(intake.open(file)).isEqualTo(name).isEqualTo("1-leavers.csv");

        Path first = Files.move(file.toPath(), working.resolve(name));
        Path second = collect("leavers.csv");
        assertThat(second).hasFileName("2-leavers.csv");

        Path rested = Files.move(first, Path.of(intake.takeIn(first.toFile())));
        assertThat(rested).hasFileName("leavers.csv");
        assertThat(collect("leavers.csv")).hasFileName("3-leavers.csv");
    }

    @Test
    void aNameThatNoFolderOrLogCouldHoldIsMendedAndItsFileTakenIn() throws Exception {
        assertThat(collect("\u00fc".repeat(124) + ".csv"))
                .hasFileName("1-" + "\u00fc".repeat(100) + ".csv")
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).endsWith("\u00fc.csv"));
        assertThat(collect(" new\nline\u001b[2J .csv"))
                .hasFileName("2-new_line_[2J.csv")
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).endsWith("new_line_[2J.csv"));
        assertThat(results("new_line_[2J")).hasSize(1);
    }
}
