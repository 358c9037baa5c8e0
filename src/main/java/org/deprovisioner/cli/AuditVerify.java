package org.deprovisioner.cli;

import java.io.IOException;
import java.util.Optional;
import org.deprovisioner.audit.AuditLog;
import org.deprovisioner.audit.AuditTrail;
import org.deprovisioner.audit.AuditTrail.Verdict;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;
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
            out().println("Broken. Whole up to there: %s. %s"
                    .formatted(
                            Counted.of(verdict.lines(), "line"),
                            verdict.broken().get()));
            return Exit.FAILED;
        }
        if (verdict.lines() == 0) {
            out().println(
                            ledger.audit().newestGiven() == 0
                                    ? "There is no line in the log yet, so there is nothing to verify."
                                    : "Not whole: the log has no lines, but the ledger told it of something: its files were taken away."
                                            + " Put the files of audit/ back.");
            return Exit.FAILED;
        }
        String lines = Counted.of(verdict.lines(), "line");
        if (head.isPresent() && verdict.knownHeadAt().isEmpty()) {
            out().println(
                            "Not whole: each of its %s follows the one before it, but the head that you kept belongs to none of them."
                                    .formatted(lines));
            out().println(
                            "The end was cut off since, or the log was rewritten as a whole. Compare it with a copy of the files of"
                                    + " audit/ from before, and find out who could write them.");
            out().println("Head now: " + verdict.head());
            return Exit.FAILED;
        }
        out().println("Whole: %s, each as it was written and in its place.".formatted(lines));
        out().println("Head:  " + verdict.head());
        out().println(verdict.knownHeadAt()
                .map(line -> "The head that you kept is that of line %,d: nothing up to it was cut off or rewritten."
                        .formatted(line))
                .orElse("What this cannot find: an end that was cut off, or a log rewritten as a whole. Keep the head"
                        + " elsewhere, and give it next time: deprovision audit verify --head HASH"));
        return Exit.DONE;
    }
}
