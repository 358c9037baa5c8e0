package org.deprovisioner.faults;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a campaign did, and what came of it. */
final class Figures {

    int cycles;
    int powerCuts;
    int drained;
    int brokerKills;
    int fullDisks;
    int requests;
    int twice;
    int lost;
    long actions;
    int most;
    int inDoubt;
    final Map<String, Integer> modes = new TreeMap<>();
    final Map<String, Integer> kills = new TreeMap<>();
    final Map<String, Integer> outcomes = new TreeMap<>();

    private final long started = System.nanoTime();

    void killed(String phase, int sending) {
        kills.merge(phase, 1, Integer::sum);
        most = Math.max(most, sending);
        inDoubt += sending;
    }

    private int kills() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        return """
                cycles            %,d in %s: %s
                kills             %,d: %s
                of them frozen    %,d, gone on with from a copy of the files
                drained           %,d
                broker killed     %,d
                disk full         %,d times
                requests          %,d, actions received %,d
                lost              %,d
                executed twice    %,d
                in doubt by kills %,d, at most %,d at once
                outcomes          %s
                """.formatted(
                cycles,
                "%d s".formatted(Duration.ofNanos(System.nanoTime() - started).toSeconds()),
                listed(modes),
                kills(),
                listed(kills),
                powerCuts,
                drained,
                brokerKills,
                fullDisks,
                requests,
                actions,
                lost,
                twice,
                inDoubt,
                most,
                listed(outcomes));
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> "%s %,d".formatted(count.getKey(), count.getValue()))
                .collect(Collectors.joining(", "));
    }
}
