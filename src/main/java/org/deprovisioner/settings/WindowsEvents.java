package org.deprovisioner.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells errors to the event log of Windows, by the program that Windows has for it: a few words, since the log in the data
 * folder has all of them. While one is being written, others are left out.
 */
final class WindowsEvents extends AppenderBase<ILoggingEvent> {

    private static final int LONGEST = 1000;

    private @Nullable Process writing;

    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.ERROR) || (writing != null && writing.isAlive())) {
            return;
        }
        try {
            writing = new ProcessBuilder(command(event.getFormattedMessage()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException unwritable) {
            addWarn("The event log cannot be written.", unwritable);
        }
    }

    /** One argument each; a quote or a backslash at the end would mean something to Windows. */
    static List<String> command(String message) {
        String text = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
        return List.of(
                "eventcreate",
                "/L",
                "APPLICATION",
                "/SO",
                "Deprovisioner",
                "/T",
                "ERROR",
                "/ID",
                "1",
                "/D",
                text.replace('"', '\'') + " (More is in the folder logs of the data folder.)");
    }
}
