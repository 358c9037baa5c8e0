package org.deprovisioner.cli;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Await;
import org.deprovisioner.service.Presence;
import org.deprovisioner.service.Service;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.simulator.Fault;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import picocli.CommandLine.Command;

/** Everything at once against the simulator, in a data folder of its own. */
@Command(
        name = "demo",
        footer = "  deprovision demo",
        description =
                "Deprovision a few hundred simulated devices, by file and by message. No real device, tenant or data"
                        + " is touched.")
final class Demo extends Subcommand {

    private static final int DEVICES = 350;
    private static final Duration UNTIL_TAKEN_IN = Duration.ofMinutes(2);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}(:[0-9a-f-]{36})?");

    /** Nobody wants to wait for half a minute to see that a call that was cut off is settled. */
    private static final String READ_BACK = "2s,5s";

    private static final Duration UNTIL_READ_BACK = Duration.ofMinutes(1);
    private static final List<String> BATCHES = List.of(Sample.FILE_BATCH, Sample.MESSAGES_BATCH);

    @Override
    @SuppressWarnings("try")
    Exit run() throws Exception {
        Path data = FreshFolder.named("demo", home());
        startLogging(configuration(data, Map.of(), false), Logging.To.WARNINGS_AND_FILE);
        Population population = new Population(DEVICES);
        Sample sample = new Sample(population);
        SimulatorOptions options =
                SimulatorOptions.in(data.resolve("simulator")).population(population);
        out().println("A demo against simulated devices, in " + data + ".");
        out().flush();
        try (Simulator simulator = Simulator.start(options)) {
            simulator.fault(
                    Fault.Match.DEPROVISION.device(sample.rejected().id()), Fault.Effect.error(400, "BadRequest"));
            simulator.fault(Fault.Match.DEPROVISION.device(sample.cutOff().id()), Fault.Effect.RESET.afterExecuting());
            Configuration configuration = configuration(data, SimulatorCommand.settings(simulator), true);
            Settings settings = configuration.settings();
            try (ServiceLock lock = ServiceLock.acquireOrRefuse(data);
                    Service service = Service.startForDemo(configuration);
                    Ledger ledger = Ledger.open(settings.ledgerDatabase(), Clock.systemUTC())) {
                return play(sample, settings, ledger, simulator);
            }
        }
    }

    private Exit play(Sample sample, Settings settings, Ledger ledger, Simulator simulator)
            throws IOException, InterruptedException {
        sample.handOver(settings.data().resolve("inbox"));
        try (OutsideClient client = new OutsideClient(settings.broker().listen(), settings.data())) {
            client.send(sample.messages());
            awaitIntake(sample, ledger);
            BatchFollower watch = new BatchFollower(settings, ledger, err(), Presence.ofThisProcess());
            List<BatchStatus> statuses = watch.untilAtRest(BATCHES);
            if (ledger.inDoubt().open().isPresent()) {
                Await.until(UNTIL_READ_BACK, () -> ledger.inDoubt().open().isEmpty());
                statuses = watch.untilAtRest(BATCHES);
            }
            for (BatchStatus status : statuses) {
                out().println();
                Summary.print(status, settings, ledger, out());
            }
            out().println();
            out().println("Reply by JMS: " + client.reply().orElse("none came"));
            printForms(simulator);
            out().println("Every call that the simulator received: " + simulator.callsFile());
            return compare(sample, statuses);
        }
    }

    private void printForms(Simulator simulator) {
        out().println("Devices deprovisioned by each of the eight forms of address:");
        simulator.calls().stream()
                .filter(call -> call.path().endsWith("/deprovision") && call.status() == 204)
                .map(call -> ID.matcher(call.path()).replaceAll("{id}"))
                .collect(groupingBy(form -> form, TreeMap::new, counting()))
                .forEach((form, devices) -> out().println("  %,7d %s".formatted(devices, form)));
    }

    /** The rows that the file and the messages hold are all in the ledger. */
    private static void awaitIntake(Sample sample, Ledger ledger) throws InterruptedException {
        boolean takenIn = Await.until(
                UNTIL_TAKEN_IN,
                () -> sample.expected().entrySet().stream()
                        .allMatch(batch -> ledger.batches()
                                .progress(batch.getKey())
                                .filter(progress -> progress.rows() >= rows(batch.getValue()))
                                .isPresent()));
        if (!takenIn) {
            throw new CommandException(
                    Exit.FAILED, "The sample was not taken in as a whole within " + UNTIL_TAKEN_IN + ".");
        }
    }

    private Exit compare(Sample sample, List<BatchStatus> statuses) {
        Exit exit = Exit.DONE;
        for (BatchStatus status : statuses) {
            String batch = status.batch();
            Map<String, Long> expected = sample.expected().getOrDefault(batch, Map.of());
            if (!expected.equals(status.outcomes()) || rows(expected) != status.rows()) {
                out().println("Not as expected: '%s' should have ended with %s.".formatted(batch, expected));
                exit = Exit.FAILED;
            }
        }
        if (exit == Exit.DONE) {
            out().println("All went as expected.");
        }
        return exit;
    }

    private static long rows(Map<String, Long> outcomes) {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The defaults, whatever the user has set for the real thing, and the simulator's address and credentials. */
    private Configuration configuration(Path data, Map<String, String> simulator, boolean started) throws IOException {
        Map<String, String> overrides = new HashMap<>(simulator);
        overrides.put("deprovision.data", data.toString());
        overrides.put("deprovision.in-doubt.read-back", READ_BACK);
        overrides.put("deprovision.inbox.quiet", "1s"); // the sample is put there whole
        overrides.put("deprovision.broker.listen", "127.0.0.1:" + freePort());
        SettingsReader reader = SettingsReader.ofDefaults(home(), overrides);
        return started ? reader.readWithCredentials() : reader.read();
    }

    /** A port of this machine that is free just now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
