package org.deprovisioner.cli;

import java.io.IOException;
import java.util.Optional;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.audit.AuditTrail.Verdict;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the chain of the audit log holds. */
@Command(
        name = "verify",
        footer = "  deprovision audit verify",
        description =
                "Follow the chain of the audit log, and name the first line that was deleted, changed, moved or put"
                        + " in. Exit code 1 when there is one.")
final class AuditVerify extends LedgerCommand {

    @Option(
            names = "--head",
            paramLabel = "HASH",
            description = "A head that an earlier 'audit verify' printed and that was kept elsewhere: shows whether the"
                    + " log still holds all that it held then.")
    private Optional<String> head = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        new AuditLog(settings.data(), ledger.audit()).append();
        Verdict verdict = new AuditTrail(settings.data()).verify(head);
        if (verdict.broken().isPresent()) {
            out().println("Broken. The first %,d lines are whole. %s"
                    .formatted(verdict.lines(), verdict.broken().get()));
            return Exit.FAILED;
        }
        if (verdict.lines() == 0) {
            out().println(
                            ledger.audit().newestGiven() == 0
                                    ? "There is no line in the log yet, so there is nothing that could be whole."
                                    : "Not whole: the log has no lines, but the ledger told it of something: its files were taken away."
                                            + " Put the files of audit/ back.");
            return Exit.FAILED;
        }
        out().println("Whole: %,d lines, each as it was written and in its place.".formatted(verdict.lines()));
        out().println("Head:  " + verdict.head());
        if (head.isEmpty()) {
            out().println(
                            "What this cannot find: an end that was cut off, or a log written anew as a whole. Keep the head"
                                    + " elsewhere, and give it next time: audit verify --head HASH");
            return Exit.DONE;
        }
        out().println(verdict.knownHeadAt()
                .map(line -> "The head that you kept is that of line %,d: nothing up to it was cut off or written anew."
                        .formatted(line))
                .orElse("The head that you kept is that of no line: the end was cut off since, or the log was written"
                        + " anew."));
        return verdict.knownHeadAt().isPresent() ? Exit.DONE : Exit.FAILED;
    }
}
