package org.deprovisioner.intake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Posts;
import org.deprovisioner.ledger.Posts.Part;
import org.deprovisioner.ledger.Posts.Post;
import org.deprovisioner.ledger.Posts.Taken;
import org.deprovisioner.request.RequestFile;
import org.deprovisioner.request.RequestMessage;
import org.deprovisioner.request.RequestRules;
import org.deprovisioner.request.Row;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.request.UnusableMessageException;

/** Takes in what is posted to the API: the third door beside file and queue, with the same checks. */
public final class PostIntake {

    private static final int MOST = 10_000;

    private final RequestRules rules;
    private final Posts posts;
    private final Clock clock;

    /** Takes posts into a ledger. */
    public PostIntake(RequestRules rules, Posts posts, Clock clock) {
        this.rules = rules;
        this.posts = posts;
        this.clock = clock;
    }

    /** A JSON object or array, read as a message is. */
    public List<Part> json(String text) throws UnusableMessageException {
        return RequestMessage.parse(text, rules).stream()
                .map(parsed -> new Part(parsed.batch().orElseGet(this::usual), parsed.columns(), parsed.rows()))
                .toList();
    }

    /**
     * CSV, read as a file is.
     *
     * @param file holds it, and is named {@code .csv}
     */
    public List<Part> csv(Path file, Optional<String> batch) throws IOException, UnusableFileException {
        try (RequestFile open = RequestFile.open(file, rules)) {
            List<Row> rows = new ArrayList<>();
            for (Row row : open) {
                if (rows.size() == MOST) {
                    throw new UnusableFileException(
                            "There are more than %,d rows. Send several posts, or hand over a file.".formatted(MOST));
                }
                rows.add(row);
            }
            if (rows.isEmpty()) {
                throw new UnusableFileException("There is no row below the header. Send a row for each device.");
            }
            return List.of(new Part(batch.orElseGet(this::usual), open.layout().columns(), rows));
        }
    }

    private String usual() {
        return "messages-" + LocalDate.now(clock.withZone(ZoneOffset.UTC));
    }

    /** Whether a row asks to be sent although it was done before. */
    public static boolean forces(List<Part> parts) {
        return parts.stream()
                .flatMap(part -> part.rows().stream())
                .anyMatch(row -> row instanceof Row.Accepted accepted
                        && accepted.request().force());
    }

    /** Records all of it, or nothing. */
    public Taken take(Post post, List<Part> parts) {
        return posts.take(post, parts);
    }
}
