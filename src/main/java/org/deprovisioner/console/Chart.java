package org.deprovisioner.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deprovisioner.ledger.CallRates.Calls;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Settings;

/**
 * Calls a second against the quota, over the last while, as a drawing that is made here.
 *
 * @param bars one a step of time that had calls
 * @param quotaY where the line of the quota is
 * @param words the same for who does not see it
 */
record Chart(List<Column> bars, String quotaY, String most, String quota, String words) {

    private static final Duration SPAN = Duration.ofMinutes(15);
    private static final Duration STEP = Duration.ofSeconds(15);
    private static final int WIDTH = 720;
    private static final int HEIGHT = 120;

    /** A bar of the chart. */
    record Column(String x, String y, String width, String height) {}

    static Chart of(Settings settings, Ledger ledger, Instant now) {
        Map<Instant, Long> calls = new TreeMap<>();
        double quota = 0;
        for (Settings.Tenant tenant : settings.tenants().values()) {
            for (Calls some : ledger.callRates().of(tenant.name(), SPAN, STEP)) {
                calls.merge(some.from(), some.calls(), Long::sum);
            }
            quota += tenant.quota().writes() * 1000.0 / tenant.quota().window().toMillis();
        }
        double fastest =
                calls.values().stream().mapToLong(Long::longValue).max().orElse(0) / (double) STEP.toSeconds();
        double top = Math.max(fastest, quota) * 1.1;
        List<Column> bars = new ArrayList<>();
        double width = WIDTH * STEP.toMillis() / (double) SPAN.toMillis();
        Instant start = now.minus(SPAN);
        calls.forEach((from, number) -> {
            double height = number / (double) STEP.toSeconds() / top * HEIGHT;
            double x = Math.max(0, Duration.between(start, from).toMillis() * WIDTH / (double) SPAN.toMillis());
            bars.add(new Column(
                    Bar.figure(x),
                    Bar.figure(HEIGHT - height),
                    Bar.figure(Math.min(width - 1, WIDTH - x)),
                    Bar.figure(height)));
        });
        long sum = calls.values().stream().mapToLong(Long::longValue).sum();
        return new Chart(
                bars,
                Bar.figure(HEIGHT - quota / top * HEIGHT),
                perSecond(top),
                perSecond(quota),
                sum == 0
                        ? "No call in the last 15 minutes. The quota is %s calls a second.".formatted(perSecond(quota))
                        : "%s in the last 15 minutes, at most %s a second; the quota is %s."
                                .formatted(Shown.count(sum, "call", "calls"), perSecond(fastest), perSecond(quota)));
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, "%.1f", rate);
    }
}
