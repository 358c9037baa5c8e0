package org.deprovisioner.cli;

import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;

/** The service in the foreground. */
@Command(
        name = "run",
        description = "Take in files and messages and send them to Graph, until Ctrl-C or SIGTERM; then drain and end.")
final class Run extends Subcommand {

    @Override
    @SuppressWarnings("try")
    Exit run() throws Exception {
        Configuration configuration = settings().readWithCredentials();
        configuration.warnings().forEach(err()::println);
        Logging.start(configuration, true);
        Settings settings = configuration.settings();
        try (ServiceLock lock = ServiceLock.acquireOrRefuse(settings.data());
                Service service = Service.start(configuration)) {
            err().println("Running. Put files into " + settings.data().resolve("inbox") + ". Ctrl-C ends it.");
            err().flush();
            service.awaitStop();
        }
        return Exit.DONE;
    }
}
