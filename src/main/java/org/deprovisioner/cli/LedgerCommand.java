package org.deprovisioner.cli;

import java.nio.file.Files;
import java.time.Clock;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Logging;
import org.deprovisioner.settings.Settings;

/** A command that works on the ledger, whether or not the service is running. */
abstract class LedgerCommand extends Subcommand {

    abstract Exit run(Settings settings, Ledger ledger) throws Exception;

    @Override
    final Exit run() throws Exception {
        Configuration configuration = settings().read();
        Logging.start(configuration, false);
        Settings settings = configuration.settings();
        Files.createDirectories(settings.data());
        try (Ledger ledger = Ledger.open(settings.ledgerUrl(), Clock.systemUTC())) {
            return run(settings, ledger);
        }
    }
}
