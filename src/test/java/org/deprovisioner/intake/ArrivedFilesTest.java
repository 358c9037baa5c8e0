package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource({
        "whole.csv, 'a\\n', true",
        "whole.csv, 'a\\r\\n', true",
        "whole.csv, 'a\\nretiring', false",
        "blank.csv, 'a\\nb\\n  ', false",
        "empty.csv, '', false",
        "whole.json, '[{}]', true",
        "whole.json, '[{}]\\n  ', true",
        "whole.JSON, '[{}]', true",
        "cut.json, '[{}', false",
        "lines.jsonl, '{}', false",
        "lines.csv, '[]', false",
    })
    void aFileWhoseLastLineMayBeCutOffMustStandStillForAMinute(String name, String content, boolean whole)
            throws Exception {
        Path file = Files.writeString(
                folder.resolve(name), content.replace("\\n", "\n").replace("\\r", "\r"));
        ArrivedFiles inbox = ArrivedFiles.ofRequests(QUIET, now::get);
        inbox.accept(file(file));
        pass(QUIET);
        assertThat(inbox.accept(file(file))).isEqualTo(whole);
        pass(Duration.ofMinutes(1).minus(QUIET));
        assertThat(whole || inbox.accept(file(file))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void theEndOfALineIsKnownInUtf16(String encoding) throws Exception {
        Charset charset = Charset.forName(encoding);
        Path whole = Files.writeString(folder.resolve("whole.csv"), "\ufeffmanagedDeviceId\r\n", charset);
        Path cut = Files.writeString(folder.resolve("cut.csv"), "\ufeffmanagedDeviceId\r\nab", charset);
        assertThat(FileEnd.isWhole(whole)).isTrue();
        assertThat(FileEnd.isWhole(cut)).isFalse();
    }
}
