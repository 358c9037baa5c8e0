package org.deprovisioner.simulator;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.simulator.SimulatorOptions.Showing;

/** Where faults are ordered, devices are looked at, added and taken away, and it is said how their actions show: no part of Graph, no token needed. */
final class Desk {

    private static final Pattern DEVICE = Pattern.compile("/admin/devices/(?<id>[^/]+)");
    private static final Pattern SHOWING = Pattern.compile("/admin/devices/(?<id>[^/]+)/showing");

    private final Traffic traffic;
    private final Showings showings;
    private final Population population;
    private final Approvals approvals;

    Desk(Traffic traffic, Showings showings, Population population, Approvals approvals) {
        this.traffic = traffic;
        this.showings = showings;
        this.population = population;
        this.approvals = approvals;
    }

    Answer answer(Incoming call) {
        try {
            Matcher device = DEVICE.matcher(call.path());
            if (device.matches()) {
                return device(call.method(), device.group("id"));
            }
            Matcher showing = SHOWING.matcher(call.path());
            if (showing.matches() && call.method().equals("POST")) {
                showings.set(showing.group("id").toLowerCase(Locale.ROOT), Json.read(call.body(), Showing.class));
                return Answer.noContent();
            }
            return switch (call.method() + " " + call.path()) {
                case "POST /admin/showing" -> {
                    showings.set(Json.read(call.body(), Showing.class));
                    yield Answer.noContent();
                }
                case "GET /admin/faults" -> Answer.json(200, traffic.faults());
                case "POST /admin/faults" -> {
                    traffic.set(Json.read(call.body(), Fault.class));
                    yield Answer.noContent();
                }
                case "DELETE /admin/faults" -> {
                    traffic.clear();
                    yield Answer.noContent();
                }
                case "GET /admin/approvals" -> Answer.json(200, approvals.all());
                case "POST /admin/approvals" -> {
                    approvals.order(Json.read(call.body(), Approvals.Order.class));
                    yield Answer.noContent();
                }
                case "POST /admin/devices" -> {
                    population.add(Json.read(call.body(), ManagedDevice.class));
                    yield Answer.noContent();
                }
                default -> Answer.json(404, Map.of("error", "No such thing here: " + call.path()));
            };
        } catch (Refusal | IllegalArgumentException e) {
            return Answer.json(400, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    private Answer device(String method, String id) {
        if (method.equals("DELETE")) {
            population.remove(id);
            return Answer.noContent();
        }
        return population
                .find(id)
                .map(device -> Answer.json(200, Map.of("device", device, "executions", population.executions(id))))
                .orElseGet(() -> Answer.json(404, Map.of("error", "No device " + id)));
    }
}
