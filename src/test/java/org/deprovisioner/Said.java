package org.deprovisioner;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.slf4j.LoggerFactory;

/** What a class says in the log. */
public final class Said {

    private Said() {}

    /** The lines, of level INFO and above, that a class writes while something is done. */
    public static List<String> by(Class<?> speaker, Executable deed) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(speaker);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = logger.getLevel();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            deed.execute();
        } catch (Exception | Error fault) {
            throw fault;
        } catch (Throwable other) {
            throw new AssertionError(other);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
