package org.deprovisioner.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.console.PlanDesk.Job;
import org.deprovisioner.console.PlanDesk.State;
import org.deprovisioner.ledger.Intakes.Arrival;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.Plan;
import org.deprovisioner.report.PlannedRow;
import org.deprovisioner.report.PlannedRow.Would;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.service.HandOver;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Printable;

/** From a file or pasted rows to a plan, and from there to exactly that plan submitted. */
final class SubmitPages {

    /** A plan is held in memory and looked at by a person: what is larger is handed over by file or command. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int MOST = 100;
    private static final int LONGEST_NAME = 120;

    private final Settings settings;
    private final Ledger ledger;
    private final Layout layout;
    private final Notices notices;
    private final PlanDesk desk;
    private final Path folder;

    SubmitPages(ConsoleContext context, Layout layout, Notices notices, Background background) {
        this.settings = context.settings();
        this.ledger = context.ledger();
        this.folder = context.folder();
        this.layout = layout;
        this.notices = notices;
        this.desk = new PlanDesk(context, background);
    }

    void addTo(Router router) {
        router.page("/submit", request -> form(request, Optional.empty()));
        router.upload("/submit", Right.SUBMIT, this::upload);
        router.page("/submit/{id}", request -> {
            Job job = desk.find(request.signedIn(), request.named("id"));
            return layout.page(request, "Plan of " + job.name(), "plan", view(job, request));
        });
        router.page("/live/submit/{id}", request -> {
            Job job = desk.find(request.signedIn(), request.named("id"));
            return WebResponse.html(Templates.filled("plan-progress", view(job, request)));
        });
        router.action("/submit/{id}", Right.SUBMIT, this::submit);
        router.action("/submit/{id}/discard", Right.SUBMIT, request -> {
            desk.remove(desk.find(request.signedIn(), request.named("id")));
            return notices.say("/submit", request, List.of("The plan is discarded. Nothing was handed over."));
        });
        router.page("/handed-over/{intake}", this::handedOver);
    }

    record Form(boolean maySubmit, boolean dryRun, String example) {}

    private WebResponse form(WebRequest request, Optional<String> refused) {
        Form form = new Form(
                request.signedIn().may(Right.SUBMIT),
                settings.requests().dryRun(),
                "managedDeviceId,deprovisionReason\n00000000-0000-4000-8000-000000000000,Device returned");
        return refused.isPresent()
                ? layout.refused(request, "Submit", "submit", form, refused.get())
                : layout.page(request, "Submit", "submit", form);
    }

    private WebResponse upload(WebRequest request) throws IOException {
        String pasted = request.form("rows").orElse("");
        Optional<Body.Upload> file = request.file("file").filter(upload -> size(upload.content()) > 0);
        if (file.isEmpty() && pasted.isBlank()) {
            return form(request, Optional.of("Choose a file, or paste rows, first."));
        } else if (file.isPresent() && size(file.get().content()) > MOST_BYTES) {
            return form(
                    request,
                    Optional.of(
                            "The file is larger than 4 MB, which is more than a person looks through. Put it into the"
                                    + " inbox, or hand it over with 'deprovision submit'."));
        } else if (file.isPresent()) {
            return planned(request, name(file.get().name()), file.get().content());
        }
        Path content = folder.resolve(".upload-" + Sessions.random());
        try {
            OwnerAlone.file(content);
            Files.writeString(content, pasted, StandardCharsets.UTF_8);
            return planned(request, name(request.form("name").orElse("")), content);
        } finally {
            Files.deleteIfExists(content);
        }
    }

    private WebResponse planned(WebRequest request, String name, Path content) throws IOException {
        return WebResponse.seeOther(
                "/submit/" + desk.begin(request.signedIn(), name, content).id());
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /** A file's own name, without the folders that some browsers say. */
    private static String name(String given) {
        String own = Printable.fileName(given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1))
                .strip();
        if (own.isEmpty()) {
            return "pasted.csv";
        }
        String cut = own.length() > LONGEST_NAME ? own.substring(own.length() - LONGEST_NAME) : own;
        return cut.contains(".") ? cut : cut + ".csv";
    }

    /** A row of the plan. */
    record Row(
            String line,
            String kind,
            String would,
            String device,
            String serialNumber,
            String user,
            String model,
            String lastSync,
            String reason,
            String words,
            List<String> warnings) {}

    record View(
            String id,
            String name,
            Optional<String> underWay,
            Optional<String> failed,
            boolean made,
            boolean whole,
            String digest,
            String sum,
            List<ApprovalPages.Tally> would,
            List<ApprovalPages.Tally> reasons,
            List<ApprovalPages.Tally> warnings,
            List<String> notes,
            List<String> columns,
            String skipped,
            Optional<String> takes,
            boolean sends,
            List<Row> rows,
            Optional<String> next,
            Optional<String> first,
            boolean maySubmit,
            String live,
            Optional<String> go) {}

    private View view(Job job, WebRequest request) {
        State state = job.state();
        String path = "/submit/" + job.id();
        if (state instanceof State.Made made) {
            return view(job.id(), job.name(), made, request);
        }
        return new View(
                job.id(),
                job.name(),
                state instanceof State.UnderWay underWay ? Optional.of(underWay.words()) : Optional.empty(),
                state instanceof State.Failed failed ? Optional.of(failed.why()) : Optional.empty(),
                false,
                false,
                "",
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                Optional.empty(),
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                request.signedIn().may(Right.SUBMIT),
                "/live" + path,
                state instanceof State.UnderWay ? Optional.empty() : Optional.of(path));
    }

    private View view(String id, String name, State.Made made, WebRequest request) {
        Plan plan = made.plan();
        String path = "/submit/" + id;
        int from = request.query("from")
                .filter(text -> text.matches("\\d{1,7}"))
                .map(Integer::parseInt)
                .orElse(0);
        List<PlannedRow> rows = plan.rows();
        long sent = plan.summary().would(Would.DEPROVISION) + plan.summary().would(Would.HOLD);
        return new View(
                id,
                name,
                Optional.empty(),
                Optional.empty(),
                true,
                made.whole(),
                plan.planSha256(),
                Shown.rows(plan.summary().rows()),
                plan.summary().would().entrySet().stream()
                        .sorted((one, other) -> PlanDesk.BY_WEIGHT.compare(one.getKey(), other.getKey()))
                        .map(entry -> new ApprovalPages.Tally(Shown.rows(entry.getValue()), meaning(entry.getKey())))
                        .toList(),
                tallies(plan.summary().reasons()),
                tallies(plan.summary().warnings()),
                plan.notes(),
                plan.read().columns(),
                plan.read().skipped(),
                sent == 0
                        ? Optional.empty()
                        : Optional.of("%s at least %s at the quota."
                                .formatted(
                                        Shown.count(sent, "device takes", "devices take"),
                                        Shown.span(Duration.ofSeconds(
                                                plan.summary().secondsAtTheQuota())))),
                sent > 0,
                rows.stream().skip(from).limit(MOST).map(SubmitPages::row).toList(),
                from + MOST < rows.size() ? Optional.of(path + "?from=" + (from + MOST) + "#rows") : Optional.empty(),
                from > 0 ? Optional.of(path + "#rows") : Optional.empty(),
                request.signedIn().may(Right.SUBMIT),
                "/live" + path,
                Optional.of(path));
    }

    private static List<ApprovalPages.Tally> tallies(java.util.Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> new ApprovalPages.Tally(Shown.rows(entry.getValue()), entry.getKey()))
                .toList();
    }

    private static Row row(PlannedRow row) {
        List<String> words = new ArrayList<>();
        if (!row.error().isEmpty()) {
            words.add(row.error().replaceFirst("[.]?$", "."));
            words.add(row.remedy());
        }
        return new Row(
                Shown.number(row.line()),
                row.would().word(),
                (row.outcome().isEmpty() ? row.would().word() : row.would().word() + ": " + row.outcome()),
                row.deviceName().isEmpty() ? row.managedDeviceId() : row.deviceName(),
                row.serialNumber(),
                row.userPrincipalName(),
                row.model(),
                row.lastSyncUtc().replaceFirst("T.*", ""),
                row.deprovisionReason(),
                String.join(" ", words).strip(),
                row.warnings());
    }

    private static String meaning(String would) {
        return switch (would) {
            case "deprovision" -> "would be deprovisioned";
            case "hold" -> "would be held until somebody approves";
            case "wait" -> "would wait for another request for the same device";
            case "skip" -> "would be skipped: nothing is left to do";
            case "refuse" -> "would be refused";
            default -> "could not be looked at";
        };
    }

    private WebResponse submit(WebRequest request) throws IOException {
        Person person = request.signedIn();
        Job job = desk.find(person, request.named("id"));
        String title = "Plan of " + job.name();
        if (!(job.state() instanceof State.Made made) || !made.whole()) {
            return layout.refused(
                    request,
                    title,
                    "plan",
                    view(job, request),
                    "Not every device could be looked at, so this is no plan to be submitted.");
        } else if (!made.plan().planSha256().equals(request.form("plan").orElse(""))) {
            return layout.refused(
                    request,
                    title,
                    "plan",
                    view(job, request),
                    "Another plan was shown than the one that is kept here. Look at it again.");
        } else if (!desk.take(job)) {
            throw new RefusedException(409, "This plan was submitted already.");
        }
        try {
            HandOver.Placed placed = new HandOver(settings, ledger)
                    .handOver(job.file(), job.name(), Optional.of(person.by()), Optional.of(made.plan()));
            return WebResponse.seeOther("/handed-over/" + placed.intake());
        } catch (NotDoneException changed) {
            return form(request, Optional.of(String.valueOf(changed.getMessage())));
        } finally {
            Files.deleteIfExists(job.file());
        }
    }

    record Arriving(String live, Optional<String> rejected) {}

    private WebResponse handedOver(WebRequest request) throws Exception {
        String number = request.named("intake");
        if (!number.matches("\\d{1,18}")) {
            throw new RefusedException(404, "There is no such file.");
        }
        Arrival arrival = ledger.intakes()
                .find(Long.parseLong(number))
                .orElseThrow(() -> new RefusedException(404, "There is no such file."));
        if (arrival.rejected()) {
            return layout.page(
                    request,
                    "Handed over",
                    "handed-over",
                    new Arriving(
                            "",
                            Optional.of(
                                    "It was rejected. The folder rejected/ has the file, and the reason beside it.")));
        } else if (arrival.batch().isPresent()) {
            return notices.say(
                    BatchPage.path(arrival.batch().get()),
                    request,
                    List.of(
                            "Handed over as the batch '" + arrival.batch().get()
                                    + "'. Each device is looked at once more; where one has changed since the plan, nothing is sent."));
        }
        return layout.page(
                request, "Handed over", "handed-over", new Arriving("/handed-over/" + number, Optional.empty()));
    }
}
