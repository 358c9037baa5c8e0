package org.deprovisioner.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditPages;
import org.deprovisioner.audit.AuditPages.Page;
import org.deprovisioner.audit.AuditPages.Position;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.ledger.Ledger;

/** The audit log, the newest line first: filtered, verified, downloaded. */
final class AuditPage {

    private static final int MOST = 50;
    private static final Pattern POSITION = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)\\.(\\d{1,18})");
    private static final List<String> FIELDS = List.of("what", "by", "batch");

    private final Path data;
    private final Ledger ledger;
    private final Layout layout;
    private final Notices notices;
    private final Clock clock;
    private final Background background;
    private final AuditPages pages;
    private volatile Optional<Verified> verified = Optional.empty();

    AuditPage(ConsoleContext context, Layout layout, Notices notices, Background background) {
        this.data = context.settings().data();
        this.ledger = context.ledger();
        this.layout = layout;
        this.notices = notices;
        this.clock = context.clock();
        this.background = background;
        this.pages = new AuditPages(data);
    }

    void addTo(Router router) {
        router.page("/audit", request -> layout.page(request, "Audit", "audit", view(request)));
        router.action("/audit/verify", Right.READ, this::verify);
        router.page(
                "/live/audit",
                request -> WebResponse.html(Templates.filled("audit-verified", new VerifiedView(verified))));
        router.page("/audit/{day}", this::download);
    }

    /** What following the chain showed. */
    record Verified(String kind, String words, Optional<String> head, Shown.When at) {}

    record VerifiedView(Optional<Verified> verified) {}

    /** A line of the log. */
    record Line(
            Shown.When at,
            String what,
            String device,
            String deviceHref,
            String batch,
            String batchHref,
            String by,
            String words) {}

    record Day(String day, String href) {}

    record View(
            String text,
            String what,
            String by,
            String batch,
            List<Line> lines,
            Optional<String> next,
            boolean searchedOn,
            List<Day> days,
            Optional<Verified> verified) {}

    private View view(WebRequest request) throws IOException {
        String text = request.query("text").orElse("").strip();
        Map<String, String> wanted = FIELDS.stream()
                .filter(field -> !request.query(field).orElse("").isBlank())
                .collect(Collectors.toMap(
                        field -> field, field -> request.query(field).orElse("").strip()));
        Page page = pages.before(position(request.query("before").orElse("")), text, matches(wanted), MOST);
        String filter = Stream.concat(
                        Stream.of("text=" + PathPart.encoded(text)),
                        wanted.entrySet().stream()
                                .map(field -> field.getKey() + "=" + PathPart.encoded(field.getValue())))
                .collect(Collectors.joining("&"));
        return new View(
                text,
                wanted.getOrDefault("what", ""),
                wanted.getOrDefault("by", ""),
                wanted.getOrDefault("batch", ""),
                page.lines().stream().map(AuditPage::line).toList(),
                page.next().map(next -> "/audit?" + filter + "&before=" + next.day() + "." + next.end()),
                page.lines().size() < MOST && page.next().isPresent(),
                pages.days().stream().map(day -> new Day(day, "/audit/" + day)).toList(),
                verified);
    }

    private static Predicate<JsonNode> matches(Map<String, String> wanted) {
        return told -> wanted.entrySet().stream()
                .allMatch(field -> field.getKey().equals("what")
                        ? Stream.of("what", "outcome")
                                .anyMatch(name -> told.path(name).asText().equalsIgnoreCase(field.getValue()))
                        : told.path(field.getKey()).asText().equalsIgnoreCase(field.getValue()));
    }

    private static Optional<Position> position(String text) {
        Matcher position = POSITION.matcher(text);
        return position.matches()
                ? Optional.of(new Position(position.group(1), Long.parseLong(position.group(2))))
                : Optional.empty();
    }

    private static Line line(AuditTrail.Line line) {
        JsonNode told = line.told();
        String device = Stream.of("deviceName", "serialNumber", "managedDeviceId")
                .map(field -> told.path(field).asText())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
        String id = told.path("managedDeviceId").asText();
        String batch = told.path("batch").asText();
        String outcome = told.path("outcome").asText();
        return new Line(
                Shown.when(Instant.parse(told.path("atUtc").asText())),
                outcome.isEmpty() ? told.path("what").asText() : outcome,
                device,
                DevicePage.path(id.isEmpty() ? device : id),
                batch,
                BatchPage.path(batch),
                told.path("by").asText(),
                Stream.of("scope", "remark", "error")
                        .map(field -> told.path(field).asText())
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining(": ")));
    }

    private WebResponse verify(WebRequest request) {
        verified = Optional.of(
                new Verified("run", "The chain is being followed.", Optional.empty(), Shown.when(clock.instant())));
        background.run(() -> verified = Optional.of(followed()));
        return notices.say("/audit", request, List.of());
    }

    private Verified followed() {
        try {
            new AuditLog(data, ledger.audit()).append();
            AuditTrail.Verdict verdict = new AuditTrail(data).verify(Optional.empty());
            Shown.When now = Shown.when(clock.instant());
            if (verdict.broken().isPresent()) {
                return new Verified(
                        "bad",
                        "Broken. The first %s whole. %s"
                                .formatted(
                                        Shown.count(verdict.lines(), "line is", "lines are"),
                                        verdict.broken().get()),
                        Optional.empty(),
                        now);
            } else if (verdict.lines() == 0) {
                return new Verified(
                        ledger.audit().newestGiven() == 0 ? "warn" : "bad",
                        ledger.audit().newestGiven() == 0
                                ? "There is no line in the log yet, so there is nothing that could be whole."
                                : "Not whole: the log has no lines, but the ledger told it of something: its files were"
                                        + " taken away. Put the files of audit/ back.",
                        Optional.empty(),
                        now);
            }
            return new Verified(
                    "good",
                    "Whole: %s, each as it was written and in its place. An end that was cut off, or a log written anew as a"
                                    .formatted(Shown.count(verdict.lines(), "line", "lines"))
                            + " whole, shows only against a head kept elsewhere (audit verify --head).",
                    Optional.of(verdict.head()),
                    now);
        } catch (IOException | RuntimeException unreadable) {
            return new Verified(
                    "bad",
                    "The log cannot be read: " + unreadable.getMessage(),
                    Optional.empty(),
                    Shown.when(clock.instant()));
        }
    }

    private WebResponse download(WebRequest request) throws IOException {
        String day = request.named("day");
        Path file = pages.file(day).orElseThrow(() -> new RefusedException(404, "The log has no such day."));
        return WebResponse.streamed("application/jsonl", out -> Files.copy(file, out))
                .with("Content-Disposition", "attachment; filename=\"audit-" + day + ".jsonl\"");
    }
}
