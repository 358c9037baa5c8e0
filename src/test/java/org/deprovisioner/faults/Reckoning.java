package org.deprovisioner.faults;

import static java.util.stream.Collectors.groupingBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.faults.Order.Kind;
import org.deprovisioner.simulator.Call;
import org.deprovisioner.simulator.Simulator;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The audit at the end: every order is accounted for, by what the ledger, the files and Graph's own log say. */
final class Reckoning {

    private static final Set<String> DONE = Set.of("deprovisioned", "confirmed-by-read-back");
    private static final Set<String> DEAD = Set.of("failed", "unknown");

    private final Path data;
    private final Simulator simulator;
    private final Collection<Order> orders;
    private final Set<String> maybeTwice;
    private final JdbcTemplate ledger;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, List<Ended>> byKey = new HashMap<>();

    /** @param maybeTwice the orders whose message may have arrived more than once */
    Reckoning(Path data, Simulator simulator, Collection<Order> orders, Set<String> maybeTwice) {
        this.data = data;
        this.simulator = simulator;
        this.orders = orders;
        this.maybeTwice = maybeTwice;
        SQLiteDataSource source = new SQLiteDataSource(new SQLiteConfig());
        source.setUrl("jdbc:sqlite:" + data.resolve("ledger.db"));
        ledger = new JdbcTemplate(source);
        ledger.query("select batch, line, request_id, state, outcome from request order by id", row -> {
            String key = String.valueOf(row.getString("request_id"));
            byKey.computeIfAbsent(key, none -> new ArrayList<>())
                    .add(new Ended(
                            row.getString("batch"),
                            row.getLong("line"),
                            row.getString("state"),
                            String.valueOf(row.getString("outcome"))));
        });
    }

    /** A request as the ledger has it. */
    private record Ended(String batch, long line, String state, String outcome) {

        String outcomeClass() {
            return switch (outcome) {
                case "deprovisioned", "confirmed-by-read-back" -> "done";
                case "unknown" -> "unknown";
                case "duplicate", "already-deprovisioned", "already-gone", "cancelled", "dry-run" -> "skipped";
                default -> "failed";
            };
        }
    }

    /** What is wrong; nothing, when every promise was kept. */
    List<String> problems(Figures figures) throws IOException {
        figures.requests += orders.size();
        byKey.values().forEach(ended -> ended.forEach(one -> figures.outcomes.merge(one.outcome, 1, Integer::sum)));
        everyOrderEndedOnce(figures);
        noDeviceTwice(figures);
        ledgerIsWhole();
        files();
        auditLog();
        return problems;
    }

    private void everyOrderEndedOnce(Figures figures) {
        for (Order order : orders) {
            List<Ended> ended = byKey.getOrDefault(order.key(), List.of());
            if (ended.isEmpty()) {
                figures.lost++;
                problems.add(order + " is lost");
            } else if (ended.size() > 1 && !maybeTwice.contains(order.key())) {
                problems.add(order + " stands in the ledger " + ended.size() + " times");
            }
            Set<String> allowed = switch (order.kind()) {
                case GOOD ->
                    Set.of(
                            "deprovisioned",
                            "confirmed-by-read-back",
                            "unknown",
                            "duplicate",
                            "already-deprovisioned",
                            "retries-exhausted");
                case INVALID -> Set.of("invalid");
                case NOT_FOUND -> Set.of("not-found", "retries-exhausted");
                case FOREIGN -> Set.of("refused-by-guard", "retries-exhausted");
            };
            ended.stream()
                    .filter(one -> !Set.of("DONE", "DEAD").contains(one.state) || !allowed.contains(one.outcome))
                    .forEach(one -> problems.add(order + " ended as " + one));
        }
        Set<String> keys = orders.stream().map(Order::key).collect(Collectors.toSet());
        byKey.keySet().stream()
                .filter(key -> !keys.contains(key))
                .forEach(key -> problems.add("Nobody ordered " + key));
    }

    /** By Graph's own log, and told as it was: done where it was executed, and nowhere else. */
    private void noDeviceTwice(Figures figures) {
        List<Call> actions = simulator.calls().stream()
                .filter(call -> call.path().endsWith("/deprovision") || "executeAction".equals(call.via()))
                .toList();
        figures.actions += actions.size();
        Map<String, Long> executed = actions.stream()
                .filter(Call::executed)
                .collect(groupingBy(call -> String.valueOf(call.deviceId()), Collectors.counting()));
        Map<String, List<Order>> byDevice = orders.stream().collect(groupingBy(Order::device));
        executed.forEach((device, times) -> {
            if (times > 1) {
                figures.twice++;
                problems.add(device + " was executed " + times + " times");
            }
            if (byDevice.getOrDefault(device, List.of()).stream().noneMatch(order -> order.kind() == Kind.GOOD)) {
                problems.add(device + " was executed and never ordered");
            }
        });
        byDevice.forEach((device, same) -> {
            List<String> outcomes = same.stream()
                    .flatMap(order -> byKey.getOrDefault(order.key(), List.of()).stream())
                    .map(Ended::outcome)
                    .toList();
            boolean once = executed.containsKey(device);
            long done = outcomes.stream().filter("deprovisioned"::equals).count();
            if (done > 1 || (!once && outcomes.stream().anyMatch(DONE::contains))) {
                problems.add(device + " was executed " + (once ? "once" : "never") + ", and it was told: " + outcomes);
            }
            if (once && outcomes.stream().noneMatch(one -> DONE.contains(one) || one.equals("unknown"))) {
                problems.add(device + " was executed, and nobody says so: " + outcomes);
            }
        });
    }

