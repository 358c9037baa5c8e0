package org.deprovisioner.bench;

import java.nio.file.Path;
import java.util.List;

/** The time from the start of the program to its first call, with many settled rows in the ledger and with none. */
final class Restart implements Measure {

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Figures figures = new Figures();
        Ground.Run empty = ready(ground, 1);
        Ground.Run full = ready(ground, options.many());
        Ground.Run used = ready(ground, 1).withGraphsQuota();
        for (int round = 0; round < options.rounds() + 2; round++) {
            figures.add("empty", secondsToFirstCall(ground, empty, round));
            figures.add("full", secondsToFirstCall(ground, full, round));
            secondsToFirstCall(ground, used, 2 * round);
            figures.add("right after", secondsToFirstCall(ground, used, 2 * round + 1));
        }
        return List.of(
                Row.atMost(
                        1.2,
                        "first call of a start right after another / on an empty ledger",
                        "s",
                        figures.median("right after"),
                        figures.median("empty")),
                Row.atMost(
                        1.2,
                        "first call after a start: " + options.many() + " settled rows / none",
                        "s",
                        figures.median("full"),
                        figures.median("empty")));
    }

    private static Ground.Run ready(Ground ground, int settled) throws Exception {
        Ground.Run run = ground.run("restart-" + settled)
                .withoutQuota()
                .set("deprovision.resolve", "false");
        ground.order(Orders.answerAfter(0));
        run.submit(ground.file(1), () -> {}).close();
        if (settled > 1) {
            Ledgers.multiply(run.ledger(), settled);
        }
        return run;
    }

    private static double secondsToFirstCall(Ground ground, Ground.Run run, int round) throws Exception {
        ground.order(Orders.answerAfter(0));
        Path row = run.ledger().resolveSibling("round" + round + ".csv");
        java.nio.file.Files.writeString(row, "managedDeviceId,deprovisionReason\n" + Loops.device(90_000_000 + round) + "," + Loops.REASON + "\n");
        long started = System.currentTimeMillis();
        run.submit(row, () -> {}).close();
        return (ground.tally().get("firstMillis") - started) / 1e3;
    }
}
