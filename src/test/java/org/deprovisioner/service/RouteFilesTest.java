package org.deprovisioner.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deprovisioner.Said;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {

    @TempDir
    private Path folder;

    private Path ours;
    private Path users;
    private RouteFiles routes;

    @BeforeEach
    void install() throws IOException {
        ours = Files.createDirectories(folder.resolve("usr/routes"));
        users = Files.createDirectories(folder.resolve("etc/routes"));
        Files.writeString(ours.resolve("take-in-files.camel.yaml"), "ours");
        Files.writeString(ours.resolve("call-graph.camel.yaml"), "ours");
        routes = new RouteFiles(folder.resolve("usr"), folder.resolve("etc"));
    }

    @Test
    void aUsersOwnRouteIsLoadedBesideOurs() throws IOException {
        Files.writeString(users.resolve("tell-teams.camel.yaml"), "own");
        Files.writeString(users.resolve("notes.txt"), "no route");
        assertThat(routes.all().split(","))
                .containsExactly(
                        "file:" + ours.resolve("call-graph.camel.yaml"),
                        "file:" + ours.resolve("take-in-files.camel.yaml"),
                        "file:" + users.resolve("tell-teams.camel.yaml"));
        assertThat(routes.only(List.of("call-graph.camel")))
                .as("what a plan needs")
                .isEqualTo("file:" + ours.resolve("call-graph.camel.yaml"));
    }

    @Test
    void aChangedCopyOfOursTakesItsPlaceAndIsNamed() throws Exception {
        Path copy = Files.writeString(users.resolve("call-graph.camel.yaml"), "changed");
        assertThat(Said.by(
                        RouteFiles.class,
                        () -> assertThat(routes.all())
                                .contains("file:" + copy)
                                .doesNotContain(
                                        ours.resolve("call-graph.camel.yaml").toString())))
                .singleElement()
                .asString()
                .contains(copy.toString(), "changed copy");
    }

    @Test
    void aCopyThatIsTheSameIsNotWorthAWord() throws Exception {
        Files.writeString(users.resolve("call-graph.camel.yaml"), "ours");
        assertThat(Said.by(RouteFiles.class, routes::all)).isEmpty();
    }
}
