package org.deprovisioner.notification;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.ledger.Batches;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Notice;
import org.deprovisioner.ledger.Notifications;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.text.Printable;

/** Puts notices of one kind in words: one as it is, several as a digest. */
final class Wording {

    /** So many are told one by one; of the others their number. */
    private static final int TOLD = 20;

    /** The subject of what is about the console, which no tenant can be called. */
    static final String CONSOLE = "*console";

    /** What all receivers take: Slack a little more. */
    private static final int LONGEST = 2_900;

    private final Ledger ledger;

    Wording(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A notification as JSON.
     *
     * @param more how many notices are not among the events
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Body(
            String id,
            String kind,
            @JsonProperty("atUtc") Instant at,
            String title,
            String text,
            List<Event> events,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int more) {}

    /** A notice as JSON. What does not belong to its kind is left out. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Event(
            String batch,
            String scope,
            String tenant,
            String node,
            @JsonProperty("sinceUtc") Instant since,
            Optional<Long> requests,
            Map<String, Long> counts,
            String message,
            String remedy,
            @JsonIgnore String line) {}

    /** What these notices, all of one kind, say. */
    Notifications.Words of(List<Notice> notices) {
        List<Event> events = notices.stream().limit(TOLD).map(this::event).toList();
        int more = notices.size() - events.size();
        String title = Printable.line(
                events.size() == 1
                        ? events.get(0).line()
                        : notices.size() + " " + several(notices.get(0).kind()));
        String all = Printable.text(events.stream()
                        .map(event -> text(event, events.size() > 1))
                        .collect(joining("\n"))
                + (more == 0 ? "" : "\n… and " + more + " more: 'deprovision status' shows all."));
        String text = all.length() > LONGEST ? all.substring(0, LONGEST) + "…" : all;
        String kind = notices.get(0).kind().word();
        return (id, made) -> new Notifications.Content(
                title, text, ReportJson.write(new Body(id, kind, made, title, text, events, more)));
    }

    private static String text(Event event, boolean amongOthers) {
        String rest = List.of(event.message(), event.remedy()).stream()
                .filter(words -> !words.isEmpty())
                .map(Pause::sentence)
                .collect(joining(" "));
        if (amongOthers) {
            return event.line() + (rest.isEmpty() ? "" : ": " + rest);
        }
        return rest.isEmpty() ? event.line() : rest;
    }

    private Event event(Notice notice) {
        String subject = notice.subject();
        return switch (notice.kind()) {
            case BATCH_HELD -> ofBatch(notice, held(subject), Optional.empty(), Map.of());
            case BATCH_ENDED -> ended(notice);
            case PAUSED ->
                new Event(
                        Pause.batch(subject).orElse(""),
                        subject,
                        "",
                        "",
                        notice.at(),
                        Optional.empty(),
                        Map.of(),
                        notice.message(),
                        notice.remedy(),
                        "Paused until it is resumed: " + PauseReport.scopeName(subject));
            case IN_DOUBT ->
                ofBatch(
                        notice,
                        "%s of the batch '%s' %s in doubt"
                                .formatted(requests(notice.times()), subject, notice.times() == 1 ? "is" : "are"),
                        Optional.of(notice.times()),
                        Map.of());
            case DEAD_LETTERS ->
                ofBatch(
                        notice,
                        "%s of the batch '%s' became %s"
                                .formatted(
                                        requests(notice.times()),
                                        subject,
                                        notice.times() == 1 ? "a dead letter" : "dead letters"),
                        Optional.of(notice.times()),
                        Map.of());
            case CERTIFICATE_ENDS ->
                subject.equals(CONSOLE)
                        ? of(notice, "", "", "The console's certificate ends soon")
                        : of(notice, subject, "", "The certificate of the tenant '" + subject + "' ends soon");
            case TAKEN_OVER -> of(notice, "", subject, "The machine '" + subject + "' works the ledger off now");
            case DAILY ->
                of(
                        notice,
                        "",
                        "",
                        notice.message().isEmpty() ? "All is well" : "Deprovisioner runs, and needs attention");
        };
    }

    private static Event of(Notice notice, String tenant, String node, String line) {
        return new Event(
                "", "", tenant, node, notice.at(), Optional.empty(), Map.of(), notice.message(), notice.remedy(), line);
    }

    private static Event ofBatch(Notice notice, String line, Optional<Long> requests, Map<String, Long> counts) {
        return new Event(
                notice.subject(), "", "", "", notice.at(), requests, counts, notice.message(), notice.remedy(), line);
    }

    private String held(String batch) {
        return ledger.units()
                .held(batch)
                .map(held -> "The batch '%s' is held: %,d %s"
                        .formatted(batch, held.devices(), held.devices() == 1 ? "device" : "devices"))
                .orElse("The batch '" + batch + "' was held");
    }

    /** The counts are those of now: what is told late is told as it is. */
    private Event ended(Notice notice) {
        Optional<Batches.Progress> progress = ledger.batches().progress(notice.subject());
        if (progress.isEmpty()) {
            return ofBatch(notice, "The batch '" + notice.subject() + "' has ended", Optional.empty(), Map.of());
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rows", progress.get().rows());
        for (OutcomeClass each : OutcomeClass.values()) {
            counts.put(each.name().toLowerCase(Locale.ROOT), progress.get().in(each));
        }
        String line = "The batch '%s' has ended: %s"
                .formatted(
                        notice.subject(),
                        counts.entrySet().stream()
                                .skip(1)
                                .map(count -> "%,d %s".formatted(count.getValue(), count.getKey()))
                                .collect(joining(", ")));
        return ofBatch(notice, line, Optional.empty(), counts);
    }

    private static String requests(long number) {
        return number == 1 ? "1 request" : "%,d requests".formatted(number);
    }

    private static String several(Notice.Kind kind) {
        return switch (kind) {
            case BATCH_HELD -> "batches are held";
            case BATCH_ENDED -> "batches have ended";
            case PAUSED -> "pauses wait until they are resumed";
            case IN_DOUBT -> "batches have requests in doubt";
            case DEAD_LETTERS -> "batches have dead letters";
            case CERTIFICATE_ENDS -> "certificates end soon";
            case TAKEN_OVER -> "times another machine took over";
            case DAILY -> "daily reports";
        };
    }
}
