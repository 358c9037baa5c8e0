package org.deprovisioner.simulator;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where faults are ordered and devices are looked at, added and taken away: no part of Graph, no token needed. */
final class Desk {

    private static final Pattern DEVICE = Pattern.compile("/admin/devices/(?<id>[^/]+)");

    private final Traffic traffic;
    private final Population population;

    Desk(Traffic traffic, Population population) {
        this.traffic = traffic;
        this.population = population;
    }

    Answer answer(Incoming call) {
        try {
            Matcher device = DEVICE.matcher(call.path());
            if (device.matches()) {
                return device(call.method(), device.group("id"));
            }
            return switch (call.method() + " " + call.path()) {
                case "GET /admin/faults" -> Answer.json(200, traffic.faults());
                case "POST /admin/faults" -> {
                    traffic.set(Json.read(call.body(), Fault.class));
                    yield Answer.noContent();
                }
                case "DELETE /admin/faults" -> {
                    traffic.clear();
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
