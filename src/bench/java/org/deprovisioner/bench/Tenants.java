package org.deprovisioner.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What many tenants cost in one process, over TLS and with each device looked at, each tenant at Graph's own quota. */
final class Tenants implements Measure {

    private static final int MANY = 60;
    private static final int DEVICES = 300;
    private static final int A_SECOND = 10;
    private static final int IDLE = 500;
    private static final int SETTLING_SECONDS = 15;
    private static final int IDLE_SECONDS = 30;

    @Override
    public List<Row> take(Ground ground, Bench options) throws Exception {
        Figures figures = new Figures();
        try (Ground tls = ground.overTls()) {
            for (int round = 0; round < options.rounds(); round++) {
                work(tls, "many", tls.run("tenants").withTenants(MANY), tls.file(MANY, DEVICES), figures);
                Ground.Run fast = tls.run("fast")
                        .set("deprovision.quota.requests", "" + MANY * A_SECOND * 20)
                        .set("deprovision.quota.reads", "" + MANY * A_SECOND * 20)
                        .set("deprovision.concurrency", "64");
                work(tls, "one", fast, tls.file(MANY * DEVICES), figures);
                idle(tls.run("idle").withTenants(IDLE), figures);
            }
        }
        return rows(figures);
    }

    private static void work(Ground tls, String name, Ground.Run run, Path file, Figures figures)
            throws Exception {
        tls.order(Orders.answerAfter(50));
        try (Child child = run.submit(file, () -> {})) {
            Map<String, Double> tally = tls.tally();
            figures.add(name + " devices", tally.get("devices"));
            figures.add(name + " quota", MANY * A_SECOND * tally.get("seconds"));
            figures.add(name + " processor", child.processorSeconds() * 1000);
            figures.add(name + " memory", child.peakKilobytes() / 1024);
        }
    }

    private static void idle(Ground.Run run, Figures figures) throws Exception {
        try (Child service = run.start("run")) {
            TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
            service.look();
            double before = service.processorSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            service.look();
            figures.add("idle processor", service.processorSeconds() - before);
            figures.add("idle memory", service.peakKilobytes() / 1024);
        }
    }

    private static List<Row> rows(Figures figures) {
        List<Row> rows = new ArrayList<>();
        rows.add(Row.atLeast(0.97, MANY + " tenants: share of their quotas used", "calls",
                figures.median("many devices"), figures.median("many quota")));
        rows.add(Row.atMost(2.5, MANY + " tenants: processor time / devices", "ms",
                figures.median("many processor"), figures.median("many devices")));
        rows.add(Row.atMost(600, MANY + " tenants: peak memory", "MB", figures.most("many memory"), 1));
        rows.add(Row.atLeast(0.97, "one tenant at " + MANY * A_SECOND + " calls a second: share of its quota used", "calls",
                figures.median("one devices"), figures.median("one quota")));
        rows.add(Row.atMost(2.5, "one tenant at " + MANY * A_SECOND + " calls a second: processor time / devices", "ms",
                figures.median("one processor"), figures.median("one devices")));
        rows.add(Row.atMost(0.02, IDLE + " idle tenants: processor time / time", "s",
                figures.median("idle processor"), IDLE_SECONDS));
        rows.add(Row.figure(IDLE + " idle tenants: peak memory", "MB", figures.most("idle memory")));
        return rows;
    }
}
