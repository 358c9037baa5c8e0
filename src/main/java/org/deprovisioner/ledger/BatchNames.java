package org.deprovisioner.ledger;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.deprovisioner.request.BatchName;
import org.deprovisioner.store.Jdbc;

/** The names of batches: no new one can be taken for that of another. */
final class BatchNames {

    private BatchNames() {}

    /** The batches that a name could mean, be it in another case, another normal form, or with {@code .txt} behind it. */
    static List<String> alike(Jdbc jdbc, String name) {
        jdbc.queryForList("select name from batch where approval_key is null", String.class)
                .forEach(ofBefore -> jdbc.update(
                        "update batch set approval_key = ? where name = ?", BatchName.key(ofBefore), ofBefore));
        return jdbc.queryForList(
                "select name from batch where approval_key = ? order by name", String.class, BatchName.key(name));
    }

    /** The name itself, or with the first number with which it is allowed and cannot be taken for another. */
    static String free(Jdbc jdbc, String base, Predicate<String> taken) {
        for (int number = 1; ; number++) {
            String candidate = BatchName.numbered(base, number);
            if (!BatchName.isForbidden(candidate) && alike(jdbc, candidate).isEmpty() && !taken.test(candidate)) {
                return candidate;
            }
        }
    }

    /** A batch's name as commands find it. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
