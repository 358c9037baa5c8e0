package org.deprovisioner.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.intake.IntakeConfiguration;
import org.deprovisioner.intake.PostIntake;
import org.deprovisioner.ledger.Posts.Part;
import org.deprovisioner.ledger.Posts.Post;
import org.deprovisioner.ledger.Posts.Recorded;
import org.deprovisioner.ledger.Posts.Taken;
import org.deprovisioner.report.ReportJson;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.request.UnusableMessageException;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.text.Sha256;

/** How requests are handed over to the API: JSON as in a message, or CSV as in a file, each post once. */
final class ApiRequests {

    private static final String KEY = "Idempotency-Key";

    private final ConsoleContext context;
    private final PostIntake intake;

    ApiRequests(ConsoleContext context) {
        this.context = context;
        this.intake = new PostIntake(
                IntakeConfiguration.rules(context.settings()), context.ledger().posts(), context.clock());
        if (context.settings().requests().dryRun()) {
            context.ledger().beDryRun(); // what is handed over to a dry run is never sent by a later service
        }
    }

    void addTo(Router router) {
        router.api("POST", Api.PATH + "requests", Right.SUBMIT, Api.guarded(this::requests));
    }

    /** What was recorded, be it now or by the same post before. */
    private record Answer(long rows, List<Recorded> batches, boolean again) {}

    private WebResponse requests(WebRequest request) throws IOException {
        Optional<String> batch = request.query("batch");
        batch.filter(name -> !BatchName.isForMessages(name) || BatchName.isForbidden(name))
                .ifPresent(name -> {
                    throw ApiBody.wrong("'" + name + "' is not a name for a batch: use up to 64 letters, digits, dots,"
                            + " dashes and underscores, a letter or digit first.");
                });
        String kind = ApiBody.kind(request);
        Post post = new Post(
                request.signedIn().by(),
                key(request),
                Sha256.of(kind + "\n" + batch.orElse("") + "\n"
                        + new String(request.body().bytes(), ISO_8859_1)));
        List<Part> parts = parts(kind, batch, request);
        if (PostIntake.forces(parts) && !request.signedIn().may(Right.FORCE)) {
            throw new RefusedException(
                    403,
                    "A row has force=true, which an app may not ask for. Nothing was taken.",
                    "Leave it out, or let a person hand it over.");
        }
        Taken taken = intake.take(post, parts);
        if (taken instanceof Taken.In in) {
            long rows = in.batches().stream().mapToLong(Recorded::rows).sum();
            return WebResponse.json(ReportJson.write(new Answer(rows, in.batches(), in.again())))
                    .withStatus(202)
                    .with(
                            "Location",
                            Api.PATH + "batches/" + in.batches().get(0).batch());
        }
        throw new RefusedException(
                422,
                "This " + KEY + " was used for another post. Nothing was taken.",
                "Use a new key for each post, and the same one only to send the same post again.");
    }

    private static String key(WebRequest request) {
        String key = request.header("idempotency-key").orElse("").strip().replaceAll("^\"(.*)\"$", "$1");
        if (!key.matches("[!-~]{1,128}")) {
            throw new RefusedException(
                    400,
                    "The header " + KEY + " is missing, or is not 1 to 128 printable characters without spaces.",
                    "Send a key of your own, such as the ticket's number or a GUID, and the same one when you send the same"
                            + " post again: it is then taken once.");
        }
        return key;
    }

    private List<Part> parts(String kind, Optional<String> batch, WebRequest request) throws IOException {
        try {
            switch (kind) {
                case "application/json" -> {
                    if (batch.isPresent()) {
                        throw ApiBody.wrong(
                                "JSON names its batch in each object, in the field 'batch', not in the address.");
                    }
                    return intake.json(request.body().text());
                }
                case "text/csv" -> {
                    return csv(batch, request.body().bytes());
                }
                default ->
                    throw new RefusedException(
                            415,
                            "The body is neither said to be JSON nor CSV.",
                            "Send it with Content-Type: application/json, or text/csv.");
            }
        } catch (UnusableFileException | UnusableMessageException unusable) {
            throw new RefusedException(
                    400, String.valueOf(unusable.getMessage()), "Correct it and send it again. Nothing was taken.");
        }
    }

    private List<Part> csv(Optional<String> batch, byte[] content) throws IOException, UnusableFileException {
        Path file = context.folder().resolve(".upload-" + Sessions.random() + ".csv");
        try {
            OwnerAlone.writeNew(file, "");
            Files.write(file, content);
            return intake.csv(file, batch);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
