package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FileFaultsTest {

    private static final File FILE = new File("7-leavers.csv");

    private final Logger logger = (Logger) LoggerFactory.getLogger(FileFaults.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long now;
    private final FileFaults faults = new FileFaults(() -> now);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    private List<String> said() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aFaultIsSaidWithItsRemedyOnceAMinute() {
        for (int times = 0; times < 3; times++) {
            faults.report(FILE, new IOException("wrapped", new AccessDeniedException("/inbox/7-leavers.csv")));
        }
        assertThat(said())
                .containsExactly("7-leavers.csv cannot be taken in now, and is tried again: access is denied to"
                        + " /inbox/7-leavers.csv. Give the service's user the right to read and move it.");
        now = Duration.ofMinutes(1).toNanos();
        faults.report(FILE, new AccessDeniedException("/inbox/7-leavers.csv"));
        assertThat(said()).hasSize(2);
    }

    @Test
    void anotherFaultOrFileIsSaidAtOnce() {
        faults.report(FILE, new IOException("disk full"));
        faults.report(FILE, new IOException("no such disk"));
        faults.report(new File("8-leavers.csv"), new IOException("disk full"));
        assertThat(said()).hasSize(3);
    }
}
