package org.deprovisioner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The ledgers that packages/keep-ledger kept of earlier versions, with rows in every state. */
class KeptLedgersTest {

    private static final Pattern PUT_BACK = Pattern.compile("(?m)^sudo sh -c '(cd \\S+ && (.*))'$");

    @TempDir
    private Path data;

    private String url;

    static List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/ledgers"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    @DisabledOnOs(OS.WINDOWS)
    void aLedgerOfAnEarlierVersionIsCopiedAndMigratedWithAllItsRowsAndCanBePutBack(Path kept) throws Exception {
        unpack(kept);
        Map<String, Long> states = states("ledger.db");
        List<String> scripts = scripts("ledger.db");
        assertThat(states).as("rows in every state").hasSize(State.values().length);

        Ledger.openAlone(url, Clock.systemUTC()).close();
        assertThat(states("ledger.db")).isEqualTo(states);
        if (scripts("ledger.db").equals(scripts)) {
            return; // it is of this version still
        }
        Path copy;
        try (Stream<Path> copies =
                Files.list(data).filter(file -> file.getFileName().toString().matches("ledger-before-.*\\.db"))) {
            copy = copies.toList().get(0);
        }
        assertThat(states(copy.getFileName().toString())).isEqualTo(states);

        putBack(copy.getFileName().toString());
        assertThat(scripts("ledger.db")).as("of the version before").isEqualTo(scripts);
        assertThat(states("ledger.db")).isEqualTo(states);
    }

    /** With the command that the page on upgrades shows. */
    private void putBack(String copy) throws Exception {
        Matcher command = PUT_BACK.matcher(Files.readString(Path.of("docs/upgrade.md")));
        assertThat(command.find()).isTrue();
        String text = command.group(2).replaceAll("ledger-before-\\S+\\.db", copy);
        Process shell =
                new ProcessBuilder("sh", "-c", text).directory(data.toFile()).start();
        assertThat(shell.waitFor()).as(text).isZero();
    }

    private void unpack(Path kept) throws IOException {
        url = "jdbc:sqlite:" + data.resolve("ledger.db");
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(kept))) {
            Files.copy(packed, data.resolve("ledger.db"));
        }
    }

    private Map<String, Long> states(String file) {
        Map<String, Long> states = new TreeMap<>();
        jdbc(file).query("select state, count(*) from request group by state", row -> {
            states.put(row.getString(1), row.getLong(2));
        });
        return states;
    }

    private List<String> scripts(String file) {
        return jdbc(file).queryForList("select script from flyway_schema_history order by script", String.class);
    }

    private JdbcTemplate jdbc(String file) {
        return new JdbcTemplate(new DriverManagerDataSource("jdbc:sqlite:" + data.resolve(file)));
    }
}
