package org.deprovisioner.console;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Figures;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.ledger.Units;
import org.deprovisioner.pace.Pace;
import org.deprovisioner.service.ServiceFigures;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.token.CertificateEnds;

/** The service in numbers, as Prometheus reads them. What they mean says docs/monitoring.md. */
final class Metrics {

    /** To count a million requests takes a moment, so it is done no more often. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final Set<String> FORWARDING =
            Set.of("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via");

    private final ConsoleContext context;
    private final Supplier<ServiceFigures> service;
    private final Health health;
    private final FailedSignIns failures;
    private final Hosts hosts;
    private final Fresh<List<MetricSnapshot>> ofLedger = new Fresh<>(FRESH, this::ofLedger);

    Metrics(
            ConsoleContext context,
            Supplier<ServiceFigures> service,
            Health health,
            FailedSignIns failures,
            Hosts hosts) {
        this.context = context;
        this.service = service;
        this.health = health;
        this.failures = failures;
        this.hosts = hosts;
    }

    void addTo(Router router) {
        router.health("/metrics", this::metrics);
    }

    private WebResponse metrics(WebRequest request) {
        refuseStrangers(request);
        List<MetricSnapshot> all = new ArrayList<>(ofLedger.get());
        all.addAll(ofService());
        return WebResponse.streamed(
                "text/plain; version=0.0.4; charset=utf-8",
                out -> PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(all)));
    }

    /**
     * Programs of this machine come as they are; a proxy stands for others, who have to show the token. So does a browser
     * whose page has given its own name our address.
     */
    private void refuseStrangers(WebRequest request) {
        if (request.peer().loopback()
                && hosts.isOurs(request.header("host").orElse(""))
                && FORWARDING.stream().noneMatch(request.headers()::containsKey)) {
            return;
        }
        failures.refuseTooSoon(request.peer().address());
        String given = request.header("authorization").orElse("").replaceFirst("(?i)^Bearer +", "");
        boolean right = context.settings()
                .console()
                .metricsToken()
                .map(Metrics::token)
                .filter(token -> !token.isEmpty()
                        && MessageDigest.isEqual(
                                token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
        if (!right) {
            failures.failed(request.peer().address());
            throw new RefusedException(
                    401, "Send the token of deprovision.console.metrics-token-file as 'Authorization: Bearer'.");
        }
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private List<MetricSnapshot> ofService() {
        ServiceFigures figures = service.get();
        return List.of(
                counter(
                        "deprovisioner_graph_calls",
                        "Calls of Graph since the start, by kind and HTTP status; status none where no answer came.",
                        figures.calls().stream()
                                .map(call -> CounterDataPointSnapshot.builder()
                                        .value((double) call.count())
                                        .labels(Labels.of(
                                                "tenant", call.tenant(),
                                                "kind", kind(call.write()),
                                                "status", status(call.status())))
                                        .build())),
                gauge(
                        "deprovisioner_quota_places",
                        "Calls that a quota window may hold.",
                        figures.usage().stream().map(lane -> lane(lane, lane.places()))),
                gauge(
                        "deprovisioner_quota_places_used",
                        "Calls that the quota window holds now.",
                        figures.usage().stream().map(lane -> lane(lane, lane.used()))),
                gauge(
                        "deprovisioner_quota_window_seconds",
                        "The length of the quota window.",
                        figures.usage().stream().map(lane -> lane(lane, seconds(lane.window())))),
                gauge(
                        "deprovisioner_active",
                        "1 where this machine works the ledger off.",
                        one(figures.active() ? 1 : 0)),
                gauge(
                        "deprovisioner_ledger_writable",
                        "1 while the ledger can be written.",
                        one(health.isWritable() ? 1 : 0)));
    }

    private List<MetricSnapshot> ofLedger() {
        Ledger ledger = context.ledger();
        Instant now = context.clock().instant();
        List<Figures.Count> counts = ledger.figures().requests();
        List<Pause> pauses = ledger.pauses().all();
        Figures.Untold untold = ledger.figures().untold();
        return List.of(
                gauge(
                        "deprovisioner_requests",
                        "Requests in the ledger, by state.",
                        Stream.of(State.values())
                                .map(state -> point(
                                        sum(counts, count -> count.state() == state),
                                        Labels.of("state", word(state))))),
                gauge(
                        "deprovisioner_dead_letters",
                        "Requests that will not be tried again by themselves, by outcome.",
                        Stream.of(Outcome.values())
                                .filter(outcome -> outcome.state() == State.DEAD)
                                .map(outcome -> point(
                                        sum(counts, count -> count.outcome().equals(outcome.word())),
                                        Labels.of("outcome", outcome.word())))),
                gauge(
                        "deprovisioner_oldest_ready_seconds",
                        "Since when the oldest request that is ready was handed over; 0 without one.",
                        one(ledger.figures()
                                .oldestReady()
                                .map(received -> seconds(Duration.between(received, now)))
                                .orElse(0.0))),
                gauge("deprovisioner_held_batches", "Batches that wait for approval.", one((double)
                        ledger.units().held().stream()
                                .map(Units.Held::batch)
                                .distinct()
                                .count())),
                gauge(
                        "deprovisioner_paused",
                        "1 for each pause: of all, a tenant or a batch; ends_by says whether it waits for resume.",
                        pauses.stream()
                                .map(pause -> point(
                                        1,
                                        Labels.of(
                                                "scope",
                                                pause.scope().equals(Pause.ALL) ? "all" : pause.scope(),
                                                "ends_by",
                                                pause.kind().name().toLowerCase(Locale.ROOT))))),
                gauge(
                        "deprovisioner_audit_entries_waiting",
                        "Audit entries that the log has not been told yet.",
                        one((double) untold.entries())),
                gauge(
                        "deprovisioner_audit_lag_seconds",
                        "How old the oldest audit entry is that the log has not been told; 0 without one.",
                        one(untold.oldest()
                                .map(oldest -> seconds(Duration.between(oldest, now)))
                                .orElse(0.0))),
                gauge(
                        "deprovisioner_certificate_expiry_timestamp_seconds",
                        "When the certificate ends that a tenant signs in with.",
                        context.settings().tenants().values().stream().flatMap(Metrics::certificate)));
    }

    private static double sum(List<Figures.Count> counts, Predicate<Figures.Count> which) {
        return (double)
                counts.stream().filter(which).mapToLong(Figures.Count::requests).sum();
    }

    private static Stream<GaugeDataPointSnapshot> certificate(Settings.Tenant tenant) {
        return CertificateEnds.of(tenant).stream()
                .map(end -> point((double) end.getEpochSecond(), Labels.of("tenant", tenant.name())));
    }

    private static GaugeDataPointSnapshot lane(Pace.Usage lane, double value) {
        return point(value, Labels.of("tenant", lane.tenant(), "kind", kind(lane.write())));
    }

    private static String kind(boolean write) {
        return write ? "action" : "read";
    }

    private static String status(int status) {
        return status == 0 ? "none" : String.valueOf(status);
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toMillis() / 1000.0);
    }

    private static Stream<GaugeDataPointSnapshot> one(double value) {
        return Stream.of(point(value, Labels.EMPTY));
    }

    private static GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }

    private static GaugeSnapshot gauge(String name, String help, Stream<GaugeDataPointSnapshot> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(gauge::dataPoint);
        return gauge.build();
    }

    private static CounterSnapshot counter(String name, String help, Stream<CounterDataPointSnapshot> points) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        points.forEach(counter::dataPoint);
        return counter.build();
    }
}
