package org.deprovisioner.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.simulator.Simulator;

/**
 * What somebody needs who practises against a simulator: its devices as a file, the settings for two shells, and folders for
 * the program to work in, all below the simulator's own.
 */
final class Practice {

    private static final String REASON = "retiring_device";

    private final Path folder;
    private final Map<String, String> environment;

    /**
     * Of a simulator that runs.
     *
     * @param brokerPort where the program's own broker listens, so that it is in nobody's way
     */
    Practice(Path folder, Simulator simulator, int brokerPort) {
        this.folder = folder;
        this.environment = new TreeMap<>();
        SimulatorCommand.settings(simulator).forEach((key, value) -> environment.put(variable(key), value));
        environment.put("DEPROVISION_CONFIG", folder.resolve("config").toString());
        environment.put("DEPROVISION_DATA", folder.resolve("data").toString());
        environment.put("DEPROVISION_GUARD_PROTECTED", protectedDevices().toString());
        environment.put("DEPROVISION_BROKER_LISTEN", "127.0.0.1:" + brokerPort);
    }

    private static String variable(String key) {
        return key.startsWith("AZURE_") ? key : key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Writes everything. */
    void write(Simulator simulator) throws IOException {
        OwnerAlone.passableFolder(folder.resolve("config"));
        OwnerAlone.write(
                folder.resolve("config").resolve("application.properties"),
                "# Settings for practice beside those of the environment; the real ones do not count.\n");
        OwnerAlone.write(protectedDevices(), "id,serialNumber\n");
        OwnerAlone.write(sh(), String.join("\n", forSh()) + "\n");
        OwnerAlone.write(powerShell(), String.join("\r\n", forPowerShell()) + "\r\n");
        try (Writer output = OwnerAlone.writer(devices());
                CsvWriter csv = CsvWriter.builder().build(output)) {
            csv.writeRecord(
                    "managedDeviceId",
                    "serialNumber",
                    "deviceName",
                    "userPrincipalName",
                    "model",
                    "operatingSystem",
                    "deprovisionReason");
            simulator
                    .population()
                    .devices()
                    .forEach(device -> csv.writeRecord(
                            device.id(),
                            device.serialNumber(),
                            device.deviceName(),
                            device.userPrincipalName(),
                            device.model(),
                            device.operatingSystem(),
                            REASON));
        }
    }

    private Path protectedDevices() {
        return folder.resolve("config").resolve("protected-devices.csv");
    }

    /** The simulator's devices, as {@code plan} and {@code submit} take them. */
    Path devices() {
        return folder.resolve("devices.csv");
    }

    Path sh() {
        return folder.resolve("settings.sh");
    }

    Path powerShell() {
        return folder.resolve("settings.ps1");
    }

    /** The lines that set all that is needed in sh. */
    List<String> forSh() {
        return lines("export %s='%s'", "'\\''");
    }

    /** The lines that set all that is needed in PowerShell. */
    List<String> forPowerShell() {
        return lines("$env:%s = '%s'", "''");
    }

    /** @param quote how a quote is written between quotes */
    private List<String> lines(String format, String quote) {
        return environment.entrySet().stream()
                .map(setting ->
                        format.formatted(setting.getKey(), setting.getValue().replace("'", quote)))
                .toList();
    }
}
