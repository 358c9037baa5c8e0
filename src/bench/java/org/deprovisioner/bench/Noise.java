package org.deprovisioner.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much of Graph's own quota is used where 2 % of all calls are refused at random, and nothing else is wrong. */
final class Noise implements Measure {

    private static final int LIMIT = 200;
    private static final int WINDOW_MILLIS = 20_000;
    private static final int WINDOWS = 4;
    private static final String ASKED = "Retry-After 1 s";
    private static final String UNASKED = "no Retry-After";
    private static final String SDK = "Microsoft's SDK";

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Orders noisy = new Orders(50, Window.SLIDING, LIMIT, WINDOW_MILLIS, 0, false, 0, 0.02, true);
        Map<String, Orders> all = new LinkedHashMap<>();
        all.put(ASKED, noisy);
        all.put(UNASKED, noisy.withoutRetryAfter());
        if (options.hasSdk()) {
            all.put(SDK, noisy);
        }
        Map<String, Figures> measured = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Map.Entry<String, Orders> one : all.entrySet()) {
                Map<String, Double> tally = run(ground, one.getKey(), one.getValue());
                Figures figures = measured.computeIfAbsent(one.getKey(), first -> new Figures());
                tally.forEach(figures::add);
                figures.add("quota", LIMIT * 1000.0 / WINDOW_MILLIS * tally.get("seconds"));
                if (round == 0) {
                    options.chart().add("2 % refused, " + one.getKey(), LIMIT * 1000.0 / WINDOW_MILLIS, ground.seconds());
                }
            }
        }
        return rows(measured);
    }

    private static Map<String, Double> run(Ground ground, String name, Orders orders) throws Exception {
        int devices = LIMIT * WINDOWS;
        if (name.equals(SDK)) {
            return ground.loop(orders, Bench.SDK, "" + devices, "16");
        }
        ground.order(orders);
        ground.run("noise").set("deprovision.resolve", "false").submit(ground.file(devices), () -> {}).close();
        return ground.tally();
    }

    private static List<Row> rows(Map<String, Figures> measured) {
        List<Row> rows = new ArrayList<>();
        measured.forEach((name, figures) -> {
            double target = name.equals(ASKED) ? 0.7 : name.equals(UNASKED) ? 0.6 : 0;
            String what = "share of the quota used, 2 % refused at random, " + name;
            rows.add(Row.atLeast(target, what, "calls", figures.median("devices"), figures.median("quota")));
            if (name.equals(SDK)) {
                rows.add(Row.figure("Microsoft's SDK there: refused (429)", "calls", figures.median("refused")));
            } else {
                rows.add(Row.atMost(1, "most calls in any window, " + name, "calls", figures.most("most"), LIMIT));
            }
        });
        rows.add(Row.atMost(
                0,
                "calls inside a Retry-After, 2 % refused at random",
                "calls",
                measured.get(ASKED).most("inside"),
                measured.get(ASKED).median("calls")));
        return rows;
    }
}
