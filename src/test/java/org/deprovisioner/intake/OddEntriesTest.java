package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.deprovisioner.Said;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(OS.WINDOWS)
class OddEntriesTest {

    private static final Duration QUIET = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final AtomicLong now = new AtomicLong();

    private OddEntries odd() {
        return new OddEntries(folder, ArrivedFiles.ofAnyEnd(QUIET, now::get), new FileFaults(now::get), now::get);
    }

    /** A file whose name is these bytes, whatever the locale: {@code %FC} is one of them. */
    private Path make(String name) throws IOException {
        return Files.writeString(Path.of(URI.create(folder.toUri() + name)), "managedDeviceId\n");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> lookTwice(OddEntries odd) throws Exception {
        return Said.by(OddEntries.class, () -> {
            odd.look();
            now.addAndGet(QUIET.toNanos());
            odd.look();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "m%FCller.csv, m_ller.csv",
        "%ff%fe.csv, __.csv",
        "a%5Cb.csv, a_b.csv",
        "x%C3.csv, x_.csv",
        "leavers.csv, leavers.csv",
    })
    void aFileWhoseNameCannotBeUsedGetsOneThatCanOnceItHasArrived(String name, String mended) throws Exception {
        make(name);
        OddEntries odd = odd();
        odd.look();
        List<String> said = lookTwice(odd);
        assertThat(names()).containsExactly(mended);
        assertThat(said).hasSize(name.equals(mended) ? 0 : 1).allMatch(line -> line.contains(mended));
    }

    @Test
    void theFileOfAnotherIsNeverOverwritten() throws Exception {
        Path other = Files.writeString(folder.resolve("a_b.csv"), "mine");
        make("a%5Cb.csv");
        lookTwice(odd());
        assertThat(other).hasContent("mine");
        assertThat(names()).containsExactly("a_b-2.csv", "a_b.csv");
    }

    @Test
    void ofWhatIsNoFileItIsSaidOnceThatItIsLeftAlone() throws Exception {
        Files.createDirectory(folder.resolve("leavers"));
        Files.createSymbolicLink(folder.resolve("link.csv"), folder.resolve("leavers"));
        Files.createDirectory(folder.resolve(".working"));
        List<String> said = lookTwice(odd());
        assertThat(said).hasSize(2).allMatch(line -> line.contains("left alone"));
        assertThat(names()).containsExactly(".working", "leavers", "link.csv");
    }
}
