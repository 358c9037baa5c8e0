package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script that starts a release, with a Java that only says how it was started. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    Path folder;

    private Path lib;
    private Path java;

    @BeforeEach
    void unpackARelease() throws IOException {
        Path release = folder.resolve("a release");
        lib = Files.createDirectories(release.resolve("lib"));
        Files.createDirectories(release.resolve("bin"));
        Files.copy(Path.of("deprovision"), release.resolve("bin/deprovision"));
        Files.createFile(lib.resolve("deprovisioner-9.jar"));
        Files.createDirectories(lib.resolve("native/org/sqlite/native/Linux/x86_64"));
        java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        // a real one would write the classes that it keeps into the file that it is told
        Files.writeString(java, """
                #!/bin/sh
                for option in "$@"; do
                  case $option in -XX:SharedArchiveFile=*made) echo kept >"${option#*=}" ;; esac
                done
                [ "$1" != -version ] || { echo 'openjdk version "11.0.2"' >&2; exit 0; }
                printf '%s\\n' "$@"
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        isJava("17.0.9", "Linux", "x86_64", "gnu");
    }

    @Test
    void aServiceStartsWithAFixedHeapAndTheUsersOwnOptions() throws Exception {
        assertThat(start(Map.of("DEPROVISION_JAVA_OPTS", "-Xmx2g -Dx=1"), "run", "--a b"))
                .contains("-Xmx512m", "-XX:+UseSerialGC", "-Xmx2g", "-Dx=1", "-Ddeprovision.home=" + lib.getParent())
                .endsWith("-jar", lib.resolve("deprovisioner-9.jar").toString(), "run", "--a b");
        assertThat(start(Map.of("DEPROVISION_JAVA_OPTS", "-XX:+UseG1GC"), "run"))
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void theDriversLibraryIsNamedWhereOneForTheSystemIsUnpacked() throws Exception {
        String named = "-Dorg.sqlite.lib.path=" + lib.resolve("native/org/sqlite/native/Linux/x86_64");
        assertThat(start(Map.of(), "run")).contains(named);
        isJava("17.0.9", "Linux", "x86_64", "musl");
        assertThat(start(Map.of(), "run")).doesNotContain(named);
        isJava("17.0.9", "Linux", "riscv64", "gnu");
        assertThat(start(Map.of(), "run")).noneMatch(option -> option.startsWith("-Dorg.sqlite"));
    }

    @Test
    void theSystemItselfIsAskedWhereTheJavaDoesNotNameIt() throws Exception {
        Process asked = new ProcessBuilder("uname", "-sm").start();
        String system = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Path here = lib.resolve("native/org/sqlite/native/" + system.strip().replace(' ', '/'));
        Files.createDirectories(here);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\nLIBC=\"gnu\"\n");
        assertThat(start(Map.of(), "run")).contains("-Dorg.sqlite.lib.path=" + here);
    }

    @Test
    void whatAShortCommandNeedsOfJavaIsKeptForThisJavaAlone() throws Exception {
        String kept = "-XX:SharedArchiveFile=" + lib.resolve("commands.jsa");
        for (String version : List.of("17.0.9", "17.0.10")) {
            isJava(version, "Linux", "x86_64", "gnu");
            assertThat(start(Map.of(), "status")).doesNotContain(kept).endsWith("status");
            await().untilAsserted(() -> assertThat(lib.resolve("commands.jsa.of"))
                    .content()
                    .contains(version, lib.resolve("deprovisioner-9.jar").toString()));
            assertThat(start(Map.of(), "status")).contains(kept);
            assertThat(start(Map.of(), "run")).doesNotContain(kept);
        }
        assertThat(lib.resolve("commands.jsa")).hasContent("kept");
    }

    @Test
    void aJavaThatIsTooOldIsNamedWithTheRemedy() throws Exception {
        isJava("11.0.2", "Linux", "x86_64", "gnu");
        assertThat(start(Map.of("PATH", folder.toString()), "status"))
                .singleElement()
                .asString()
                .contains("needs Java 17 or newer: install a JDK");
    }

    @Test
    void itIsFoundThroughALinkToIt() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("deprovision"), Path.of("a release/bin/deprovision"));
        assertThat(start(link, Map.of(), "run")).contains("-Ddeprovision.home=" + lib.getParent());
    }

    private void isJava(String version, String system, String machine, String libc) throws IOException {
        Files.writeString(folder.resolve("jdk/release"), """
                IMPLEMENTOR="Somebody"
                JAVA_VERSION="%s"
                OS_ARCH="%s"
                OS_NAME="%s"
                LIBC="%s"
                """.formatted(version, machine, system, libc));
    }

    private List<String> start(Map<String, String> environment, String... arguments) throws Exception {
        return start(lib.resolveSibling("bin/deprovision"), environment, arguments);
    }

    private List<String> start(Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("DEPROVISION_JAVA_OPTS");
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
