package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditQuery;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.RowPages;
import org.deprovisioner.ledger.RowPages.ListedBatch;
import org.deprovisioner.report.BatchReport;
import org.deprovisioner.report.BatchStatus;
import org.deprovisioner.report.HeldBatch;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.report.ResultRow;
import org.deprovisioner.report.SystemStatus;
import org.deprovisioner.service.RunningService;
import org.deprovisioner.service.TooLongException;
import org.deprovisioner.store.StoreException;
import org.deprovisioner.token.CertificateEnds;

/** What the API tells: what {@code --json} of the commands prints, page by page where it is long. */
final class Api {

    static final String PATH = "/api/v1/";

    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final ConsoleContext context;

    Api(ConsoleContext context) {
        this.context = context;
    }

    void addTo(Router router) {
        router.open("GET", PATH + "openapi.json", this::description)
                .api("GET", PATH + "status", Right.READ, guarded(this::status))
                .api("GET", PATH + "batches", Right.READ, guarded(this::batches))
                .api("GET", PATH + "batches/{name}", Right.READ, guarded(this::batch))
                .api("GET", PATH + "batches/{name}/rows", Right.READ, guarded(this::rows))
                .api("GET", PATH + "devices/{id}", Right.READ, guarded(this::device))
                .api("GET", PATH + "audit", Right.READ, guarded(this::audit));
    }

    /** Answers an operation; what a command says to its user is said as a problem. */
    static WebHandler guarded(WebHandler operation) {
        return request -> {
            try {
                return operation.handle(request);
            } catch (NotDoneException notDone) {
                throw new RefusedException(
                        notDone instanceof TooLongException ? 400 : 409,
                        String.valueOf(notDone.getMessage()),
                        "See what it says, and ask again.");
            } catch (StoreException unwritable) {
                throw new RefusedException(
                        503, "The ledger cannot be used now: " + unwritable.getMessage(), "Try again later.");
            }
        };
    }

    static RefusedException noSuchBatch(String name) {
        return new RefusedException(
                404, "There is no batch '" + name + "'.", "GET " + PATH + "batches names those there are.");
    }

    private WebResponse description(WebRequest request) throws IOException {
        try (InputStream file = Objects.requireNonNull(Api.class.getResourceAsStream("/openapi.json"))) {
            return WebResponse.json(new String(file.readAllBytes(), UTF_8));
        }
    }

    private WebResponse status(WebRequest request) throws IOException {
        List<BatchStatus> batches = context.ledger().batches().all().stream()
                .map(progress -> BatchStatus.of(progress, context.settings(), context.ledger()))
                .toList();
        List<String> ending = context.settings().tenants().values().stream()
                .flatMap(tenant ->
                        CertificateEnds.warning(tenant, context.clock().instant()).stream())
                .toList();
        return WebResponse.json(ReportJson.write(SystemStatus.of(
                RunningService.look(context.settings().data()),
                ending,
                batches,
                context.settings(),
                context.ledger())));
    }

    /**
     * Some of a list.
     *
     * @param next what {@code after} is to be for those that follow; left out where none do
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record BatchPage(
            @JsonInclude(JsonInclude.Include.ALWAYS) List<BatchReport> batches, Optional<String> next) {}

    private WebResponse batches(WebRequest request) {
        int most = most(request);
        Optional<ListedBatch> after = request.query("after")
                .map(name -> context.ledger().rowPages().batch(name).orElseThrow(() -> noSuchBatch(name)));
        List<ListedBatch> found = context.ledger().rowPages().batches(after, most + 1);
        List<ListedBatch> shown = found.stream().limit(most).toList();
        return WebResponse.json(ReportJson.write(new BatchPage(
                shown.stream()
                        .flatMap(batch -> BatchStatus.of(batch.name(), context.settings(), context.ledger()).stream())
                        .map(this::report)
                        .toList(),
                found.size() > most ? Optional.of(shown.get(most - 1).name()) : Optional.empty())));
    }

    private BatchReport report(BatchStatus status) {
        return BatchReport.of(status, context.settings(), context.ledger());
    }

    /**
     * A batch, what a guard holds of it, and what an approval of that is bound to.
     *
     * @param facts goes up whenever something changes that an approver is shown
     */
    private record BatchDetail(
            @JsonUnwrapped BatchReport report,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<HeldBatch> heldBecause,
            long facts) {}

