package org.deprovisioner.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.rolling.helper.FileNamePattern;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

    @TempDir
    Path home;

    @AfterEach
    void closeTheFile() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
    }

    @Test
    void theServiceLogsToItsDataFolderAndAShortCommandDoesNot() throws IOException {
        Configuration configuration = configuration();

        Logging.start(configuration, Logging.To.CONSOLE, false);
        LoggerFactory.getLogger("org.deprovisioner.Trial").info("said by a command");
        assertThat(home.resolve("data")).doesNotExist();

        Logging.start(configuration, Logging.To.CONSOLE_AND_FILE, false);
        LoggerFactory.getLogger("org.deprovisioner.Trial").info("said by the service");
        assertThat(home.resolve("data/logs/deprovisioner.log")).content().contains("said by the service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"100% done", "50%41", "%d", "%i{x}", "{{deprovision.data}}", "old (1", "[old", "C++ a++b", "$1"})
    void theLogIsWrittenIntoADataFolderOfAnyName(String name) throws IOException {
        Configuration configuration = configuration(home.resolve(name));

        Logging.start(configuration, Logging.To.CONSOLE_AND_FILE, false);
        LoggerFactory.getLogger("org.deprovisioner.Trial").info("said by the service");

        assertThat(home.resolve(name).resolve("logs/deprovisioner.log"))
                .content()
                .contains("said by the service");
        String full = new FileNamePattern(Logging.inPattern(home.resolve(name)) + "/%d{yyyy}.%i.gz", new ContextBase())
                .convertMultipleArguments(Instant.parse("2026-07-01T12:00:00Z"), 3);
        assertThat(full).isEqualTo(home.resolve(name) + "/2026.3.gz");
    }

    @Test
    void theLogIsOneJsonObjectALineWhereThatIsSet() throws IOException {
        configuration();
        Configuration configuration = SettingsReader.ofDefaults(
                        home,
                        Map.of("deprovision.data", home.resolve("data").toString(), "deprovision.log.format", "json"))
                .read();
        Logging.start(configuration, Logging.To.CONSOLE_AND_FILE, false);
        LoggerFactory.getLogger("org.deprovisioner.Trial").warn("two\nlines of {}", "\"one\"", new IOException("why"));

        assertThat(Files.readAllLines(home.resolve("data/logs/deprovisioner.log")))
                .singleElement()
                .satisfies(line -> {
                    JsonNode event = new ObjectMapper().readTree(line);
                    assertThat(event.path("level").asText()).isEqualTo("WARN");
                    assertThat(event.path("loggerName").asText()).isEqualTo("org.deprovisioner.Trial");
                    assertThat(event.path("formattedMessage").asText()).endsWith("lines of \"one\"");
                    assertThat(event.path("throwable").path("message").asText()).isEqualTo("why");
                });
    }

    @Test
    void nothingIsLoggedBeforeTheLogIsStarted() {
        UnconfiguredLogback logback = new UnconfiguredLogback();
        logback.initialize();

        assertThat(logback.getLoggerFactory()
                        .getLogger("org.deprovisioner.Trial")
                        .isErrorEnabled())
                .isFalse();
    }

    @Test
    void whatWouldPrintTokensIsOff() throws IOException {
        Logging.start(configuration(), Logging.To.CONSOLE, false);

        for (String name : new String[] {
            "org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers", "org.apache.activemq.audit.base"
        }) {
            assertThat(LoggerFactory.getLogger(name).isErrorEnabled()).as(name).isFalse();
        }
        assertThat(LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME).isInfoEnabled())
                .isFalse();
    }

    @Test
    void aCommandWithAProgressBarShowsWarningsAloneAndEachBelowTheBar() throws IOException {
        Configuration configuration = configuration();
        PrintStream console = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            Logging.start(configuration, Logging.To.WARNINGS_AND_FILE, false);
            var log = LoggerFactory.getLogger("org.deprovisioner.Trial");
            log.info("taken in");
            Logging.beginBelow(true);
            System.err.print("[====  ]");
            log.warn("held");
            Logging.beginBelow(false);
            log.warn("and more");
            assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                    .hasSize(3)
                    .noneMatch(line -> line.contains("taken in"))
                    .anyMatch(line -> line.endsWith("[====  ]"));
        } finally {
            System.setErr(console);
        }
        assertThat(home.resolve("data/logs/deprovisioner.log")).content().contains("taken in", "held", "and more");
    }

    @Test
    void theConsoleShowsATraceOnlyWhenItIsAskedFor() throws IOException {
        Configuration configuration = configuration();
        PrintStream console = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            Logging.start(configuration, Logging.To.CONSOLE, false);
            LoggerFactory.getLogger("org.deprovisioner.Trial").error("It failed", new IOException("no room"));
            assertThat(shown.toString(StandardCharsets.UTF_8))
                    .contains("It failed", "no room")
                    .doesNotContain("\tat ");
            Logging.start(configuration, Logging.To.CONSOLE, true);
            LoggerFactory.getLogger("org.deprovisioner.Trial").error("It failed", new IOException("no room"));
            assertThat(shown.toString(StandardCharsets.UTF_8)).contains("\tat ");
        } finally {
            System.setErr(console);
        }
    }

    @Test
    void nothingFromOutsidePutsALineOfItsOwnIntoTheLog() throws IOException {
        Logging.start(configuration(), Logging.To.CONSOLE_AND_FILE, false);
        String hostile = "page\n2026-01-01T00:00:00Z INFO faked \u001b[31m\u202e";
        IOException cause = new IOException(hostile);
        cause.addSuppressed(new IOException(hostile));
        LoggerFactory.getLogger("org.deprovisioner.Trial")
                .warn("It failed: {}", hostile, new IOException(hostile, cause));

        String log = Files.readString(home.resolve("data/logs/deprovisioner.log"));
        assertThat(log).doesNotContain("\u001b", "\u202e").contains("It failed: page\\n2026", "\tat ");
        assertThat(log.lines())
                .noneMatch(line -> line.startsWith("2026-01-01"))
                .filteredOn(line -> line.contains("faked"))
                .allMatch(line -> line.contains("page\\n2026"))
                .hasSize(4);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theLogIsTheServicesUsersAlone() throws IOException {
        Configuration configuration = configuration();
        Path logs = Files.createDirectories(home.resolve("data/logs"));
        Path older = Files.writeString(logs.resolve("deprovisioner.2026-01-01.0.log.gz"), "before");
        Files.setPosixFilePermissions(older, PosixFilePermissions.fromString("rw-r--r--"));
        Logging.start(configuration, Logging.To.CONSOLE_AND_FILE, false);

        for (Path file : List.of(older, logs.resolve("deprovisioner.log"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
    }

    private Configuration configuration() throws IOException {
        return configuration(home.resolve("data"));
    }

    private Configuration configuration(Path data) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.copy(Path.of("config/logback.xml"), home.resolve("config/logback.xml"));
        return SettingsReader.ofDefaults(home, Map.of("deprovision.data", data.toString()))
                .read();
    }
}
