package org.deprovisioner.ledger;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deprovisioner.store.Jdbc;

/** The files that we wrote of batches. */
final class WrittenFiles {

    private static final List<String> FOLDERS = List.of("results/", "dead-letter/", "held/");

    private WrittenFiles() {}

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
