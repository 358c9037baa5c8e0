package org.deprovisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.Test;

/** Every jar on the class path against the list of known holes that is kept in the repository; no service is asked. */
class KnownHolesTest {

    @Test
    void noJarHasAKnownHole() throws IOException {
        Map<String, String> versions = versions();
        assertThat(versions).as("jars from Maven's repository").containsKey("org.xerial:sqlite-jdbc");
        assertThat(holes(versions)).isEmpty();
    }

    @Test
    void aVersionInOneOfTheRangesIsFound() throws IOException {
        assertThat(holes(Map.of("ch.qos.logback:logback-core", "1.5.12")))
                .containsExactly("GHSA-pr98-23f8-jwxv: ch.qos.logback:logback-core 1.5.12");
        assertThat(holes(Map.of("ch.qos.logback:logback-core", "1.5.13"))).isEmpty();
        assertThat(holes(Map.of("io.netty:netty-common", "4.1.9.Final"))).hasSize(1);
    }

    private static List<String> holes(Map<String, String> versions) throws IOException {
        List<String> found = new ArrayList<>();
        JsonNode list = new ObjectMapper().readTree(new File("packages/known-holes.json"));
        for (JsonNode hole : list.path("holes")) {
            String name = hole.path("package").asText();
            String version = versions.get(name);
            if (version == null) {
                continue;
            }
            for (JsonNode range : hole.path("ranges")) {
                boolean isAfterStart = compare(version, range.path(0).asText()) >= 0;
                if (isAfterStart
                        && (range.size() < 2 || compare(version, range.path(1).asText()) < 0)) {
                    found.add(hole.path("id").asText() + ": " + name + " " + version);
                }
            }
        }
        return found;
    }

    private static int compare(String one, String other) {
        return new ComparableVersion(one).compareTo(new ComparableVersion(other));
    }

    /** The version of each jar, by group and name, as the folders of Maven's repository tell them. */
    private static Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(file ->
                        file.toString().endsWith(".jar") && file.toString().contains("repository"))
                .forEach(file -> {
                    Path version = file.getParent();
                    Path name = version.getParent();
                    String path = name.getParent().toString();
                    String group = path.substring(path.lastIndexOf("repository") + "repository".length() + 1)
                            .replace(File.separatorChar, '.');
                    versions.put(
                            group + ":" + name.getFileName(),
                            version.getFileName().toString());
                });
        return versions;
    }
}
