package org.deprovisioner.bench;

import java.nio.file.Path;
import java.util.List;

/** Rows a second from a file into the ledger, relative to the same rows by JDBC alone. */
final class Intake implements Measure {

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Figures figures = new Figures();
        for (int round = 0; round < options.rounds(); round++) {
            Path file = ground.file(options.many());
            Ground.Run run = ground.run("intake").set("deprovision.resolve", "false").set("deprovision.guard.max-per-batch", "1");
            ground.order(Orders.answerAfter(0));
            Child service = run.start("run");
            try (service) {
                java.nio.file.Files.createDirectories(run.ledger().resolveSibling("inbox/.working"));
                java.nio.file.Files.copy(file, run.ledger().resolveSibling("inbox/many.csv"));
                long first = awaitNanos(() -> Ledgers.takenIn(run.ledger()) > 0);
                long from = Ledgers.takenIn(run.ledger());
                long last = awaitNanos(() -> Ledgers.isTakenIn(run.ledger()));
                figures.add("us", (Ledgers.takenIn(run.ledger()) - from) / ((last - first) / 1e9));
            }
            figures.add("jdbc", Ledgers.insertAgain(run.ledger(), run.ledger().resolveSibling("copy.db")));
        }
        return List.of(Row.atLeast(
                0.5, "intake of a file / bare JDBC batch insert of the same rows", "rows/s", figures.median("us"), figures.median("jdbc")));
    }

    private static long awaitNanos(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(2);
        }
        return System.nanoTime();
    }
}
