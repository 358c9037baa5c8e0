package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls a second with the quota off and nothing looked at, side by side with loops that remember nothing. */
final class Engine implements Measure {

    private static final String IN_FLIGHT = "64";

    private final int delayMillis;

    Engine(int delayMillis) {
        this.delayMillis = delayMillis;
    }

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        boolean atOnce = delayMillis == 0;
        int calls = options.calls() / (atOnce ? 1 : 2);
        Orders orders = Orders.answerAfter(delayMillis);
        Figures figures = new Figures();
        for (int round = 0; round < options.rounds(); round++) {
            figures.add("bare", steady(ground.loop(orders, BareLoop.class.getName(), "" + calls, IN_FLIGHT)));
            figures.add("us", us(ground, orders, calls, "single"));
            if (options.hasSdk()) {
                figures.add("sdk", steady(ground.loop(orders, Bench.SDK, "" + calls, IN_FLIGHT)));
            }
            figures.add("bulk", us(ground, orders, calls, "bulk"));
            figures.add(
                    "script",
                    steady(ground.loop(
                            orders,
                            NaiveScript.class.getName(),
                            "" + Math.min(calls, atOnce ? calls / 4 : 100))));
        }
        String when = atOnce ? ", answer at once" : ", answer after " + delayMillis + " ms";
        double us = figures.median("us");
        List<Row> rows = new ArrayList<>();
        double target = atOnce ? 0 : 0.9; // answered at once, the quota is reached long before
        rows.add(Row.atLeast(target, "us / bare HttpClient loop" + when, "calls/s", us, figures.median("bare")));
        if (options.hasSdk()) {
            rows.add(Row.atLeast(
                    target, "us / Microsoft's SDK in a loop" + when, "calls/s", us, figures.median("sdk")));
        }
        rows.add(Row.atLeast(
                atOnce ? 0 : 1, "us / script, one call after the other" + when, "calls/s", us, figures.median("script")));
        rows.add(Row.figure("us, bulk" + when, "devices/s", figures.median("bulk")));
        return rows;
    }

    private static double us(Ground ground, Orders orders, int devices, String mode) throws Exception {
        ground.order(orders);
        ground.run("engine-" + mode)
                .withoutQuota()
                .set("deprovision.resolve", "false")
                .set("deprovision.concurrency", IN_FLIGHT)
                .set("deprovision.mode", mode)
                .submit(ground.file(devices), () -> {})
                .close();
        Map<String, Double> tally = ground.tally();
        if (tally.get("devices") != devices) {
            throw new IllegalStateException("Of " + devices + " devices " + tally.get("devices") + " were sent.");
        }
        return mode.equals("bulk") ? devices / tally.get("seconds") : steady(tally);
    }

    static double steady(Map<String, Double> tally) {
        return tally.get("steady");
    }
}
