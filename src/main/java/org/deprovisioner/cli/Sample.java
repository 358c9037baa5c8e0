package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.Population;

/** What the demo hands over, and the outcomes that are expected of it: one of everything, and a few hundred good devices. */
final class Sample {

    static final String FILE_BATCH = "sample";
    static final String MESSAGES_BATCH = "leavers";
    static final int MESSAGES = 20;

    private static final String REASON = "Device retired at the end of the school year";
    private static final List<String> COLUMNS = List.of(
            "managedDeviceId",
            "serialNumber",
            "deprovisionReason",
            "address",
            "deviceHealthScriptId",
            "deviceHealthScriptDeviceStateId",
            "deviceManagementScriptId",
            "deviceManagementScriptDeviceStateId",
            "deviceComplianceScriptId",
            "deviceComplianceScriptDeviceStateId",
            "userId",
            "detectedAppId",
            "ticket");
    private static final String SCRIPT = "3f9d6a4e-6c1b-4b57-9d0a-5f2c7e81b940";
    private static final String USER = "b71e2c58-0d94-4f3a-8a67-1c5e9f20d3b6";
    private static final String APP = "0c4a7b19-52ef-4d83-b6a1-97e3d8f0521c";

    private final List<String> lines = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final Map<String, Long> ofFile = new TreeMap<>();
    private final Map<String, Long> ofMessages = new TreeMap<>();
    private final ManagedDevice rejected;
    private final ManagedDevice cutOff;

    /** A sample of this population: every device of it at most once. */
    Sample(Population population) {
        List<ManagedDevice> good = new ArrayList<>(
                population.devices().filter(ManagedDevice::isChromeOs).toList());
        ManagedDevice windows = population
                .devices()
                .filter(device -> !device.isChromeOs())
                .findFirst()
                .orElseThrow();
        rejected = next(good);
        cutOff = next(good);
        ManagedDevice mismatched = next(good);
        eachForm(good);
        row(Outcome.INVALID, Map.of("managedDeviceId", "CB-4711"));
        row(
                Outcome.NOT_FOUND,
                Map.of("managedDeviceId", UUID.nameUUIDFromBytes(new byte[] {7}).toString()));
        row(Outcome.MISMATCH, Map.of("managedDeviceId", mismatched.id(), "serialNumber", "5CD0000WRONG"));
        row(Outcome.CONFIRMED_BY_READ_BACK, Map.of("managedDeviceId", cutOff.id()));
        row(Outcome.REJECTED_BY_GRAPH, Map.of("managedDeviceId", rejected.id()));
        row(Outcome.REFUSED_BY_GUARD, Map.of("managedDeviceId", windows.id()));
        for (int i = 0; i < MESSAGES; i++) {
            ManagedDevice device = next(good);
            messages.add("""
                    {"managedDeviceId": "%s", "deprovisionReason": "%s", "batch": "%s", "requestId": "leaver-%d"}""".formatted(device.id(), REASON, MESSAGES_BATCH, i));
        }
        ofMessages.put(Outcome.DEPROVISIONED.word(), (long) MESSAGES);
        good.forEach(device -> row(
                Outcome.DEPROVISIONED, Map.of("managedDeviceId", device.id(), "serialNumber", device.serialNumber())));
    }

    /** The device whose deprovisioning the simulator must refuse. */
    ManagedDevice rejected() {
        return rejected;
    }

    /** The device whose deprovisioning the simulator must execute and then cut off. */
    ManagedDevice cutOff() {
        return cutOff;
    }

    List<String> messages() {
        return messages;
    }

    /** How many rows of each batch end with which outcome. */
    Map<String, Map<String, Long>> expected() {
        return Map.of(FILE_BATCH, ofFile, MESSAGES_BATCH, ofMessages);
    }

    /** Puts the file into an inbox, whole at once. */
    void handOver(Path inbox) throws IOException {
        Path part = Files.createDirectories(inbox).resolve("." + FILE_BATCH + ".csv.part");
        Files.writeString(part, String.join(",", COLUMNS) + "\n" + String.join("\n", lines) + "\n");
        Files.move(part, inbox.resolve(FILE_BATCH + ".csv"));
    }

    private void eachForm(List<ManagedDevice> good) {
        row(Outcome.DEPROVISIONED, Map.of("managedDeviceId", next(good).id(), "address", "managedDevices"));
        row(Outcome.DEPROVISIONED, Map.of("managedDeviceId", next(good).id(), "address", "comanagedDevices"));
        row(Outcome.DEPROVISIONED, Map.of("managedDeviceId", next(good).id(), "userId", USER, "address", "users"));
        for (String kind : List.of("Health", "Management", "Compliance")) {
            row(Outcome.DEPROVISIONED, script(kind, next(good)));
        }
        for (Map<String, String> end : List.of(Map.of("userId", USER), Map.of("detectedAppId", APP))) {
            ManagedDevice device = next(good);
            Map<String, String> cells = new LinkedHashMap<>(script("Management", device));
            cells.put("managedDeviceId", device.id());
            cells.putAll(end);
            row(Outcome.DEPROVISIONED, cells);
        }
    }

    private static Map<String, String> script(String kind, ManagedDevice device) {
        return Map.of(
                "device" + kind + "ScriptId",
                SCRIPT,
                "device" + kind + "ScriptDeviceStateId",
                SCRIPT + ":" + device.id());
    }

    private void row(Outcome outcome, Map<String, String> cells) {
        Map<String, String> row = new LinkedHashMap<>();
        for (String column : COLUMNS) {
            row.put(column, cells.getOrDefault(column, ""));
        }
        row.put("deprovisionReason", REASON);
        row.put("ticket", "DEMO-" + (lines.size() + 1));
        lines.add(String.join(",", row.values()));
        ofFile.merge(outcome.word(), 1L, Long::sum);
    }

    private static ManagedDevice next(List<ManagedDevice> good) {
        return good.remove(good.size() - 1);
    }
}
