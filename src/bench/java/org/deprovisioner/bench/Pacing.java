package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How much of the quota is used while there is work, and what it costs in refusals. */
final class Pacing implements Measure {

    /** How many windows a storm lasts. */
    private static final double STORM = 1.5;

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String kind : List.of(Window.SLIDING, Window.FIXED)) {
            Map<String, Double> tally = us(ground, options, orders(options, kind), "single", "us, " + kind);
            rows.add(Row.atLeast(0.98, "share of the quota used, " + kind + " window", "calls", tally.get("calls"),
                    quota(tally, options)));
            rows.add(Row.atMost(0, "refused (429), " + kind + " window", "calls", tally.get("refused"), tally.get("calls")));
            rows.add(Row.atMost(1, "most calls in any window, " + kind + " window", "calls", tally.get("most"), options.limit()));
        }
        for (boolean evenly : new boolean[] {true, false}) {
            String times = evenly ? "at even distances" : "at random times";
            Map<String, Double> others = us(
                    ground,
                    options,
                    orders(options, Window.SLIDING).withoutRetryAfter().beside(0.5, evenly),
                    "single",
                    "us, another app takes half " + times);
            double left = quota(others, options) - others.get("others");
            rows.add(Row.atLeast(0.9, "share of what another app leaves that calls " + times, "calls",
                    others.get("calls") - others.get("refused"), left));
            rows.add(Row.atMost(0.01, "refused (429), another app takes half " + times, "calls",
                    others.get("refused"), others.get("calls")));
        }
        Map<String, Double> asked = us(
                ground, options, orders(options, Window.SLIDING).beside(0.5, false), "single", "us, the same with Retry-After");
        rows.add(Row.atMost(0, "calls inside a Retry-After", "calls", asked.get("inside"), asked.get("calls")));
        Map<String, Double> storm = us(
                ground, options, orders(options, Window.SLIDING).withoutRetryAfter().stormy(STORM), "single", "us, a storm");
        double ideal = (storm.get("calls") - storm.get("refused")) / perSecond(options) + STORM * options.windowMillis() / 1e3;
        rows.add(Row.atMost(1.1, "until the end, with a storm that refuses everything / ideal", "s", storm.get("seconds"), ideal));
        if (options.hasSdk()) {
            Orders orders = orders(options, Window.SLIDING);
            Map<String, Double> sdk =
                    ground.loop(orders, Bench.SDK, "" + options.limit() * options.windows(), "16");
            options.chart().add("Microsoft's SDK, sliding window", perSecond(options), ground.seconds());
            rows.add(Row.figure("Microsoft's SDK: refused (429)", "calls", sdk.get("refused")));
            rows.add(Row.figure("Microsoft's SDK: devices done of " + options.limit() * options.windows(), "devices", sdk.get("devices")));
        }
        Map<String, Double> bulk = us(ground, options, orders(options, Window.SLIDING), "bulk", "us, bulk");
        rows.add(Row.atLeast(50, "devices a second in bulk / at the quota of single calls", "devices/s",
                bulk.get("devices") / Math.max(bulk.get("seconds"), 1e-3), perSecond(options)));
        return rows;
    }

    private static Orders orders(Bench options, String kind) {
        return new Orders(5, kind, options.limit(), options.windowMillis(), 0, false, 0, true);
    }

    private static double perSecond(Bench options) {
        return options.limit() * 1000.0 / options.windowMillis();
    }

    /** What the quota held from the first call to the last. */
    private static double quota(Map<String, Double> tally, Bench options) {
        return perSecond(options) * tally.get("seconds");
    }

    private static Map<String, Double> us(Ground ground, Bench options, Orders orders, String mode, String name)
            throws Exception {
        ground.order(orders);
        int devices = options.limit() * options.windows() * (mode.equals("bulk") ? 100 : 1);
        ground.run("pacing-" + mode)
                .set("deprovision.quota.requests", "" + options.limit())
                .set("deprovision.quota.window", options.windowMillis() + "ms")
                .set("deprovision.resolve", "false")
                .set("deprovision.mode", mode)
                .submit(ground.file(devices), () -> {})
                .close();
        options.chart().add(name, perSecond(options), ground.seconds());
        return ground.tally();
    }
}
