package org.deprovisioner.ledger;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.store.GroupCommit;
import org.deprovisioner.store.Jdbc;

/** The files that we wrote of batches, and how we left each. */
public final class WrittenFiles {

    private static final List<String> FOLDERS = List.of("results/", "dead-letter/", "held/");

    private final Jdbc reader;
    private final GroupCommit writer;

    WrittenFiles(Jdbc reader, GroupCommit writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** Size in bytes and time of change of a file, as we left it. */
    public record Mark(long size, long modified) {}

    /** How we left a file that we wrote; empty when we never wrote it. */
    public Optional<Mark> mark(String path) {
        return reader
                .query(
                        "select size, modified from written_file where path = ?",
                        (row, number) -> new Mark(row.getLong(1), row.getLong(2)),
                        path)
                .stream()
                .findFirst();
    }

    /** Records how we are about to leave a file. */
    public void mark(String path, Mark mark) {
        writer.write(jdbc -> jdbc.update(
                "insert into written_file (path, size, modified) values (?, ?, ?) on conflict (path) do update"
                        + " set size = excluded.size, modified = excluded.modified",
                path,
                mark.size(),
                mark.modified()));
    }

    /** Forgets that we wrote a file. */
    public void forget(String path) {
        writer.write(jdbc -> jdbc.update("delete from written_file where path = ?", path));
    }

    /** The files that we wrote of a batch, those with a number too, as paths below the data folder. */
    public List<String> of(String batch) {
        return of(reader, batch);
    }

    /** Their paths below the data folder: named like the batch, or with a number that makes it no other batch's name. */
    static List<String> of(Jdbc jdbc, String batch) {
        Pattern own = Pattern.compile("[a-z-]+/" + Pattern.quote(batch) + "(\\.\\d+)?\\.[a-z]+");
        return FOLDERS.stream()
                .flatMap(folder -> marked(jdbc, folder + batch + "."))
                .filter(path -> {
                    Matcher name = own.matcher(path);
                    return name.matches() && (name.group(1) == null || !isBatch(jdbc, batch + name.group(1)));
                })
                .toList();
    }

    private static Stream<String> marked(Jdbc jdbc, String prefix) {
        return jdbc
                .queryForList(
                        "select path from written_file where path >= ? and path < ? order by path",
                        String.class,
                        prefix,
                        prefix + "\uffff")
                .stream();
    }

    private static boolean isBatch(Jdbc jdbc, String name) {
        return !jdbc.queryForList("select 1 from batch where name_key = ?", BatchNames.key(name))
                .isEmpty();
    }

    /** Forgets them: from now on they are left alone. */
    static void forget(Jdbc jdbc, String batch) {
        of(jdbc, batch).forEach(path -> jdbc.update("delete from written_file where path = ?", path));
    }
}
