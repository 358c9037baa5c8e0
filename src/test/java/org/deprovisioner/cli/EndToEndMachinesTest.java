package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.notification.Receiver;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.SimulatorOptions.Limits;
import org.deprovisioner.store.RealPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several machines on one ledger of PostgreSQL: one works it off, the others stand by and take over. */
class EndToEndMachinesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ACTIVE = "This machine is the active one";
    private static final String STANDS_BY = "This machine stands by; another is active.";

    @TempDir
    private Path folder;

    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        stage = Stage.onPostgres(folder, RealPostgres.newLedger(), Limits.NONE)
                .set("deprovision.quota.requests", "20")
                .set("deprovision.inbox.quiet", "100ms");
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Forked run(String machine) throws IOException {
        return Forked.service(Stage.home(), stage.machine(machine), folder.resolve(machine + ".log"));
    }

    private long done(String batch) {
        return stage.ledger()
                .batches()
                .progress(batch)
                .map(now -> now.in(OutcomeClass.DONE))
                .orElse(0L);
    }

    /** Of what was under way when a machine was killed, nobody may know whether it was sent. */
    private void awaitEnded(String batch, long rows) {
        await(batch)
                .atMost(PATIENCE)
                .until(() -> stage.ledger()
                        .batches()
                        .progress(batch)
                        .filter(now -> now.in(OutcomeClass.DONE) + now.in(OutcomeClass.UNKNOWN) == rows)
                        .isPresent());
    }

    private List<String> active() {
        return stage.ledger().nodes().all().stream()
                .filter(Nodes.Node::active)
                .map(Nodes.Node::name)
                .toList();
    }

    private void assertSentOnce(List<ManagedDevice> devices) {
        long unknown = stage.ledger().batches().all().stream()
                .mapToLong(batch -> batch.in(OutcomeClass.UNKNOWN))
                .sum();
        assertThat(stage.executed(devices)).isBetween(devices.size() - unknown, (long) devices.size());
        assertThat(devices)
                .allSatisfy(device ->
                        assertThat(stage.executions(device)).as(device.id()).isLessThanOrEqualTo(1));
    }

    @Test
    void oneSendsTheOtherStandsByTakesInAndTakesOverWhenTheFirstIsKilled() throws Exception {
        List<ManagedDevice> first = stage.next(60);
        List<ManagedDevice> second = stage.next(30);
        Receiver receiver = Receiver.start();
        stage.set("deprovision.notifications.webhook", receiver.url("/hook"));
        try (receiver;
                Forked a = run("alpha")) {
            a.awaitSaying(ACTIVE);
            try (Forked b = run("beta")) {
                b.awaitSaying(STANDS_BY);
                assertThat(active()).containsExactly("alpha");
                stage.submitAt("alpha", "first", first);
                stage.submitAt("beta", "second", second);
                await("some are sent").atMost(PATIENCE).until(() -> done("first") > 10 && done("second") > 0);
                a.kill();
                b.awaitSaying(ACTIVE);
                awaitEnded("first", 60);
                awaitEnded("second", 30);
                assertThat(active()).containsExactly("beta");
                await("people are told of it")
                        .atMost(PATIENCE)
                        .until(() -> receiver.posts().stream()
                                .map(Receiver.Post::body)
                                .anyMatch(body ->
                                        body.contains("taken-over") && body.contains("It took over from 'alpha'.")));
                Path results = folder.resolve("beta/results/second.csv");
                Stage.written(results, "deprovisioned");
                assertThat(Files.exists(folder.resolve("beta/results/first.csv")))
                        .isFalse();
                try (Forked back = run("alpha")) {
                    back.awaitSaying(STANDS_BY);
                    Stage.written(folder.resolve("alpha/results/first.csv"), "deprovisioned");
                }
            }
        }
        assertSentOnce(Stream.of(first, second).flatMap(List::stream).toList());
        assertThat(stage.simulator.calls()).noneMatch(call -> call.status() == 429);
    }
}
