package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file is called decides nothing: not for its batch, and not for others. */
class EndToEndNamesTest {

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        stage = Stage.in(folder);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void namesThatMeanSomethingToCamelAreNamesLikeAnyOther() throws Exception {
        List<String> names = List.of(
                "'quoted'", "\"doubly\"", "${body}", "$simple{body}", "a {{b}} c", "100% done", "true", "what?x=1#2");
        stage.start();
        stage.submit("null", stage.next());
        for (String name : names) {
            stage.submit(name, stage.next());
        }
        assertThat(stage.settled("null-2", 1)).isEqualTo(Map.of("deprovisioned", 1L));
        for (String name : names) {
            assertThat(stage.settled(name, 1)).as(name).isEqualTo(Map.of("deprovisioned", 1L));
            Stage.written(stage.data.resolve("results").resolve(name + ".csv"), "deprovisioned");
            assertThat(stage.data.resolve("archive").resolve(name + ".csv")).exists();
        }
    }

    @Test
    void aHeldBatchOfSuchANameHasItsNote() throws Exception {
        stage.set("deprovision.guard.max-per-batch", "1").start();
        stage.submit("null", stage.next(2));
        Stage.written(stage.data.resolve("held/null-2.txt"), "The batch 'null-2' is held");
    }

    @Test
    void aBatchWhoseResultsCannotBeWrittenStopsThoseOfNoOther() throws Exception {
        Path inTheWay = stage.data.resolve("results/.first.csv.part");
        Path filled = Files.createDirectories(inTheWay.resolve("filled"));
        stage.start();
        stage.submit("first", stage.next());
        stage.settled("first", 1);
        stage.submit("second", stage.next());
        Stage.written(stage.data.resolve("results/second.csv"), "deprovisioned");
        assertThat(stage.data.resolve("results/first.csv")).doesNotExist();

        Files.delete(filled);
        Stage.written(stage.data.resolve("results/first.csv"), "deprovisioned");
    }
}
