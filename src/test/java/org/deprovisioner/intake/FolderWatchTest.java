package org.deprovisioner.intake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An inbox that goes away, as a share does. */
class FolderWatchTest {

    @TempDir
    private Path data;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        watch().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        watch().detachAppender(log);
    }

    private static Logger watch() {
        return (Logger) LoggerFactory.getLogger(FolderWatch.class);
    }

    @Test
    void anInboxThatGoesAwayIsSaidOnceAndNothingIsPolledUntilItIsBack() throws Exception {
        Path inbox = Files.createDirectory(data.resolve("inbox"));
        FolderWatch folder = new FolderWatch(
                inbox,
                new OddEntries(
                        inbox,
                        ArrivedFiles.ofAnyEnd(Duration.ZERO, System::nanoTime),
                        new FileFaults(System::nanoTime),
                        System::nanoTime));
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            FileEndpoint endpoint = camel.getEndpoint("file:" + inbox, FileEndpoint.class);
            FileConsumer consumer = endpoint.createConsumer(exchange -> {});
            assertThat(folder.begin(consumer, endpoint)).isTrue();
            Files.delete(inbox);
            assertThat(folder.begin(consumer, endpoint)).isFalse();
            assertThat(folder.begin(consumer, endpoint)).isFalse();
            assertThat(log.list)
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .asString()
                    .contains(inbox.toString(), "is not there");
            Files.createDirectory(inbox);
            assertThat(folder.begin(consumer, endpoint)).isTrue();
        }
    }
}
