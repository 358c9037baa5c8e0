package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much of the quota is used while there is work, and what it costs in refusals. */
final class Pacing implements Measure {

    /** How many windows a storm lasts. */
    private static final double STORM = 1.5;

    private static final String SDK = "Microsoft's SDK, sliding window";
    private static final String EVENLY = "us, another app takes half at even distances";
    private static final String AT_RANDOM = "us, another app takes half at random times";
    private static final String ASKED = "us, the same with Retry-After";
    private static final String STORMY = "us, a storm";
    private static final String BULK = "us, bulk";

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Orders sliding = orders(options, Window.SLIDING);
        Map<String, Orders> all = new LinkedHashMap<>();
        all.put(alone(Window.SLIDING), sliding);
        all.put(alone(Window.FIXED), orders(options, Window.FIXED));
        all.put(EVENLY, sliding.withoutRetryAfter().beside(0.5, true));
        all.put(AT_RANDOM, sliding.withoutRetryAfter().beside(0.5, false));
        all.put(ASKED, sliding.beside(0.5, false));
        all.put(STORMY, sliding.withoutRetryAfter().stormy(STORM));
        if (options.hasSdk()) {
            all.put(SDK, sliding);
        }
        all.put(BULK, sliding);
        Map<String, Figures> measured = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Map.Entry<String, Orders> one : all.entrySet()) {
                String name = one.getKey();
                Map<String, Double> tally = run(ground, options, name, one.getValue());
                Figures figures = measured.computeIfAbsent(name, first -> new Figures());
                tally.forEach(figures::add);
                figures.add("quota", perSecond(options) * tally.get("seconds"));
                figures.add("left", perSecond(options) * tally.get("seconds") - tally.get("others"));
                figures.add("passed", tally.get("calls") - tally.get("refused"));
                if (round == 0) {
                    options.chart().add(name, perSecond(options), ground.seconds());
                }
            }
        }
        return rows(options, measured);
    }

    private static Map<String, Double> run(Ground ground, Bench options, String name, Orders orders) throws Exception {
        int calls = options.limit() * options.windows();
        return name.equals(SDK)
                ? ground.loop(orders, Bench.SDK, "" + calls, "16")
                : name.equals(BULK) ? us(ground, options, orders, "bulk", calls * 100) : us(ground, options, orders, "single", calls);
    }

    private static List<Row> rows(Bench options, Map<String, Figures> measured) {
        List<Row> rows = new ArrayList<>();
        for (String kind : List.of(Window.SLIDING, Window.FIXED)) {
            Figures us = measured.get(alone(kind));
            rows.add(Row.atLeast(0.98, "share of the quota used, " + kind + " window", "calls", us.median("calls"),
                    us.median("quota")));
            rows.add(Row.atMost(0, "refused (429), " + kind + " window", "calls", us.most("refused"), us.median("calls")));
            rows.add(Row.atMost(1, "most calls in any window, " + kind + " window", "calls", us.most("most"), options.limit()));
        }
        for (String name : List.of(EVENLY, AT_RANDOM)) {
            Figures us = measured.get(name);
            boolean even = name.equals(EVENLY);
            String times = even ? "at even distances" : "at random times";
            rows.add(Row.atLeast(even ? 0.9 : 0.85, "share of what another app leaves that calls " + times, "calls",
                    us.median("passed"), us.median("left")));
            rows.add(Row.atMost(even ? 0.01 : 0.012, "refused (429), another app takes half " + times, "calls",
                    us.median("refused"), us.median("calls")));
        }
        Figures asked = measured.get(ASKED);
        rows.add(Row.atMost(0, "calls inside a Retry-After", "calls", asked.most("inside"), asked.median("calls")));
        Figures storm = measured.get(STORMY);
        double ideal = storm.median("passed") / perSecond(options) + STORM * options.windowMillis() / 1e3;
        rows.add(Row.atMost(1.1, "until the end, with a storm that refuses everything / ideal", "s", storm.median("seconds"), ideal));
        if (options.hasSdk()) {
            Figures sdk = measured.get(SDK);
            rows.add(Row.figure("Microsoft's SDK: refused (429)", "calls", sdk.median("refused")));
            rows.add(Row.figure("Microsoft's SDK: devices done of " + options.limit() * options.windows(), "devices", sdk.median("devices")));
        }
        Figures bulk = measured.get(BULK);
        rows.add(Row.atLeast(50, "devices a second in bulk / at the quota of single calls", "devices/s",
                bulk.median("devices") / Math.max(bulk.median("seconds"), 1e-3), perSecond(options)));
        return rows;
    }

    private static String alone(String kind) {
        return "us, " + kind;
    }

    private static Orders orders(Bench options, String kind) {
        return new Orders(5, kind, options.limit(), options.windowMillis(), 0, false, 0, 0, true);
    }

    private static double perSecond(Bench options) {
        return options.limit() * 1000.0 / options.windowMillis();
    }

    private static Map<String, Double> us(Ground ground, Bench options, Orders orders, String mode, int devices)
            throws Exception {
        ground.order(orders);
        ground.run("pacing-" + mode)
                .set("deprovision.quota.requests", "" + options.limit())
                .set("deprovision.quota.window", options.windowMillis() + "ms")
                .set("deprovision.resolve", "false")
                .set("deprovision.mode", mode)
                .submit(ground.file(devices), () -> {})
                .close();
        return ground.tally();
    }
}
