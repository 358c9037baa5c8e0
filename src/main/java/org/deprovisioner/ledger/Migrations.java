package org.deprovisioner.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Brings a ledger's tables to what this program needs, and loads Flyway only where something is to be done. */
final class Migrations {

    private static final String FOLDER = "db/migration";

    private Migrations() {}

    static void carryOut(DataSource ledger) {
        if (!areDone(ledger)) {
            Flyway.configure()
                    .dataSource(ledger)
                    .locations("classpath:" + FOLDER)
                    .placeholders(Map.of(
                            "id", "integer primary key", "idNeverUsedAgain", "integer primary key autoincrement"))
                    .loggers("slf4j")
                    .load()
                    .migrate();
        }
    }

    /** Whether exactly the scripts of this program were carried out before. */
    static boolean areDone(DataSource ledger) {
        JdbcTemplate jdbc = new JdbcTemplate(ledger);
        try {
            if (jdbc.queryForList("select 1 from sqlite_master where name = 'flyway_schema_history'")
                    .isEmpty()) {
                return false;
            }
            return Set.copyOf(jdbc.query(
                            "select script from flyway_schema_history where success = 1",
                            (result, row) -> result.getString(1)))
                    .equals(ours());
        } catch (DataAccessException unreadable) {
            return false; // Flyway says what is wrong
        }
    }

    private static Set<String> ours() {
        URL folder = Objects.requireNonNull(Migrations.class.getClassLoader().getResource(FOLDER));
        try {
            return folder.openConnection() instanceof JarURLConnection jar
                    ? scripts(jar.getJarFile().stream()
                            .map(Object::toString)
                            .filter(entry -> entry.startsWith(FOLDER + "/")))
                    : inFolder(folder);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<String> inFolder(URL folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
            return scripts(files.map(Path::toString));
        }
    }

    private static Set<String> scripts(Stream<String> paths) {
        return paths.filter(path -> path.endsWith(".sql"))
                .map(path -> String.valueOf(Path.of(path).getFileName()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
