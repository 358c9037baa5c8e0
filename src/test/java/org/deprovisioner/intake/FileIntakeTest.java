package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.component.file.GenericFile;
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
        RequestRules rules = new RequestRules(Set.of(TENANT), Optional.of(TENANT), Optional.empty(), Set.of(), true);
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
        assertThat(intake.open(file)).isEqualTo(name).matches("\\d+-leavers\\.csv");

        Path first = Files.move(file.toPath(), working.resolve(name));
        Path second = collect("leavers.csv");
        long number = WorkingName.parse(name).intake();
        assertThat(second).hasFileName(number + 1 + "-leavers.csv");

        Path rested = Files.move(first, Path.of(intake.takeIn(first.toFile())));
        assertThat(rested).hasFileName("leavers.csv");
        assertThat(collect("leavers.csv")).hasFileName(number + 2 + "-leavers.csv");
    }

    @Test
    void aNameThatNoFolderOrLogCouldHoldIsMendedAndItsFileTakenIn() throws Exception {
        assertThat(collect("\u00fc".repeat(124) + ".csv"))
                .satisfies(file -> assertThat(WorkingName.parse(String.valueOf(file.getFileName()))
                                .name())
                        .isEqualTo("\u00fc".repeat(100) + ".csv"))
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).endsWith("\u00fc.csv"));
        assertThat(collect(" new\nline\u001b[2J .csv"))
                .satisfies(file -> assertThat(file.toString()).endsWith("-new_line_[2J.csv"))
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).endsWith("new_line_[2J.csv"));
        assertThat(results("new_line_[2J")).hasSize(1);
    }

    @Test
    void aFileOfAnotherLedgerIsNeitherTakenInNorWrittenOver() throws Exception {
        Path ours = collect("leavers.csv");
        long next = WorkingName.parse(String.valueOf(ours.getFileName())).intake() + 1;
        Path anothers = Files.writeString(working.resolve(next + "-leavers.csv"), "another ledger's");
        WorkingFiles files = new WorkingFiles(ledger.intakes(), new FileFaults(System::nanoTime));

        assertThat(accepts(files, ours)).isTrue();
        assertThat(accepts(files, anothers)).isFalse();
        assertThat(accepts(files, Files.writeString(working.resolve("7-leavers.csv"), CONTENT)))
                .isFalse();
        assertThat(accepts(files, Files.writeString(working.resolve("of-nobody.csv"), CONTENT)))
                .isFalse();

        assertThat(intake.open(arrived("leavers.csv"))).isEqualTo(next + 1 + "-leavers.csv");
        assertThat(anothers).hasContent("another ledger's");
    }

    @Test
    void aFileThatWasHandedOverWithItsPlanIsOurs() throws Exception {
        long id = ledger.plans().openFile("leavers.csv (plan 01ab23cd)", "ada", Map.of());
        WorkingFiles files = new WorkingFiles(ledger.intakes(), new FileFaults(System::nanoTime));

        assertThat(accepts(files, Files.writeString(working.resolve(id + "-leavers.csv"), CONTENT)))
                .isTrue();
    }

    private static boolean accepts(WorkingFiles files, Path file) {
        GenericFile<File> candidate = new GenericFile<>();
        candidate.setFile(file.toFile());
        return files.accept(candidate);
    }
}
