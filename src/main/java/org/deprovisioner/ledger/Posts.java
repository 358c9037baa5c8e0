package org.deprovisioner.ledger;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.request.Row;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** What is posted to the API: each post is recorded as a whole, and once however often it is sent. */
public final class Posts {

    private final GroupCommit writer;
    private final Intakes intakes;
    private final Clock clock;

    Posts(GroupCommit writer, Intakes intakes, Clock clock) {
        this.writer = writer;
        this.intakes = intakes;
        this.clock = clock;
    }

    /**
     * Who posts, and what tells one post from another.
     *
     * @param caller who posts, as the audit log names them
     * @param key the caller's own key for it
     * @param digest of the body and all that says how it is read
     */
    public record Post(String caller, String key, String digest) {}

    /** The rows of a post that go to one batch. */
    public record Part(String batch, List<String> columns, List<Row> rows) {}

    /**
     * What was recorded in one batch.
     *
     * @param invalid those of its rows that cannot be used, and are dead letters already
     */
    public record Recorded(String batch, long rows, long invalid) {}

    /** What became of a post. */
    public sealed interface Taken {

        /**
         * It stands in the ledger.
         *
         * @param again whether it did so before
         */
        record In(List<Recorded> batches, boolean again) implements Taken {}

        /** The caller used this key for another post, so nothing was recorded. */
        record AnotherBody() implements Taken {}
    }

    /** Records all of a post, in one transaction. */
    public Taken take(Post post, List<Part> parts) {
        return writer.write(jdbc -> before(jdbc, post).orElseGet(() -> record(jdbc, post, parts)));
    }

    private static Optional<Taken> before(Jdbc jdbc, Post post) {
        return jdbc
                .query(
                        "select digest, answer from posted where caller = ? and post_key = ?",
                        (row, number) -> row.getString("digest").equals(post.digest())
                                ? new Taken.In(recorded(LedgerJson.list(row.getString("answer"))), true)
                                : (Taken) new Taken.AnotherBody(),
                        post.caller(),
                        post.key())
                .stream()
                .findFirst();
    }

    private Taken record(Jdbc jdbc, Post post, List<Part> parts) {
        List<Recorded> all = new ArrayList<>();
        for (Part part : parts) {
            Intakes.Message message = new Intakes.Message(
                    "", "API " + post.key(), post.caller(), part.batch(), Optional.empty(), Optional.empty());
            String batch = intakes.record(jdbc, "API", message, part.columns(), part.rows())
                    .orElseThrow();
            long invalid =
                    part.rows().stream().filter(Row.Invalid.class::isInstance).count();
            all.add(new Recorded(batch, part.rows().size(), invalid));
        }
        jdbc.update(
                "insert into posted (caller, post_key, digest, answer, at) values (?, ?, ?, ?, ?)",
                post.caller(),
                post.key(),
                post.digest(),
                LedgerJson.list(all.stream()
                        .flatMap(one ->
                                List.of(one.batch(), String.valueOf(one.rows()), String.valueOf(one.invalid()))
                                        .stream())
                        .toList()),
                clock.millis());
        return new Taken.In(List.copyOf(all), false);
    }

    private static List<Recorded> recorded(List<String> texts) {
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i += 3) {
            all.add(new Recorded(texts.get(i), Long.parseLong(texts.get(i + 1)), Long.parseLong(texts.get(i + 2))));
        }
        return List.copyOf(all);
    }
}
