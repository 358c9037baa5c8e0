package org.deprovisioner.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.deprovisioner.faults.Order.Kind;
import org.deprovisioner.simulator.ManagedDevice;
import org.deprovisioner.simulator.Population;

/** All that was handed over, and nothing else. Safe for many threads. */
final class Orders {

    static final String REASON = "retiring_device";

    private final Population population;
    private final Map<String, Order> byKey = new LinkedHashMap<>();
    private final List<String> used = new ArrayList<>();
    private int next;

    Orders(Population population) {
        this.population = population;
    }

    /** Orders for one batch: most for a new device, some for one that was named before, some that must fail. */
    synchronized List<Order> make(String batch, int count, SplittableRandom dice) {
        return Stream.generate(() -> make(batch, dice)).limit(count).toList();
    }

    private Order make(String batch, SplittableRandom dice) {
        int kind = dice.nextInt(100);
        Order order = new Order(
                "order-" + (byKey.size() + 1),
                batch,
                kind < 82
                        ? next(true)
                        : kind < 90
                                ? used.isEmpty() ? next(true) : used.get(dice.nextInt(used.size()))
                                : kind < 93
                                        ? "no-guid-" + dice.nextInt(1_000)
                                        : kind < 97
                                                ? new UUID(dice.nextLong(), dice.nextLong()).toString()
                                                : next(false),
                kind < 90 ? Kind.GOOD : kind < 93 ? Kind.INVALID : kind < 97 ? Kind.NOT_FOUND : Kind.FOREIGN);
        if (order.kind() == Kind.GOOD) {
            used.add(order.device());
        }
        byKey.put(order.key(), order);
        return order;
    }

    private String next(boolean chromeOs) {
        ManagedDevice device = population.device(next++);
        while (device.isChromeOs() != chromeOs
                || (!chromeOs && !device.operatingSystem().equals("Windows"))) {
            device = population.device(next++);
        }
        return device.id();
    }

    synchronized Collection<Order> all() {
        return List.copyOf(byKey.values());
    }

    static String csv(List<Order> orders) {
        StringBuilder csv = new StringBuilder("managedDeviceId,deprovisionReason,requestId\n");
        orders.forEach(order -> csv.append(String.join(",", order.device(), REASON, order.key()))
                .append('\n'));
        return csv.toString();
    }

    static String json(List<Order> orders) {
        return orders.stream()
                .map(order -> """
                        {"managedDeviceId": "%s", "deprovisionReason": "%s", "requestId": "%s", "batch": "%s"}""".formatted(order.device(), REASON, order.key(), order.batch()))
                .toList()
                .toString();
    }
}
