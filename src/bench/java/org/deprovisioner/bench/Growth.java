package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.List;

/** How time and memory grow with the number of rows, with and without looking at each device. */
final class Growth implements Measure {

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (boolean resolve : new boolean[] {false, true}) {
            double least = 0;
            for (int count : options.counts()) {
                ground.order(Orders.answerAfter(0));
                try (Child child = ground.run("growth-" + count)
                        .withoutQuota()
                        .set("deprovision.concurrency", "64")
                        .set("deprovision.resolve", String.valueOf(resolve))
                        .submit(ground.file(count), () -> {})) {
                    double seconds = child.seconds();
                    String name = String.format("%,d rows, %s", count, resolve ? "each looked at" : "not looked at");
                    rows.add(Row.figure(name + ": from start to end", "s", seconds));
                    rows.add(Row.figure(name + ": a row", "ms", seconds * 1000 / count));
                    least = least == 0 ? child.peakKilobytes() : least;
                    if (count > options.counts().get(0) && least > 0) {
                        rows.add(Row.atMost(
                                1.25, name + ": peak memory / that of " + options.counts().get(0) + " rows", "MB", child.peakKilobytes() / 1024, least / 1024));
                    }
                }
            }
        }
        return rows;
    }
}
