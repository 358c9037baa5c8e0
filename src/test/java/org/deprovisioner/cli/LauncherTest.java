package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        isJava("17.0.9");
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
    void aNewerJavaKeepsItsClassesInAFileBesideTheJars() throws Exception {
        String kept = "-XX:SharedArchiveFile=" + lib.resolve("classes.jsa");
        assertThat(start(Map.of(), "status")).doesNotContain(kept).endsWith("status");
        isJava("21.0.4");
        assertThat(start(Map.of(), "status")).contains(kept, "-XX:+AutoCreateSharedArchive");
    }

    @Test
    void aJavaThatIsTooOldIsNamedWithTheRemedy() throws Exception {
        isJava("11.0.2");
        Path path = Files.createDirectories(folder.resolve("path"));
        Files.copy(java, path.resolve("java"));
        assertThat(start(Map.of("PATH", path + ":" + System.getenv("PATH")), "status"))
                .singleElement()
                .asString()
                .contains("needs Java 17 or newer: install a JDK");
    }

    @Test
    void itIsFoundThroughALinkToIt() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("deprovision"), Path.of("a release/bin/deprovision"));
        assertThat(start(link, Map.of(), "run")).contains("-Ddeprovision.home=" + lib.getParent());
    }

    private void isJava(String version) throws IOException {
        Files.writeString(java, """
                #!/bin/sh
                [ "$1" != -version ] || { echo 'openjdk version "%s"' >&2; exit 0; }
                printf '%%s\\n' "$@"
                """.formatted(version));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
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
