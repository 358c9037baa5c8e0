package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.List;

/** How time and memory grow with the number of rows, with and without looking at each device. */
final class Growth implements Measure {

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Figures seconds = new Figures();
        Figures memory = new Figures();
        for (int round = 0; round < options.rounds(); round++) {
            for (boolean resolve : new boolean[] {false, true}) {
                for (int count : options.counts()) {
                    ground.order(Orders.answerAfter(0));
                    try (Child child = ground.run("growth-" + count)
                            .withoutQuota()
                            .set("deprovision.concurrency", "64")
                            .set("deprovision.resolve", String.valueOf(resolve))
                            .submit(ground.file(count), () -> {})) {
                        seconds.add(name(count, resolve), child.seconds());
                        memory.add(name(count, resolve), child.peakKilobytes());
                    }
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        int fewest = options.counts().get(0);
        for (boolean resolve : new boolean[] {false, true}) {
            double least = memory.median(name(fewest, resolve));
            for (int count : options.counts()) {
                String name = name(count, resolve);
                rows.add(Row.figure(name + ": from start to end", "s", seconds.median(name)));
                rows.add(Row.figure(name + ": a row", "ms", seconds.median(name) * 1000 / count));
                if (count > fewest && least > 0) {
                    rows.add(Row.atMost(1.25, name + ": peak memory / that of " + fewest + " rows", "MB",
                            memory.median(name) / 1024, least / 1024));
                }
            }
        }
        return rows;
    }

    private static String name(int count, boolean resolve) {
        return String.format("%,d rows, %s", count, resolve ? "each looked at" : "not looked at");
    }
}
