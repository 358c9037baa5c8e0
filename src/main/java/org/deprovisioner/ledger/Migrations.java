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
import org.springframework.jdbc.core.JdbcTemplate;

/** Brings a ledger's tables to what this program needs; Flyway is loaded only where something is to be done. */
final class Migrations {

    private static final String FOLDER = "db/migration";

    private Migrations() {}

    /** How the tables of a ledger stand to what this program needs. */
    enum Standing {
        /** There are none. */
        NONE,
        CURRENT,
        /** They lack a script of this program. */
        OLDER,
        /** They know a script that this program does not. */
        NEWER
    }

    /** Changes a ledger as a whole, or not at all. */
    static void carryOut(DataSource ledger) {
        Flyway.configure()
                .dataSource(ledger)
                .locations("classpath:" + FOLDER)
                .placeholders(
                        Map.of("id", "integer primary key", "idNeverUsedAgain", "integer primary key autoincrement"))
                .loggers("slf4j")
                .group(true)
                .load()
                .migrate();
    }

    /** How a ledger stands to this program; only reads. */
    static Standing of(DataSource ledger) {
        JdbcTemplate jdbc = new JdbcTemplate(ledger);
        if (jdbc.queryForList("select 1 from sqlite_master where name = 'flyway_schema_history'")
                .isEmpty()) {
            return Standing.NONE;
        }
        Set<String> carriedOut = Set.copyOf(jdbc.query(
                "select script from flyway_schema_history where success = 1", (result, row) -> result.getString(1)));
        Set<String> ours = ours();
        if (carriedOut.isEmpty()) {
            return Standing.NONE;
        } else if (!ours.containsAll(carriedOut) || newestIn(jdbc) > newest(ours)) {
            return Standing.NEWER;
        }
        return carriedOut.equals(ours) ? Standing.CURRENT : Standing.OLDER;
    }

    private static int newestIn(JdbcTemplate jdbc) {
        return jdbc.query(
                        "select max(cast(version as integer)) from flyway_schema_history",
                        (row, number) -> row.getInt(1))
                .get(0);
    }

    /** The number of the newest script of this program. */
    static int newest() {
        return newest(ours());
    }

    private static int newest(Set<String> scripts) {
        return scripts.stream()
                .mapToInt(script -> Integer.parseInt(script.substring(1, script.indexOf("__"))))
                .max()
                .orElseThrow();
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
