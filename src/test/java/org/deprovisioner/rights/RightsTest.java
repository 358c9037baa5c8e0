package org.deprovisioner.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RightsTest {

    @TempDir
    private Path folder;

    private record Account(String getName) implements UserPrincipal {}

    private static AclEntry entry(AclEntryType type, String account, AclEntryPermission... permissions) {
        return AclEntry.newBuilder()
                .setType(type)
                .setPrincipal(new Account(account))
                .setPermissions(permissions)
                .build();
    }

    private static boolean everybodyMayWrite(AclEntry... entries) {
        return WorldWritable.everybodyMayWrite(List.of(entries));
    }

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
    void onWindowsTheGroupsThatEverybodyBelongsToAreLookedFor() {
        assertThat(everybodyMayWrite(entry(
                        AclEntryType.ALLOW,
                        "NT AUTHORITY\\Authenticated Users",
                        AclEntryPermission.READ_DATA,
                        AclEntryPermission.WRITE_DATA)))
                .isTrue();
        assertThat(everybodyMayWrite(
                        entry(AclEntryType.ALLOW, "VORDEFINIERT\\Benutzer", AclEntryPermission.APPEND_DATA)))
                .isTrue();
        assertThat(everybodyMayWrite(entry(AclEntryType.ALLOW, "Everyone", AclEntryPermission.WRITE_ACL)))
                .isTrue();
        assertThat(everybodyMayWrite(
                        entry(AclEntryType.ALLOW, "BUILTIN\\Users", AclEntryPermission.READ_DATA),
                        entry(AclEntryType.DENY, "Everyone", AclEntryPermission.WRITE_DATA),
                        entry(AclEntryType.ALLOW, "SCHOOL\\ada", AclEntryPermission.WRITE_DATA)))
                .isFalse();
        assertThat(WorldWritable.removal(Path.of("routes")))
                .isEqualTo("icacls \"routes\" /inheritance:d /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545");
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
