package org.deprovisioner.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The ledger as a process left it: looked at in a copy, so that the next process finds it as it was left. */
final class Remains {

    private static final List<String> FILES = List.of("ledger.db", "ledger.db-wal");

    private final JdbcTemplate ledger;

    private Remains(JdbcTemplate ledger) {
        this.ledger = ledger;
    }

    /** Copies the ledger of a data folder to a folder. */
    static Remains of(Path data, Path copy) throws IOException {
        Files.createDirectories(copy);
        for (String name : FILES) {
            Files.deleteIfExists(copy.resolve(name));
            if (Files.exists(data.resolve(name))) {
                Files.copy(data.resolve(name), copy.resolve(name));
            }
        }
        Files.deleteIfExists(copy.resolve("ledger.db-shm"));
        return live(copy);
    }

    /** The ledger of a data folder itself, which may be in use. */
    static Remains live(Path data) {
        SQLiteDataSource source = new SQLiteDataSource(new SQLiteConfig());
        source.setUrl("jdbc:sqlite:" + data.resolve("ledger.db"));
        return new Remains(new JdbcTemplate(source));
    }

    /** What still has to be done. */
    List<String> unsettled() {
        return ledger.queryForList("""
                select batch || ' line ' || line || ' is ' || state from request where state not in ('DONE', 'DEAD')
                union all select 'intake ' || id || ' of ' || name from intake where state = 'OPEN' and batch is not null
                union all select 'outbox ' || id from outbox
                union all select 'audit entry ' || id from audit_entry
                union all select 'results of ' || name from batch where changed > written and kind = 'FILE'
                """, String.class);
    }

    String integrity() {
        return String.join("; ", ledger.queryForList("pragma integrity_check", String.class));
    }

    /** Whether its tables were made before the process died. */
    boolean isMade() {
        return count("select count(*) from sqlite_master where name = 'outbox'") == 1;
    }

    int requests() {
        return count("select count(*) from request");
    }

    /** The calls that may have been under way. */
    int sending() {
        return count("select count(*) from request where state = 'SENDING'");
    }

    /** What the process did when it died; of several things the one that is the most delicate. */
    String phase() {
        if (sending() > 0) {
            return "sending";
        } else if (count("select count(*) from intake where state = 'OPEN'") > 0) {
            return "taking in a file";
        } else if (count("select count(*) from request where state = 'RECEIVED'") > 0) {
            return "looking at devices";
        } else if (count("select count(*) from outbox") > 0) {
            return "sending messages";
        } else if (count("select count(*) from batch where changed > written and kind = 'FILE'") > 0) {
            return "writing results";
        }
        return count("select count(*) from request where state not in ('DONE', 'DEAD')") > 0 ? "waiting" : "idle";
    }

    private int count(String sql) {
        return ledger.queryForList(sql, Integer.class).get(0);
    }
}
