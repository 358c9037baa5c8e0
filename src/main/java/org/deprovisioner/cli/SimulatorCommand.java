package org.deprovisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.deprovisioner.report.Exit;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Graph and Entra ID to practise against. */
@Command(
        name = "simulator",
        footer = "  deprovision simulator --devices 300",
        description = "Run a Graph and an Entra ID to practise against, on this machine alone, until Ctrl-C.")
final class SimulatorCommand extends Subcommand {

    @Option(names = "--port", paramLabel = "PORT", description = "The port on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int port = 8443;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "How many managed devices (default: ${DEFAULT-VALUE}).")
    private int devices = 1000;

    @Option(
            names = "--approval",
            description =
                    "Every action needs a second administrator (Multi Admin Approval). Decide as one with: curl -k -d"
                            + " '{\"status\":\"approved\"}' https://localhost:PORT/admin/approvals")
    private boolean approval;

    @Override
    Exit run() throws Exception {
        startLogging(settings().read(), false);
        Path folder =
                Files.createDirectories(settings().read().settings().data().resolve("simulator"));
        SimulatorOptions options = SimulatorOptions.in(folder).port(port).population(new Population(devices));
        try (Simulator simulator = Simulator.start(options)) {
            if (approval) {
                simulator.requireApproval();
            }
            out().println("The simulator is running; Ctrl-C ends it. Nothing here is real, the secret included.");
            out().println("Calls received: " + simulator.callsFile());
            out().println();
            out().println("For config/application.properties of a 'deprovision run':");
            settings(simulator).forEach((key, value) -> {
                if (!key.startsWith("AZURE_")) {
                    out().println("  " + key + "=" + value.replace('\\', '/'));
                }
            });
            out().println("And in its environment:");
            settings(simulator).forEach((key, value) -> {
                if (key.startsWith("AZURE_")) {
                    out().println("  " + key + "=" + value);
                }
            });
            out().flush();
            new CountDownLatch(1).await();
        }
        return Exit.DONE;
    }

    /** What a service must be told to take a simulator for Graph and Entra ID. */
    static Map<String, String> settings(Simulator simulator) {
        return new TreeMap<>(Map.of(
                "deprovision.graph.base-url", simulator.graphBaseUrl().toString(),
                "deprovision.authority", simulator.authority().toString(),
                "deprovision.tls.ca-file", simulator.caFile().toString(),
                "AZURE_TENANT_ID", simulator.tenantId(),
                "AZURE_CLIENT_ID", simulator.clientId(),
                "AZURE_CLIENT_SECRET", simulator.clientSecret()));
    }
}
