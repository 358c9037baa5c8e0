package org.deprovisioner.bench;

import java.util.List;
import java.util.Map;

/** How long {@code status} takes, relative to {@code java -version}. */
final class Commands implements Measure {

    private static final int TIMES = 9;

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Figures figures = new Figures();
        Ground.Run run = ground.run("status");
        run.launch("status").await(() -> {}).close(); // makes the ledger
        for (int round = 0; round < TIMES; round++) {
            try (Child java = Child.start(
                    List.of(Ground.jvm(), "-version"), Map.of(), run.ledger().resolveSibling("java.log"), false)) {
                figures.add("java", java.awaitEnd());
            }
            try (Child status = run.launch("status")) {
                figures.add("status", status.awaitEnd());
            }
        }
        return List.of(Row.atMost(10, "status / java -version", "ms", figures.median("status") * 1000, figures.median("java") * 1000));
    }
}
