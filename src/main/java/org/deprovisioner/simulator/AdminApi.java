package org.deprovisioner.simulator;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.simulator.SimulatorOptions.Showing;

/** Where faults are ordered, devices are looked at, added and taken away, and it is said how their actions show: no part of Graph, no token needed. */
final class AdminApi {

    private static final Pattern DEVICE = Pattern.compile("/admin/devices/(?<id>[^/]+)");
    private static final Pattern SHOWING = Pattern.compile("/admin/devices/(?<id>[^/]+)/showing");

    private final Traffic traffic;
    private final ActionTimings showings;
    private final Population population;
    private final Approvals approvals;

    AdminApi(Traffic traffic, ActionTimings showings, Population population, Approvals approvals) {
        this.traffic = traffic;
        this.showings = showings;
        this.population = population;
        this.approvals = approvals;
    }

    SimulatorAnswer answer(Incoming call) {
        try {
            Matcher device = DEVICE.matcher(call.path());
            if (device.matches()) {
                return device(call.method(), device.group("id"));
            }
            Matcher showing = SHOWING.matcher(call.path());
            if (showing.matches() && call.method().equals("POST")) {
                showings.set(showing.group("id").toLowerCase(Locale.ROOT), WireJson.read(call.body(), Showing.class));
                return SimulatorAnswer.noContent();
            }
            return switch (call.method() + " " + call.path()) {
                case "POST /admin/showing" -> {
                    showings.set(WireJson.read(call.body(), Showing.class));
                    yield SimulatorAnswer.noContent();
                }
                case "GET /admin/faults" -> SimulatorAnswer.json(200, traffic.faults());
                case "POST /admin/faults" -> {
                    traffic.set(WireJson.read(call.body(), Fault.class));
                    yield SimulatorAnswer.noContent();
                }
                case "DELETE /admin/faults" -> {
                    traffic.clear();
                    yield SimulatorAnswer.noContent();
                }
                case "GET /admin/approvals" -> SimulatorAnswer.json(200, approvals.all());
                case "POST /admin/approvals" -> {
                    approvals.order(WireJson.read(call.body(), Approvals.Order.class));
                    yield SimulatorAnswer.noContent();
                }
                case "POST /admin/devices" -> {
                    population.add(WireJson.read(call.body(), ManagedDevice.class));
                    yield SimulatorAnswer.noContent();
                }
                default -> SimulatorAnswer.json(404, Map.of("error", "No such thing here: " + call.path()));
            };
        } catch (RefusalException | IllegalArgumentException e) {
            return SimulatorAnswer.json(400, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    private SimulatorAnswer device(String method, String id) {
        if (method.equals("DELETE")) {
            population.remove(id);
            return SimulatorAnswer.noContent();
        }
        return population
                .find(id)
                .map(device ->
                        SimulatorAnswer.json(200, Map.of("device", device, "executions", population.executions(id))))
                .orElseGet(() -> SimulatorAnswer.json(404, Map.of("error", "No device " + id)));
    }
}
