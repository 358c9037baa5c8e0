package org.deprovisioner.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.store.StoreRefusedException;
import org.deprovisioner.text.Counted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A copy of the ledger, which appears whole or not at all. */
@Command(
        name = "backup",
        footer = "  deprovision backup ledger-copy.db",
        description = "Copy the ledger to a file, while the service is running or not, and check the copy.")
final class Backup extends LedgerCommand {

    @Parameters(paramLabel = "FILE", description = "Where the copy goes; a file that exists is not overwritten.")
    private Path file;

    @Override
    boolean mayMakeLedger() {
        return false;
    }

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Path target = file.toAbsolutePath().normalize();
        refuseTaken(target);
        Path folder = target.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            throw new CommandException(
                    Exit.USAGE,
                    "There is no folder " + folder + ". Make it first, for " + user()
                            + " alone: the copy holds all that the ledger does.");
        } else if (!Files.isWritable(folder)) {
            throw new CommandException(
                    Exit.USAGE,
                    "The folder " + folder + " may not be written by " + user() + ", who runs this command.");
        }
        Path part = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            ledger.backup(part);
            long requests = Ledger.verify(part);
            refuseTaken(target);
            Files.move(part, target);
            out().printf(
                            """
                    %s holds the ledger of this moment: %s, %s, read from end to end. Only you can read it.

                    To restore it: stop the service, move ledger.db, ledger.db-wal and ledger.db-shm out of
                    %s, put the copy in the place of ledger.db, and run 'deprovision pause' before the next 'run'.
                    It knows nothing of what was sent after this moment. Where the audit log shows more, the next start finds
                    that and is paused until 'deprovision resume'. Rows that were still to be sent then would be sent
                    again: look with 'deprovision status', cancel what the files in results/ or the audit log show as done,
                    then 'deprovision resume'.
                    """,
                            target,
                            Counted.of(requests, "request"),
                            Counted.of(Files.size(target), "byte"),
                            settings.data());
            return Exit.DONE;
        } catch (FileAlreadyExistsException taken) {
            throw taken(target);
        } catch (StoreRefusedException byOtherMeans) {
            throw new CommandException(Exit.USAGE, String.valueOf(byOtherMeans.getMessage()));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void refuseTaken(Path target) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(target);
        }
    }

    private static CommandException taken(Path target) {
        return new CommandException(Exit.USAGE, target + " exists already and is left as it is. Name another file.");
    }
}
