package org.deprovisioner.cli;

import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Logging;

/**
 * What Apache Commons Daemon calls where the program is a Windows service: both in the process of the service.
 *
 * @see <a href="https://commons.apache.org/proper/commons-daemon/procrun.html">Procrun, mode jvm</a>
 */
public final class WindowsService {

    private WindowsService() {}

    /** Runs a command, {@code run} as a rule, and ends the process with its exit code; errors go to the event log too. */
    public static void start(String[] arguments) {
        Logging.tellEventLog();
        Deprovisioner.main(arguments);
    }

    /** Ends the process as a stop signal does: calls under way end and are settled first. */
    public static void stop(String[] arguments) {
        System.exit(Exit.DONE.code());
    }
}
