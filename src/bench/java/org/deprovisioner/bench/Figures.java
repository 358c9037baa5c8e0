package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of each round, by name; of several the median counts, or the most where one is too many. */
final class Figures {

    private final Map<String, List<Double>> byName = new TreeMap<>();

    void add(String name, double figure) {
        byName.computeIfAbsent(name, first -> new ArrayList<>()).add(figure);
    }

    double most(String name) {
        return byName.getOrDefault(name, List.of()).stream().mapToDouble(figure -> figure).max().orElse(Double.NaN);
    }

    double median(String name) {
        List<Double> sorted = byName.getOrDefault(name, List.of()).stream().sorted().toList();
        return sorted.isEmpty()
                ? Double.NaN
                : (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
