package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.LedgerBesideLog;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.rights.OwnerAlone;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;

/** A command that works on the ledger, whether or not the service is running. */
abstract class LedgerCommand extends Subcommand {

    abstract Exit run(Settings settings, Ledger ledger) throws Exception;

    /** Whether a ledger is to be made although there was one before. */
    boolean newLedgerIsMeant() {
        return false;
    }

    /** Whether a ledger is made where there is none. */
    boolean mayMakeLedger() {
        return true;
    }

    @Override
    final Exit run() throws Exception {
        Configuration configuration = settings().read();
        startLoggingOnDemand(configuration);
        Settings settings = configuration.settings();
        LedgerBesideLog besideLog = new LedgerBesideLog(settings.data(), settings.ledgerDatabase(), Clock.systemUTC());
        if (!mayMakeLedger() && besideLog.isNewInstallation()) {
            throw new NotDoneException(
                    Exit.SETTINGS,
                    "There is no ledger in " + settings.data() + ", and nothing was made."
                            + " If there should be one, look at deprovision.data and deprovision.ledger.url: they must be those of"
                            + " the service.");
        }
        makeDataFolder(settings.data());
        try (Ledger ledger = besideLog.open(newLedgerIsMeant())) {
            Exit exit = run(settings, ledger);
            tellAuditLog(settings.data(), ledger);
            return exit;
        }
    }

    private static void makeDataFolder(Path data) throws IOException {
        try {
            OwnerAlone.passableFolder(data);
        } catch (FileSystemException unmade) {
            throw new CommandException(
                    Exit.SETTINGS,
                    "The data folder " + data + " cannot be made or used by the user " + user()
                            + ". Set deprovision.data to a folder that it may write, or run this as the user that the service"
                            + " runs as.");
        }
    }

    /** A running service appends what a command has to tell, and on a shared ledger the active one does; without one, the command does it itself. */
    private void tellAuditLog(Path data, Ledger ledger) throws IOException {
        if (!ServiceLock.isHeld(data)) {
            try {
                new AuditLog(data, ledger.audit()).append();
            } catch (IOException unwritable) {
                err().println("The audit log cannot be written; what it is to be told waits in the ledger: "
                        + unwritable.getMessage());
            }
        }
    }
}
