package org.deprovisioner.cli;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.SettingsReader;
import org.deprovisioner.simulator.Population;
import org.deprovisioner.simulator.Simulator;
import org.deprovisioner.simulator.SimulatorOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Graph and Entra ID to practise against. */
@Command(
        name = "simulator",
        footer = {
            "  deprovision simulator --devices 300",
            "With --approval, decide as the second administrator:",
            "  curl -k -d '{\"status\":\"approved\"}' https://localhost:8443/admin/approvals"
        },
        description =
                "Run a Graph and an Entra ID to practise against, on this machine alone, until Ctrl-C. It prints the settings"
                        + " for a shell, and where a list of its devices is.")
final class SimulatorCommand extends Subcommand {

    @Option(names = "--port", paramLabel = "PORT", description = "The port on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int port = 8443;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "How many managed devices, 0 to 10,000,000 (default: ${DEFAULT-VALUE}).")
    private int devices = 1000;

    @Option(names = "--approval", description = "Every action needs a second administrator (Multi Admin Approval).")
    private boolean approval;

    @Override
    Exit run() throws Exception {
        Path folder = FreshFolder.named("simulator", home());
        startLogging(
                SettingsReader.ofDefaults(home(), Map.of("deprovision.data", folder.toString()))
                        .read(),
                Logging.To.CONSOLE);
        SimulatorOptions options = SimulatorOptions.in(folder).port(port).population(new Population(devices));
        try (Simulator simulator = started(options)) {
            if (approval) {
                simulator.requireApproval();
            }
            Practice practice = new Practice(folder, simulator, Demo.freePort());
            practice.write(simulator);
            tell(practice, simulator);
            out().flush();
            new CountDownLatch(1).await();
        }
        return Exit.DONE;
    }

    private Simulator started(SimulatorOptions options) throws IOException {
        try {
            return Simulator.start(options);
        } catch (IOException failed) {
            if (!(failed.getCause() instanceof BindException)) {
                throw failed;
            }
            throw new CommandException(
                    Exit.UNREACHABLE,
                    ("Another program listens on port %d of this machine, perhaps another simulator. End it, or choose"
                                    + " another port: deprovision simulator --port %d")
                            .formatted(port, port + 1));
        }
    }

    private void tell(Practice practice, Simulator simulator) {
        out().println("The simulator is running; Ctrl-C ends it. Nothing here is real, the secret included.");
        out().println("Its devices, for 'plan' and 'submit': " + practice.devices());
        out().println("Calls that it has received: " + simulator.callsFile());
        out().println();
        out().println("In another window, paste this into sh (or: . '" + practice.sh() + "'):");
        practice.forSh().forEach(out()::printWhole);
        out().println();
        out().println("Or this into PowerShell (or: . '" + practice.powerShell() + "'):");
        practice.forPowerShell().forEach(out()::printWhole);
        out().println();
        out().println(
                        "All that 'deprovision' does there stays in a data folder of its own, and calls the simulator alone.");
        out().println("Begin with: deprovision doctor");
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
