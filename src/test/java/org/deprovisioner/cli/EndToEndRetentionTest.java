package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.simulator.ManagedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code deprovision.retention} what was settled long ago leaves the ledger while the service runs. */
class EndToEndRetentionTest {

    @TempDir
    private Path home;

    private Stage stage;

    @BeforeEach
    void set() throws Exception {
        stage = Stage.in(home);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void whatWasSettledLongAgoLeavesTheLedgerAndItsDevicesAreStillDuplicates() throws Exception {
        ManagedDevice device = stage.next();
        stage.submit("old", device);
        stage.start();
        stage.settled("old", 1);
        stage.submit("newer", stage.next()); // the newest request stays, so that the numbers of requests count on
        stage.settled("newer", 1);
        Stage.written(stage.data.resolve("results/old.csv"), "deprovisioned");
        await().until(() ->
                left("select count(*) from audit_entry") + left("select count(*) from batch where written < changed")
                        == 0);
        stage.stop();
        String told = audit();
        makeOlder(Duration.ofDays(40));

        stage.set("deprovision.retention", "30d").start();

        await().until(() -> stage.ledger().batches().progress("old").isEmpty());
        stage.submit("again", device);
        assertThat(stage.settled("again", 1)).isEqualTo(Map.of(Outcome.DUPLICATE.word(), 1L));
        assertThat(stage.executions(device)).isEqualTo(1);
        assertThat(stage.data.resolve("results/old.csv")).exists();
        assertThat(audit()).startsWith(told);
    }

    /** The audit log of all days. */
    private String audit() throws IOException {
        Path folder = stage.data.resolve("audit");
        if (Files.notExists(folder)) {
            return "";
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private long left(String count) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + stage.data.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            return statement.executeQuery(count).getLong(1);
        }
    }

    /** All that is recorded happened earlier. */
    private void makeOlder(Duration by) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + stage.data.resolve("ledger.db"));
                Statement statement = connection.createStatement()) {
            for (String column :
                    List.of("request.finished", "request.last_attempt", "batch.created", "batch.written_at")) {
                String[] at = column.split("\\.", 2);
                statement.executeUpdate("update " + at[0] + " set " + at[1] + " = " + at[1] + " - " + by.toMillis());
            }
        }
    }
}
