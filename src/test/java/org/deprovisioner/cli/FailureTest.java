package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No message is a bare path: each says what happened and what to do. */
class FailureTest {

    @TempDir
    private Path folder;

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("/a/b"), "/a/b is not there. Check the path"),
                Arguments.of(new AccessDeniedException("/a/b"), "may not read or write /a/b. Run this as the user"),
                Arguments.of(new FileAlreadyExistsException("/a/b"), "/a/b is in the way"),
                Arguments.of(
                        new FileSystemException("/a/b", null, "No space left on device"),
                        "/a/b cannot be used: No space left on device. Check the disk"),
                Arguments.of(
                        new IOException("reset"), "The program failed: reset. (--debug shows where it came from.)"),
                Arguments.of(new IOException("The broker is gone."), "The broker is gone. (--debug"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureSaysWhatHappenedToWhatAndWhatToDo(Exception failure, String words) {
        assertThat(Failure.words(failure)).contains(words);
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithItsReason() throws Exception {
        assertThatThrownBy(() -> InputFile.readable(folder.resolve("leavers.csv")))
                .hasMessage("There is no file " + folder.resolve("leavers.csv") + ". Check its name and folder.");
        assertThatThrownBy(() -> InputFile.readable(folder)).hasMessageContaining("is a folder. Name a file in it.");
        Path file = Files.createFile(folder.resolve("leavers.csv"));
        assertThat(InputFile.readable(file)).isEqualTo(file);
    }
}
