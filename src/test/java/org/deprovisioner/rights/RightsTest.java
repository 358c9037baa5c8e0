package org.deprovisioner.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RightsTest {

    @TempDir
    private Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatEverybodyMayWriteIsNamedWithTheCommandThatMendsIt() throws Exception {
        Path open = Files.createFile(folder.resolve("it's open.yaml"));
        Files.createFile(folder.resolve("closed.yaml"));
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(inbox, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> problems = WorldWritable.in(folder, Set.of("inbox"));
        assertThat(problems).singleElement().asString().contains("it's open.yaml", "chmod o-w ");

        String command = problems.get(0).substring(problems.get(0).indexOf("chmod"));
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        assertThat(WorldWritable.in(folder, Set.of("inbox"))).isEmpty();
        assertThat(WorldWritable.in(folder, Set.of())).hasSize(1);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(WorldWritable.in(folder, Set.of("inbox"))).hasSize(1);
    }

    @Test
    void aFolderThatIsNotThereIsNoProblem() throws Exception {
        assertThat(WorldWritable.in(folder.resolve("data"), Set.of())).isEmpty();
    }

    @Test
    void onWindowsTheGroupsThatEverybodyBelongsToAreKnownByTheirIdentifiersInEveryLanguage() {
        assertThat(List.of(
                        "D:PAI(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;AU)",
                        "D:AI(A;ID;FA;;;BA)(A;ID;FW;;;WD)",
                        "D:(A;;GA;;;S-1-1-0)",
                        "D:(A;;0x1200af;;;S-1-5-32-545)",
                        "D:(A;OICIIO;SDGXGWGR;;;AU)",
                        "D:(XA;;WD;;;BU;(@User.Title==\"x\"))",
                        "D:(A;;FA;;;S-1-5-21-1-2-3-513)",
                        "O:BAG:BAD:(A;;WO;;;IU)S:(AU;SAFA;FA;;;WD)",
                        "O:BAG:BA"))
                .allSatisfy(rights ->
                        assertThat(Sddl.everybodyMayWrite(rights)).as(rights).isTrue());
        assertThat(List.of(
                        "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)",
                        "D:(D;;FA;;;WD)(A;;FA;;;S-1-5-21-1-2-3-1001)",
                        "D:(A;;FR;;;WD)(A;;0x1200a9;;;AU)(A;;FX;;;BU)",
                        "D:(A;;FA;;;S-1-5-80-1-2-3-4-5)",
                        "D:PAI",
                        "D:(A;;FA;;;BA)S:(AU;SAFA;FA;;;WD)"))
                .allSatisfy(rights ->
                        assertThat(Sddl.everybodyMayWrite(rights)).as(rights).isFalse());
    }

    @Test
    void onWindowsTheRightsOfAllFilesOfAFolderAreAskedForAtOnce() {
        assertThat(Sddl.command("C:\\Program Files\\Deprovisioner\\routes\\*", Path.of("out.txt")))
                .containsExactly("icacls", "C:\\Program Files\\Deprovisioner\\routes\\*", "/save", "out.txt", "/q");
        assertThat(Sddl.saved("\ufeffcall-graph.camel.yaml\r\nD:(A;;FA;;;SY)\r\nétat.yaml\r\nD:(A;;FA;;;WD)\r\n"))
                .containsExactly(
                        Map.entry("call-graph.camel.yaml", "D:(A;;FA;;;SY)"), Map.entry("état.yaml", "D:(A;;FA;;;WD)"));
        assertThat(WorldWritable.removal(Path.of("routes")))
                .isEqualTo("icacls \"routes\" /inheritance:d /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aGroupMayReadWhatIsForPeopleAndNobodyElseMay() throws Exception {
        String group =
                Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
        Path results = folder.resolve("results");
        new Readers(Optional.empty()).folder(results);
        assertThat(rights(results)).isEqualTo("rwx------");
        Path file = results.resolve("leavers.csv");
        OwnerAlone.file(file);

        Readers readers = new Readers(Optional.of(group));
        readers.folder(results);
        readers.file(file);
        assertThat(rights(results)).isEqualTo("rwxr-x---");
        assertThat(rights(file)).isEqualTo("rw-r-----");
    }

    @Test
    void nothingIsMadeWhereTheFolderAboveWasMovedAway() {
        Path gone = folder.resolve("data");
        assertThatThrownBy(() -> OwnerAlone.file(gone.resolve("file"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> OwnerAlone.folder(gone.resolve("own"))).isInstanceOf(NoSuchFileException.class);
        assertThat(gone).doesNotExist();
    }

    @Test
    void aFileInThePlaceOfAFolderIsSaid() throws Exception {
        Path file = Files.createFile(folder.resolve("done"));
        assertThatThrownBy(() -> OwnerAlone.folder(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsForTheOwnerAloneIsSoFromTheStartAndIsLeftAsItsOwnerSetsIt() throws Exception {
        Path file = folder.resolve("file");
        OwnerAlone.file(file);
        OwnerAlone.folder(folder.resolve("own"));
        assertThat(rights(file)).isEqualTo("rw-------");
        assertThat(rights(folder.resolve("own"))).isEqualTo("rwx------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        OwnerAlone.file(file);
        assertThat(rights(file)).isEqualTo("rw-r-----");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsWrittenAnewIsForTheOwnerAloneWhateverStoodThere() throws Exception {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
        Path file = folder.resolve("file");
        Files.createSymbolicLink(file, elsewhere);
        OwnerAlone.write(file, "ours");
        assertThat(elsewhere).hasContent("theirs");
        assertThat(file).hasContent("ours");
        assertThat(rights(file)).isEqualTo("rw-------");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsHandedOverIsTakenFromTheOthersUnlessItHasASecondName() throws Exception {
        Path file = Files.writeString(folder.resolve("handed-over"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        Path other = Files.createLink(folder.resolve("second-name"), file);
        OwnerAlone.restrict(file);
        assertThat(rights(file)).isEqualTo("rw-rw-r--");
        Files.delete(other);
        OwnerAlone.restrict(file);
        assertThat(rights(file)).isEqualTo("rw-------");
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
