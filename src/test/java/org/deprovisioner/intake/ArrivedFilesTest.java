package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ArrivedFilesTest {

    private static final Duration QUIET = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static GenericFile<File> file(Path path) {
        GenericFile<File> file = new GenericFile<>();
        file.setFile(path.toFile());
        file.setDirectory(Files.isDirectory(path));
        return file;
    }

    private Path write(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "managedDeviceId\n");
    }

    @Test
    void aFileHasArrivedOnceItStoodStillForLongEnough() throws Exception {
        ArrivedFiles inbox = ArrivedFiles.ofRequests(QUIET, now::get);
        Path slow = write("slow.csv");
        assertThat(inbox.accept(file(slow))).isFalse();
        pass(Duration.ofSeconds(4));
        Files.writeString(slow, "one more line\n", StandardOpenOption.APPEND);
        assertThat(inbox.accept(file(slow))).isFalse();
        pass(Duration.ofSeconds(4));
        assertThat(inbox.accept(file(slow))).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(inbox.accept(file(slow))).isTrue();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksFoldersHiddenFilesAndWhatIsStillBeingMadeNeverArrive() throws Exception {
        ArrivedFiles inbox = ArrivedFiles.ofRequests(QUIET, now::get);
        Path whole = write("whole.csv");
        List<Path> others = List.of(
                Files.createSymbolicLink(folder.resolve("link.csv"), whole),
                Files.createDirectory(folder.resolve("folder.csv")),
                write(".hidden.csv"),
                write("~$leavers.csv"),
                write("leavers.csv.part"),
                write("leavers.TMP"));
        assertThat(inbox.accept(file(whole))).isFalse();
        assertThat(others).noneMatch(other -> inbox.accept(file(other)));
        pass(QUIET);
        assertThat(others).noneMatch(other -> inbox.accept(file(other)));
        assertThat(inbox.accept(file(whole))).isTrue();
    }
}
