package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.deprovisioner.rights.Readers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileIntakeTest extends LedgerFixture {

    private static final String CONTENT = "managedDeviceId,reason\n3fa85f64-5717-4562-b3fc-2c963f66afa6,lost\n";

    private FileIntake intake;
    private Path inbox;

    @BeforeEach
    void makeInbox() throws IOException {
        RequestRules rules =
                new RequestRules(Set.of(TENANT), Optional.of(TENANT), Optional.empty(), Set.of(), true, Set.of());
        intake = new FileIntake(data, new Readers(Optional.empty()), rules, ledger.intakes(), ledger.takenFiles());
        inbox = data.resolve("inbox");
        Files.createDirectories(inbox.resolve(".working"));
    }

    private File arrived(String name, String content) throws IOException {
        return Files.writeString(inbox.resolve(name), content).toFile();
    }

    private Path collect(String name) throws IOException {
        return collect(name, CONTENT);
    }

    private Path collect(String name, String content) throws IOException {
        return intake.collect(arrived(name, content));
    }

    private static long number(Path working) {
        return WorkingName.parse(String.valueOf(working.getFileName())).intake();
    }

    private Path takeIn(String name, String content) throws Exception {
        return intake.takeIn(collect(name, content).toFile());
    }

    /** What the user keeps in a folder of ours under this name. */
    private Path keep(String place) throws IOException {
        Path kept = data.resolve(place);
        Files.createDirectories(kept.getParent());
        return Files.writeString(kept, "mine");
    }

    @Test
    void aFileThatCouldNotBeMovedKeepsItsIntakeAndTheNextOfItsNameGetsItsOwn() throws Exception {
        long number = number(collect("first.csv")) + 1;
        File file = arrived("leavers.csv", CONTENT);
        Path working = inbox.resolve(".working");
        Path elsewhere = Files.move(working, data.resolve("elsewhere"));
        assertThatThrownBy(() -> intake.collect(file)).isInstanceOf(IOException.class);
        Files.move(elsewhere, working);
        Path ours = intake.collect(file);
        assertThat(ours).hasFileName(number + "-leavers.csv");

        assertThat(collect("leavers.csv")).hasFileName(number + 1 + "-leavers.csv");
        assertThat(intake.takeIn(ours.toFile())).isEqualTo(data.resolve("archive/leavers.csv"));
        assertThat(collect("leavers.csv")).hasFileName(number + 2 + "-leavers.csv");
    }

    @Test
    void aNameThatNoFolderOrLogCouldHoldIsMendedAndItsFileTakenIn() throws Exception {
        assertThat(collect("\u00fc".repeat(124) + ".csv"))
                .satisfies(file -> assertThat(file.toString()).endsWith("-" + "\u00fc".repeat(100) + ".csv"))
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).hasFileName("\u00fc".repeat(100) + ".csv"));
        assertThat(collect(" new\nline\u001b[2J .csv"))
                .satisfies(file -> assertThat(file.toString()).endsWith("-new_line_[2J.csv"))
                .satisfies(file -> assertThat(intake.takeIn(file.toFile())).hasFileName("new_line_[2J.csv"));
        assertThat(results("new_line_[2J")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a\\b.csv, a_b",
        "..\\..\\up.csv, _._.._up",
        "--devices.csv, _-devices",
        "${sys.path}.csv, ${sys.path}",
        "100%41.csv, 100%41",
        "mu\u0308ller.csv, m\u00fcller",
        "dot..csv, dot.",
        "null.csv, null-2",
        "NULL.csv, NULL",
        "lpt1..csv, lpt1-2.",
        "CON.csv, CON-2",
        "con.backup.csv, con-2.backup",
        "big.txt, big",
        "big.txt.txt, big.txt-2",
        "BIG.TXT .csv, BIG.TXT-2",
        "big.txt..csv, big.txt.-2",
    })
    void anOddNameBecomesTheNameOfABatchThatEverythingCanHold(String name, String batch) throws Exception {
        Path rested = takeIn(name, CONTENT);
        assertThat(rested.getParent()).isEqualTo(data.resolve("archive"));
        assertThat(results(batch)).hasSize(1);
    }

    @Test
    void batchesThatCouldBeTakenForEachOtherGetANumber() throws Exception {
        takeIn("M\u00fcller.csv", CONTENT);
        takeIn("mu\u0308ller.csv", CONTENT);
        takeIn("m\u00fc\u200bller.csv", CONTENT);
        takeIn("m\u00fcller..csv", CONTENT);
        assertThat(ledger.batches().all())
                .extracting(batch -> batch.name())
                .containsExactlyInAnyOrder("M\u00fcller", "m\u00fcller-2", "m\u00fc_ller", "m\u00fcller.-2");
    }

    @Test
    void noFileOfAUserIsOverwrittenWhereOursCameToRest() throws Exception {
        Path note = keep("rejected/a.csv.reason.txt");
        Path first = takeIn("a.csv", "");
        Path second = takeIn("a.csv", "");
        Path dropped = takeIn("a-2.csv.reason.txt", "");
        assertThat(note).hasContent("mine");
        assertThat(first).hasFileName("a-2.csv");
        assertThat(second).hasFileName("a-3.csv");
        assertThat(dropped).hasFileName("a-2.csv.reason-2.txt");
        assertThat(data.resolve("rejected")).isDirectoryContaining("glob:**/a-2.csv.reason.txt");
        assertThat(Files.readString(data.resolve("rejected/a-2.csv.reason-2.txt.reason.txt")))
                .contains("is empty");

        Path working = collect("b.csv");
        intake.takeIn(working.toFile());
        Path archived = keep("archive/c.csv");
        Path rested = takeIn("c.csv", CONTENT);
        assertThat(archived).hasContent("mine");
        assertThat(rested).hasFileName("c-2.csv").hasContent(CONTENT.strip());
    }

    @Test
    void aFileThatCannotBeMovedToRestIsTakenInOnceHoweverOftenItIsTried() throws Exception {
        Path working = collect("leavers.csv");
        keep("archive");
        for (int times = 0; times < 3; times++) {
            assertThatThrownBy(() -> intake.takeIn(working.toFile())).isInstanceOf(IOException.class);
        }
        assertThat(ledger.batches().changedAtRest(10, Optional.of("closed"), Optional.empty()))
                .allSatisfy(changed -> assertThat(changed.changed()).isOne());
        assertThat(told("taken-in")).isOne();
        Files.delete(data.resolve("archive"));
        assertThat(intake.takeIn(working.toFile())).isEqualTo(data.resolve("archive/leavers.csv"));
        assertThat(results("leavers")).hasSize(1);
    }

    @Test
    void aRejectedFileThatCannotBeMovedIsRejectedOnceAndItsReasonStandsBesideItInTheEnd() throws Exception {
        Path working = collect("empty.csv", "");
        keep("rejected");
        for (int times = 0; times < 3; times++) {
            assertThatThrownBy(() -> intake.takeIn(working.toFile())).isInstanceOf(IOException.class);
        }
        assertThat(told("rejected")).isOne();
        Files.delete(data.resolve("rejected"));
        Path reason = Files.createDirectory(data.resolve("rejected")).resolve("empty.csv.reason.txt");
        Files.writeString(
                reason,
                "empty.csv was not taken in, and nothing of it was sent.\n\nThe file is empty."
                        + " Hand over a CSV file with a header and one row per device.\n"); // as a crash left it
        assertThat(intake.takeIn(working.toFile())).hasFileName("empty.csv");
        try (var files = Files.list(data.resolve("rejected"))) {
            assertThat(files).hasSize(2);
        }
    }

    private long told(String what) {
        return ledger.audit().waiting(1_000).stream()
                .filter(entry -> what.equals(entry.fields().get("what")))
                .count();
    }

    @Test
    void aFileOfAnotherLedgerIsLeftWhereItIs() throws Exception {
        Path strange = keep("inbox/.working/77-leavers.csv");
        assertThatThrownBy(() -> intake.takeIn(strange.toFile()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another ledger");
        assertThat(strange).exists();
        assertThat(ledger.batches().all()).isEmpty();
    }

    @Test
    void whatCameOfAFileBeforeIsNotReadAgain() throws Exception {
        Path working = collect("leavers.csv");
        intake.takeIn(working.toFile());
        Files.writeString(working, CONTENT + CONTENT);
        assertThat(intake.takeIn(working.toFile())).isEqualTo(data.resolve("archive/leavers-2.csv"));
        assertThat(results("leavers")).hasSize(1);
    }

    @Test
    void aFileOfAnotherLedgerIsNeitherTakenInNorWrittenOver() throws Exception {
        Path ours = collect("leavers.csv");
        long next = WorkingName.parse(String.valueOf(ours.getFileName())).intake() + 1;
        Path anothers = Files.writeString(inbox.resolve(".working").resolve(next + "-leavers.csv"), "another ledger's");
        WorkingFiles files = new WorkingFiles(ledger.intakes(), new FileFaults(System::nanoTime));

        assertThat(accepts(files, ours)).isTrue();
        assertThat(accepts(files, anothers)).isFalse();
        assertThat(accepts(files, Files.writeString(inbox.resolve(".working").resolve("7-leavers.csv"), CONTENT)))
                .isFalse();
        assertThat(accepts(files, Files.writeString(inbox.resolve(".working").resolve("of-nobody.csv"), CONTENT)))
                .isFalse();

        assertThat(intake.collect(arrived("leavers.csv", CONTENT))).hasFileName(next + 1 + "-leavers.csv");
        assertThat(anothers).hasContent("another ledger's");
    }

    @Test
    void aFileThatWasHandedOverWithItsPlanIsOurs() throws Exception {
        long id = ledger.plans().openFile("leavers.csv (plan 01ab23cd)", "ada", Map.of(), false);
        WorkingFiles files = new WorkingFiles(ledger.intakes(), new FileFaults(System::nanoTime));

        assertThat(accepts(files, Files.writeString(inbox.resolve(".working").resolve(id + "-leavers.csv"), CONTENT)))
                .isTrue();
    }

    private static boolean accepts(WorkingFiles files, Path file) {
        GenericFile<File> candidate = new GenericFile<>();
        candidate.setFile(file.toFile());
        return files.accept(candidate);
    }
}
