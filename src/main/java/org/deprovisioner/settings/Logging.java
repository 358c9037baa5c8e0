package org.deprovisioner.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deprovisioner.rights.OwnerAlone;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/** Starts the log as {@code logback.xml} describes it. */
public final class Logging {

    /** What would print tokens and passwords, whatever {@code logback.xml} says. */
    private static final List<String> NEVER = List.of(
            "org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers", "com.microsoft.aad.msal4j");

    /** What prints each property of Camel in detail, the vault's token among those of the environment. */
    private static final String PROPERTIES_OF_CAMEL = "org.apache.camel.main";

    /** What is ours. */
    private static final String OURS = "org.deprovisioner";

    /** What each line on the console begins with, for {@code %property} in {@code logback.xml}. */
    private static final String LINE_START = "console.line-start";

    private static volatile boolean toEventLog;

    /** Where to a program logs. */
    public enum To {
        /** For a short command, which leaves the file to the service that may be running. */
        CONSOLE("TRACE", false),
        /** For the service: the console, and {@code logs/} in the data folder. */
        CONSOLE_AND_FILE("TRACE", true),
        /** For a command that does the service's work, and itself says on the console what goes well. */
        WARNINGS_AND_FILE("WARN", true);

        private final String leastOnConsole;
        private final boolean file;

        To(String leastOnConsole, boolean file) {
            this.leastOnConsole = leastOnConsole;
            this.file = file;
        }
    }

    private Logging() {}

    /** Errors go to the event log of Windows too, once the log is started. */
    public static void tellEventLog() {
        toEventLog = true;
    }

    /** Nothing is logged, and nothing read or searched for it, until the log is started. To be said before all else. */
    public static void waitForStart() {
        System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, UnconfiguredLogback.class.getName());
        System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN"); // it would tell of the provider
    }

    /** From now on only errors of the program are logged: for what is tried on a copy, and is no news of the service. */
    public static void onlyErrors() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(OURS).setLevel(Level.ERROR);
    }

    /**
     * As {@link #start}, to the console alone, but {@code logback.xml} is read when there is something to log: a short
     * command that has nothing to log ends before that file would have been read.
     */
    public static void startOnDemand(Configuration configuration, boolean traces) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        First first = new First(configuration, traces);
        first.setContext(context);
        first.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(first);
        context.getLogger(OURS).setLevel(Level.INFO);
    }

    /** While something is drawn on the console's last line, such as a bar, the log's lines begin below it. */
    public static void beginBelow(boolean drawn) {
        System.setProperty(LINE_START, drawn ? System.lineSeparator() : "");
    }

    /**
     * Starts the log.
     *
     * @param traces whether the console shows where in the program an error came from; the file always does
     * @throws SettingsException when {@code logback.xml} cannot be used
     */
    public static void start(Configuration configuration, To to, boolean traces) {
        Settings settings = configuration.settings();
        Path file = Stream.of(configuration.folder(), settings.home().resolve("config"))
                .map(folder -> folder.resolve("logback.xml"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new SettingsException(List.of("config/logback.xml is missing. Put it back.")));
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.putProperty("deprovision.data", settings.data().toString());
        context.putProperty("deprovision.data.in-pattern", inPattern(settings.data()));
        String format = "json".equals(configuration.placeholders().get(KnownSettings.LOG_FORMAT.key())) ? "_JSON" : "";
        context.putProperty("first", "CONSOLE" + format);
        context.putProperty("second", to.file ? "FILE" + format : "NONE");
        context.putProperty("least", to.leastOnConsole);
        System.getProperties().putIfAbsent(LINE_START, "");
        context.putProperty("trace", traces ? "%rEx" : "%rEx{0}");
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            if (to.file) {
                OwnerAlone.passableFolder(settings.data());
                OwnerAlone.folder(settings.data().resolve("logs"));
            }
            configurator.doConfigure(file.toFile());
        } catch (IOException e) {
            throw new SettingsException(
                    List.of("The log cannot be written to " + settings.data().resolve("logs") + ": " + e.getMessage()
                            + ". Run this as the service's user, or correct deprovision.data."));
        } catch (JoranException e) {
            throw new SettingsException(List.of(file + " cannot be used: " + e.getMessage()));
        }
        if (toEventLog) {
            WindowsEvents events = new WindowsEvents();
            events.setContext(context);
            events.start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(events);
        }
        PrintableEvents.standBeforeAll(context);
        NEVER.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
        Logger properties = context.getLogger(PROPERTIES_OF_CAMEL);
        Level most = properties.getEffectiveLevel();
        // a level of its own, so that nothing that is set for all later shows them
        properties.setLevel(most.isGreaterOrEqual(Level.INFO) ? most : Level.INFO);
    }

    /** A folder as a pattern of Logback's says it, which knows no escape: a percent sign is the text of a date. */
    static String inPattern(Path folder) {
        return folder.toString().replace("%", "%d{\"'%'\",aux}");
    }

    /** Reads {@code logback.xml} when the first event comes, and lets it go the way that the file names. */
    private static final class First extends AppenderBase<ILoggingEvent> {

        private final Configuration configuration;
        private final boolean traces;

        First(Configuration configuration, boolean traces) {
            this.configuration = configuration;
            this.traces = traces;
        }

        @Override
        protected void append(ILoggingEvent event) {
            Logging.start(configuration, To.CONSOLE, traces);
            Logger logger = (Logger) LoggerFactory.getLogger(event.getLoggerName());
            if (logger.isEnabledFor(event.getLevel())) {
                logger.callAppenders(event);
            }
        }
    }
}
