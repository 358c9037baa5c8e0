package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.deprovisioner.audit.NodeId;
import org.deprovisioner.ledger.LedgerImport;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Configuration;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.StoreRefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What is done to the ledger as a whole. */
@Command(
        name = "ledger",
        footer = "  deprovision ledger import",
        description = "Copy a ledger that is a file into one of PostgreSQL.",
        subcommands = LedgerSubcommands.Import.class)
final class LedgerSubcommands extends Subcommand {

    @Override
    Exit run() {
        throw new CommandException(Exit.USAGE, "Say what is to be done: 'deprovision ledger import'.");
    }

    /** Copies a SQLite ledger whole. */
    @Command(
            name = "import",
            footer = "  deprovision ledger import",
            description = "Copy a SQLite ledger whole into the empty PostgreSQL one that deprovision.ledger.url names:"
                    + " requests, attempts, pauses, limits and audit numbers. Stop the service first.")
    static final class Import extends Subcommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "The SQLite ledger; ledger.db in the data folder.")
        private Optional<Path> named = Optional.empty();

        @Override
        @SuppressWarnings("try")
        Exit run() throws Exception {
            Configuration configuration = settings().read();
            startLoggingOnDemand(configuration);
            Settings settings = configuration.settings();
            if (!settings.ledgerIsShared()) {
                throw new CommandException(
                        Exit.USAGE,
                        "deprovision.ledger.url names no PostgreSQL ledger to import into:"
                                + " jdbc:postgresql://host:port/database.");
            }
            Path file = named.orElse(settings.data().resolve("ledger.db")).toAbsolutePath();
            if (Files.notExists(file)) {
                throw new CommandException(Exit.USAGE, "There is no ledger " + file + ". Nothing was copied.");
            }
            try (ServiceLock lock = ServiceLock.acquireOrRefuse(settings.data())) {
                LedgerImport.Copied copied = LedgerImport.copy(
                        file, settings.ledgerDatabase(), NodeId.of(settings.data()), user(), Clock.systemUTC());
                Path kept = moveAway(file);
                out().printf(
                                copied.news()
                                        ? "%,d requests with %,d attempts were copied into %s. The file is kept as %s.%n"
                                        : "All of it had been copied before (%,d requests with %,d attempts) into %s. The file is"
                                                + " kept as %s.%n",
                                copied.requests(),
                                copied.attempts(),
                                settings.ledgerDatabase(),
                                kept);
                return Exit.DONE;
            } catch (StoreRefusedException refused) {
                throw new CommandException(Exit.SETTINGS, String.valueOf(refused.getMessage()));
            }
        }

        /** A ledger that stands where it stood would be worked on again by whoever takes the setting back. */
        private static Path moveAway(Path file) throws IOException {
            for (int number = 1; ; number++) {
                Path kept = file.resolveSibling("ledger-imported" + (number == 1 ? "" : "-" + number) + ".db");
                if (Files.notExists(kept)) {
                    return Files.move(file, kept);
                }
            }
        }
    }
}