    private void ledgerIsWhole() {
        none("pragma integrity_check", "ok");
        none("select 'request ' || id || ' is leased' from request where leased_by is not null");
        none("select 'attempt ' || id || ' never ended' from attempt where ended is null");
        none("select 'outbox ' || id || ' never left' from outbox");
        none("select 'audit entry ' || id || ' was never written' from audit_entry");
        none("select 'intake ' || id || ' is open' from intake i where state = 'OPEN' and batch is not null");
        none("select batch || ' line ' || line || ' is there twice' from request r where exists"
                + " (select 1 from request o where o.batch = r.batch and o.line = r.line and o.id < r.id)"
                + " and exists (select 1 from batch b where b.name = r.batch and b.kind = 'FILE')");
    }

    private void none(String sql, String... but) {
        ledger.queryForList(sql, String.class).stream()
                .filter(found -> !List.of(but).contains(found))
                .forEach(problems::add);
    }

    /** Every row of a file stands once in its results, and in the dead letters when it failed or is unknown. */
    private void files() throws IOException {
        Map<String, List<Order>> byBatch = orders.stream()
                .filter(order -> order.batch().startsWith("file"))
                .collect(groupingBy(Order::batch));
        for (Map.Entry<String, List<Order>> batch : byBatch.entrySet()) {
            compare(batch.getKey(), "results", batch.getValue(), Optional.empty());
            compare(batch.getKey(), "dead-letter", batch.getValue(), Optional.of(DEAD));
            if (!Files.exists(data.resolve("archive").resolve(batch.getKey() + ".csv"))) {
                problems.add(batch.getKey() + " is not in the archive");
            }
        }
        for (String folder : List.of("inbox", "inbox/.working", "rejected")) {
            try (var left = Files.exists(data.resolve(folder)) ? Files.list(data.resolve(folder)) : Files.list(data)) {
                left.filter(file -> Files.isRegularFile(file) && file.startsWith(data.resolve(folder)))
                        .forEach(file -> problems.add(file + " was left behind"));
            }
        }
    }

    private void compare(String batch, String folder, List<Order> handedOver, Optional<Set<String>> only)
            throws IOException {
        List<String> expected = handedOver.stream()
                .flatMap(order -> byKey.getOrDefault(order.key(), List.of()).stream()
                        .filter(one -> only.isEmpty() || only.get().contains(one.outcomeClass()))
                        .map(one -> order.key() + " " + one.outcome))
                .sorted()
                .toList();
        List<String> told = rows(newest(data.resolve(folder), batch));
        if (!expected.equals(told)) {
            problems.add("%s/%s.csv tells %s, and the ledger %s".formatted(folder, batch, told, expected));
        }
    }

    /** A kill between noting a file and renaming it makes the old one a stranger: the next number holds what is true. */
    private static Path newest(Path folder, String batch) {
        Path newest = folder.resolve(batch + ".csv");
        for (int number = 1; Files.exists(folder.resolve(batch + "." + number + ".csv")); number++) {
            newest = folder.resolve(batch + "." + number + ".csv");
        }
        return newest;
    }

    private static List<String> rows(Path file) throws IOException {
        if (Files.notExists(file)) {
            return List.of();
        }
        try (CsvReader<CsvRecord> csv =
                CsvReader.builder().detectBomHeader(true).ofCsvRecord(file)) {
            List<List<String>> all = csv.stream().map(CsvRecord::getFields).toList();
            int key = all.get(0).indexOf("requestId");
            int outcome = all.get(0).indexOf("outcome");
            return all.stream()
                    .skip(1)
                    .map(row -> row.get(key) + " " + row.get(outcome))
                    .sorted()
                    .toList();
        }
    }

    /** Every order got its reply, and each that failed its dead letter, with the outcome that the ledger has. */
    List<String> messages(Map<String, List<String>> replies, Map<String, List<String>> deadLetters) {
        List<String> missing = new ArrayList<>();
        for (Order order : orders) {
            for (Ended ended : byKey.getOrDefault(order.key(), List.of())) {
                boolean dead = DEAD.contains(ended.outcomeClass());
                if (dead && !deadLetters.getOrDefault(order.key(), List.of()).contains(ended.outcome)) {
                    missing.add("no dead letter says that " + order + " ended as " + ended.outcome);
                }
                if (order.batch().startsWith("messages")
                        && !replies.getOrDefault(order.key(), List.of()).contains(ended.outcome)) {
                    missing.add("no reply says that " + order + " ended as " + ended.outcome);
                }
            }
        }
        return missing;
    }

    private void auditLog() throws IOException {
        AuditTrail.Verdict verdict = new AuditTrail(data).verify(Optional.empty());
        verdict.broken().ifPresent(problems::add);
        Map<String, Long> ends = new HashMap<>();
        new AuditTrail(data).find(AuditQuery.ALL, line -> {
            if (line.told().path("what").asText().equals("ended")) {
                ends.merge(
                        line.told().path("batch").asText() + " "
                                + line.told().path("line").asText(),
                        1L,
                        Long::sum);
            }
        });
        byKey.values().stream()
                .flatMap(List::stream)
                .filter(one -> ends.getOrDefault(one.batch + " " + one.line, 0L) == 0)
                .forEach(one -> problems.add("The audit log does not tell how " + one + " ended"));
    }
}
