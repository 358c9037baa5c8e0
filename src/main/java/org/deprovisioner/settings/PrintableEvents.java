package org.deprovisioner.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deprovisioner.text.Printable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Stands before the appenders of a logger, whatever {@code logback.xml} makes of them: what is logged is one line, and so
 * is the message of each exception. Nothing that came from outside puts a line of its own into the log.
 */
final class PrintableEvents extends AppenderBase<ILoggingEvent> {

    private final AppenderAttachableImpl<ILoggingEvent> behind = new AppenderAttachableImpl<>();

    /** Stands before all appenders of a context from now on. */
    static void standBeforeAll(LoggerContext context) {
        for (Logger logger : context.getLoggerList()) {
            List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
            logger.iteratorForAppenders().forEachRemaining(appenders::add);
            if (!appenders.isEmpty()) {
                PrintableEvents before = new PrintableEvents();
                before.setContext(context);
                for (Appender<ILoggingEvent> appender : appenders) {
                    logger.detachAppender(appender);
                    before.behind.addAppender(appender);
                }
                before.start();
                logger.addAppender(before);
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        behind.appendLoopOnAppenders(new Line(event));
    }

    @Override
    public void stop() {
        super.stop();
        behind.detachAndStopAllAppenders();
    }

    private record Line(ILoggingEvent event) implements ILoggingEvent {

        @Override
        public String getMessage() {
            return Printable.line(event.getMessage());
        }

        @Override
        public String getFormattedMessage() {
            return Printable.line(event.getFormattedMessage());
        }

        @Override
        public String getThreadName() {
            return Printable.line(event.getThreadName());
        }

        @Override
        public @Nullable IThrowableProxy getThrowableProxy() {
            return Thrown.of(event.getThrowableProxy());
        }

        @Override
        public Level getLevel() {
            return event.getLevel();
        }

        @Override
        public Object[] getArgumentArray() {
            return event.getArgumentArray();
        }

        @Override
        public String getLoggerName() {
            return event.getLoggerName();
        }

        @Override
        public LoggerContextVO getLoggerContextVO() {
            return event.getLoggerContextVO();
        }

        @Override
        public StackTraceElement[] getCallerData() {
            return event.getCallerData();
        }

        @Override
        public boolean hasCallerData() {
            return event.hasCallerData();
        }

        @Override
        public List<Marker> getMarkerList() {
            return event.getMarkerList();
        }

        @Override
        public Map<String, String> getMDCPropertyMap() {
            return event.getMDCPropertyMap();
        }

        @Override
        @SuppressWarnings("deprecation") // the interface still asks for it
        public Map<String, String> getMdc() {
            return event.getMdc();
        }

        @Override
        public long getTimeStamp() {
            return event.getTimeStamp();
        }

        @Override
        public int getNanoseconds() {
            return event.getNanoseconds();
        }

        @Override
        public Instant getInstant() {
            return event.getInstant();
        }

        @Override
        public long getSequenceNumber() {
            return event.getSequenceNumber();
        }

        @Override
        public List<KeyValuePair> getKeyValuePairs() {
            return event.getKeyValuePairs();
        }

        @Override
        public void prepareForDeferredProcessing() {
            event.prepareForDeferredProcessing();
        }
    }

    private record Thrown(IThrowableProxy thrown) implements IThrowableProxy {

        static @Nullable IThrowableProxy of(@Nullable IThrowableProxy thrown) {
            return thrown == null ? null : new Thrown(thrown);
        }

        @Override
        public @Nullable String getMessage() {
            String message = thrown.getMessage();
            return message == null ? null : Printable.line(message);
        }

        @Override
        public @Nullable String getOverridingMessage() {
            String message = thrown.getOverridingMessage();
            return message == null ? null : Printable.line(message);
        }

        @Override
        public String getClassName() {
            return thrown.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return thrown.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return thrown.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            return of(thrown.getCause());
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Arrays.stream(thrown.getSuppressed()).map(Thrown::new).toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return thrown.isCyclic();
        }
    }
}