    private WebResponse batch(WebRequest request) {
        String name = request.named("name");
        ListedBatch listed = context.ledger().rowPages().batch(name).orElseThrow(() -> noSuchBatch(name));
        BatchStatus status = BatchStatus.of(listed.name(), context.settings(), context.ledger())
                .orElseThrow(() -> noSuchBatch(name));
        return WebResponse.json(ReportJson.write(
                new BatchDetail(report(status), HeldBatch.of(listed.name(), context.ledger()), listed.facts())));
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Rows(
            @JsonInclude(JsonInclude.Include.ALWAYS) List<Map<String, String>> rows, Optional<String> next) {}

    private WebResponse rows(WebRequest request) {
        String name = request.named("name");
        String batch = context.ledger()
                .rowPages()
                .batch(name)
                .orElseThrow(() -> noSuchBatch(name))
                .name();
        List<String> columns = context.ledger()
                .batches()
                .layout(batch)
                .orElseThrow(() -> noSuchBatch(name))
                .columns();
        RowPages.Key after = request.query("after").map(Api::key).orElse(RowPages.Key.FIRST);
        RowPages.Page page = request.query("outcome")
                .map(Api::outcome)
                .map(outcome -> context.ledger()
                        .rowPages()
                        .rows(
                                batch,
                                List.of(new RowPages.Standing(outcome.state(), Optional.of(outcome))),
                                after,
                                most(request)))
                .orElseGet(() -> context.ledger().rowPages().rows(batch, after, most(request)));
        return WebResponse.json(ReportJson.write(new Rows(
                page.rows().stream()
                        .map(row -> ResultRow.of(columns, row.result()))
                        .toList(),
                page.next().map(key -> key.part() + "-" + key.unit() + "-" + key.id()))));
    }

    private static RowPages.Key key(String text) {
        if (!text.matches("\\d{1,3}-\\d{1,18}-\\d{1,18}")) {
            throw ApiBody.wrong("'after' is not what 'next' of a page said.");
        }
        String[] parts = text.split("-", 3);
        return new RowPages.Key(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    static Outcome outcome(String word) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.word().equals(word))
                .findFirst()
                .orElseThrow(() -> ApiBody.wrong("'" + word + "' is no outcome. There is: "
                        + String.join(
                                ", ",
                                Arrays.stream(Outcome.values())
                                        .map(Outcome::word)
                                        .toList())
                        + "."));
    }

    private static int most(WebRequest request) {
        return request.query("limit")
                .map(text -> {
                    if (!text.matches("\\d{1,4}")
                            || Integer.parseInt(text) < 1
                            || Integer.parseInt(text) > LARGEST_PAGE) {
                        throw ApiBody.wrong("'limit' is no number from 1 to 1000.");
                    }
                    return Integer.parseInt(text);
                })
                .orElse(USUAL_PAGE);
    }

    private WebResponse device(WebRequest request) throws IOException {
        return entries(AuditQuery.ofDevice(request.named("id")), 0, Integer.MAX_VALUE);
    }

    private WebResponse audit(WebRequest request) throws IOException {
        Optional<Instant> since = request.query("since").map(Api::instant);
        Optional<Instant> until = request.query("until").map(Api::instant);
        long after = request.query("after")
                .map(text -> {
                    if (!text.matches("\\d{1,18}")) {
                        throw ApiBody.wrong("'after' is not what 'next' of a page said.");
                    }
                    return Long.parseLong(text);
                })
                .orElse(0L);
        AuditQuery query =
                new AuditQuery(request.query("device"), since, until, request.query("by"), request.query("batch"));
        return entries(query, after, most(request));
    }

    private static Instant instant(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException noInstant) {
            throw ApiBody.wrong(
                    "'" + text + "' is no date and no instant, such as 2026-11-24 or 2026-11-24T08:00:00Z.");
        }
    }

    /** Lines of the audit log as they stand there, the oldest first; they are not held in memory as a whole. */
    private WebResponse entries(AuditQuery query, long after, int most) throws IOException {
        new AuditLog(context.settings().data(), context.ledger().audit()).append();
        return WebResponse.streamed("application/json", out -> {
            Entries entries = new Entries(out, most);
            new AuditTrail(context.settings().data()).find(query, line -> {
                if (number(line) > after) {
                    entries.add(line);
                }
            });
            entries.end();
        });
    }

    private static long number(AuditTrail.Line line) {
        return line.told().path("number").asLong();
    }

    /** Writes lines as elements of an array. */
    private static final class Entries {

        private final OutputStream out;
        private final int most;
        private int written;
        private long last;
        private boolean more;

        Entries(OutputStream out, int most) throws IOException {
            this.out = out;
            this.most = most;
            write("{\"entries\":[");
        }

        void add(AuditTrail.Line line) {
            if (written == most) {
                more = true;
                return;
            }
            try {
                write((written++ > 0 ? ",\n" : "\n") + line.text());
                last = number(line);
            } catch (IOException unwritten) {
                throw new UncheckedIOException(unwritten);
            }
        }

        void end() throws IOException {
            write("\n]" + (more ? ",\"next\":\"" + last + "\"" : "") + "}");
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(UTF_8));
        }
    }
}
