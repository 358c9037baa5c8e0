package org.deprovisioner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.deprovisioner.faults.Forked;
import org.deprovisioner.ledger.Nodes;
import org.deprovisioner.ledger.State;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.SimulatorOptions.Limits;
import org.deprovisioner.simulator.SimulatorOptions.RetryAfter;
import org.deprovisioner.store.Database;
import org.deprovisioner.store.RealPostgres;
import org.deprovisioner.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * Three machines on one ledger, of which the active one is killed, frozen and thawed late, or stopped, whose database is
 * killed, whose connections are cut, and where a command freezes while it writes: each row ends once, no device is acted on twice, and no more calls are made than the tenant allows. With
 * {@code -Dfaults.cycles=200} so many faults one after the other; a few otherwise.
 */
class EndToEndMachinesFaultsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int QUOTA = 10;
    private static final int CONCURRENCY = 4;
    private static final int ROWS = 25;

    private enum Fault {
        ACTIVE_IS_KILLED,
        ACTIVE_IS_FROZEN,
        DATABASE_IS_KILLED,
        CONNECTIONS_ARE_CUT,
        COMMAND_FREEZES_WHILE_IT_WRITES,
        ACTIVE_IS_STOPPED
    }

    @TempDir
    private Path folder;

    private final Map<String, Forked> running = new TreeMap<>();
    private final SplittableRandom dice = new SplittableRandom(27);

    @Test
    void whateverFailsEachRowEndsOnceNoDeviceIsActedOnTwiceAndNobodyIsRefused() throws Exception {
        int cycles = Integer.getInteger("faults.cycles", Fault.values().length);
        try (RealPostgres postgres = RealPostgres.start();
                Stage stage = Stage.onPostgres(
                        folder,
                        postgres.database(),
                        new Limits(QUOTA, 0, Duration.ofSeconds(1), RetryAfter.SECONDS),
                        2 * cycles * ROWS)) {
            stage.set("deprovision.quota.requests", String.valueOf(QUOTA))
                    .set("deprovision.concurrency", String.valueOf(CONCURRENCY))
                    .set("deprovision.timeout", "2s")
                    .set("deprovision.inbox.quiet", "100ms");
            try {
                List.of("alpha", "beta", "gamma").forEach(machine -> start(stage, machine));
                List<ManagedDevice> all = new ArrayList<>();
                for (int cycle = 0; cycle < cycles; cycle++) {
                    all.addAll(goThrough(stage, postgres, cycle, Fault.values()[cycle % Fault.values().length]));
                }
                assertThat(all)
                        .allSatisfy(device -> assertThat(stage.executions(device))
                                .as(device.id())
                                .isLessThanOrEqualTo(1));
                assertThat(stage.simulator.calls()).noneMatch(call -> call.status() == 429);
            } finally {
                running.values().forEach(Forked::close);
            }
        }
    }

    private void start(Stage stage, String machine) {
        try {
            running.put(
                    machine, Forked.service(Stage.home(), stage.machine(machine), folder.resolve(machine + ".log")));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private List<ManagedDevice> goThrough(Stage stage, RealPostgres postgres, int cycle, Fault fault) throws Exception {
        String batch = "cycle-" + cycle;
        List<ManagedDevice> devices = stage.next(ROWS);
        String active = awaitActive(stage, "");
        String entrance = running.keySet().stream()
                .filter(machine -> !machine.equals(active))
                .findFirst()
                .orElseThrow();
        stage.submitAt(entrance, batch, devices);
        int sent = dice.nextInt(1, ROWS / 2);
        await("some of " + batch + " are sent").atMost(PATIENCE).until(() -> stage.executed(devices) >= sent);
        happens(stage, postgres, fault, active);
        long unknown = settled(stage, batch).outcomes().getOrDefault("unknown", 0L);
        assertThat(unknown)
                .as(fault + ": what nobody knows")
                .isLessThanOrEqualTo(fault == Fault.ACTIVE_IS_STOPPED ? 0 : CONCURRENCY);
        assertThat(stage.executed(devices)).isBetween(ROWS - unknown, (long) ROWS);
        return devices;
    }

    private void happens(Stage stage, RealPostgres postgres, Fault fault, String active) throws Exception {
        Forked one = running.get(active);
        switch (fault) {
            case ACTIVE_IS_KILLED -> {
                one.kill();
                awaitActive(stage, active);
                start(stage, active);
            }
            case ACTIVE_IS_FROZEN -> {
                one.freeze();
                awaitActive(stage, active);
                one.thaw();
            }
            case DATABASE_IS_KILLED -> {
                postgres.kill();
                postgres.restart();
            }
            case CONNECTIONS_ARE_CUT ->
                RealPostgres.execute(
                        postgres.database(),
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where datname = current_database() and pid <> pg_backend_pid()");
            case COMMAND_FREEZES_WHILE_IT_WRITES -> freezeWhileItWrites(postgres);
            case ACTIVE_IS_STOPPED -> {
                one.tellToEnd();
                assertThat(one.awaitEnd()).isZero();
                awaitActive(stage, active);
                start(stage, active);
            }
        }
    }

    /** A session such as commands write by, which says nothing more once it keeps all others from writing. */
    private static void freezeWhileItWrites(RealPostgres postgres) throws SQLException {
        try (Connection session =
                Database.at(postgres.database()).source(Database.Use.WRITE).getConnection()) {
            session.setAutoCommit(false);
            int number;
            try (Statement lock = session.createStatement()) {
                lock.setQueryTimeout((int) PATIENCE.toSeconds());
                lock.execute("set lock_timeout = 0");
                lock.execute("select pg_advisory_xact_lock(1, 2)");
                number = session.unwrap(PGConnection.class).getBackendPID();
            }
            await("the server ends the frozen session").atMost(PATIENCE).until(() -> !isThere(postgres, number));
        }
    }

    private static boolean isThere(RealPostgres postgres, int session) throws SQLException {
        try (Connection look = Database.at(postgres.database())
                        .source(Database.Use.LOOK)
                        .getConnection();
                PreparedStatement ask = look.prepareStatement("select 1 from pg_stat_activity where pid = ?")) {
            ask.setInt(1, session);
            try (ResultSet found = ask.executeQuery()) {
                return found.next();
            }
        }
    }

    /** The active machine, once it is another than this one. */
    private static String awaitActive(Stage stage, String butNot) {
        return await("an active machine")
                .atMost(PATIENCE)
                .until(() -> active(stage).filter(name -> !name.equals(butNot)), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<String> active(Stage stage) {
        try {
            List<String> active = stage.ledger().nodes().all().stream()
                    .filter(Nodes.Node::active)
                    .map(Nodes.Node::name)
                    .toList();
            return active.size() == 1 ? Optional.of(active.get(0)) : Optional.empty();
        } catch (StoreException unreachable) {
            return Optional.empty();
        }
    }

    private static org.deprovisioner.ledger.Batches.Progress settled(Stage stage, String batch) {
        return await(batch)
                .atMost(PATIENCE)
                .ignoreException(StoreException.class)
                .until(
                        () -> stage.ledger().batches().progress(batch),
                        now -> now.filter(all -> all.rows() == ROWS && all.in(State.DONE, State.DEAD) == ROWS)
                                .isPresent())
                .orElseThrow();
    }
}
