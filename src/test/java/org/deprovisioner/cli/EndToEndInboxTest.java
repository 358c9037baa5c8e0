package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files as people, programs and shares leave them in the inbox. */
class EndToEndInboxTest {

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void open() throws IOException {
        stage = Stage.in(folder);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void drop(String name, String content) throws IOException {
        Path inbox = Files.createDirectories(stage.data.resolve("inbox"));
        Files.writeString(Path.of(URI.create(inbox.toUri() + name)), content);
    }

    private static String content(ManagedDevice... devices) {
        StringBuilder content = new StringBuilder(Stage.HEADER).append('\n');
        List.of(devices).forEach(device -> content.append(Stage.row(device)).append('\n'));
        return content.toString();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void everyStrangeNameIsTakenInUnderOneThatCanBeSaid() throws Exception {
        Map<String, String> batches = new LinkedHashMap<>();
        batches.put("m%FCller.csv", "m_ller");
        batches.put("a%5Cb.csv", "a_b");
        batches.put("x%0Ay%1B.csv", "x_y_");
        batches.put("-rf.csv", "_rf");
        batches.put("100%25%7Bbody%7D%20%24%7Bbody%7D.csv", "100%{body} ${body}");
        batches.put("null.csv", "null-2");
        batches.put("lost.txt.csv", "lost.txt-2");
        batches.put("y".repeat(251) + ".csv", "y".repeat(200));
        for (String name : batches.keySet()) {
            drop(name, content(stage.next()));
        }
        stage.start();
        for (String batch : batches.values()) {
            assertThat(stage.settled(batch, 1)).as(batch).isEqualTo(Map.of("deprovisioned", 1L));
            Stage.written(stage.data.resolve("results").resolve(batch + ".csv"), "deprovisioned");
        }
        await().untilAsserted(() -> {
            assertThat(stage.data.resolve("inbox/.working")).isEmptyDirectory();
            assertThat(stage.data.resolve("archive").toFile().list()).hasSize(batches.size());
            assertThat(stage.data.resolve("inbox").toFile().list()).containsExactly(".working");
        });
    }

    @Test
    void aCopyThatGoesOnAfterItWasReadIsHeldAndNoneOfItIsSent() throws Exception {
        ManagedDevice first = stage.next();
        ManagedDevice cut = stage.next();
        Path stop = Files.writeString(stage.data.resolve("STOP"), "");
        drop("slow.csv", content(first, cut));
        stage.start();
        stage.until("slow", now -> now.rows() == 2);
        Path archived = stage.data.resolve("archive/slow.csv");
        await().until(() -> Files.exists(archived));
        Files.writeString(archived, Stage.row(stage.next()) + "\n", StandardOpenOption.APPEND);
        Files.delete(stop);

        stage.until("slow", now -> now.in(State.HELD) == 2);
        assertThat(Stage.written(stage.data.resolve("held/slow.txt"), "changed after it was read"))
                .contains("archive/slow.csv", "named exactly: slow.txt");
        assertThat(stage.actions()).isEmpty();
    }

    @Test
    void aCopyThatGoesOnAfterAllItsRowsWereSentPausesItsBatchAndIsReadWholeWhenItIsDroppedAgain() throws Exception {
        ManagedDevice first = stage.next();
        ManagedDevice second = stage.next();
        drop("slow.csv", content(first));
        stage.start();
        stage.settled("slow", 1);
        Path archived = stage.data.resolve("archive/slow.csv");
        await().until(() -> Files.exists(archived));
        Files.writeString(archived, Stage.row(second) + "\n", StandardOpenOption.APPEND);
        assertThat(stage.paused("file-changed").remedy()).contains("archive/slow.csv into the inbox again");

        drop("slow.csv", Files.readString(archived));
        assertThat(stage.settled("slow-2", 2)).isEqualTo(Map.of("duplicate", 1L, "deprovisioned", 1L));
        assertThat(stage.executions(first)).isOne();
    }
}
