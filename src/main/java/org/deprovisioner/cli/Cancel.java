package org.deprovisioner.cli;

import java.io.IOException;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.OperatorActions;
import org.deprovisioner.service.OperatorActions.Cancelled;
import org.deprovisioner.service.Sending;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends what a batch still has to send. */
@Command(
        name = "cancel",
        description =
                "End what a batch still has to send, before its next call. What was sent stays sent; what is cancelled"
                        + " can be handed over again.")
final class Cancel extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Cancelled ended = new OperatorActions(settings, ledger, err()::println)
                .cancel(batch, user())
                .orElseThrow(() -> Status.noSuch(batch));
        out().println(
                        ended.cancelled() > 0
                                ? "Cancelled: %s of '%s' will not be sent."
                                        .formatted(Summary.rows(ended.cancelled()), ended.batch())
                                : "Nothing of '%s' was still to be sent.".formatted(ended.batch()));
        out().println(
                        ended.done() == 1
                                ? "1 of its devices was deprovisioned before."
                                : "%,d of its devices were deprovisioned before.".formatted(ended.done()));
        if (ended.awaitingApproval() > 0) {
            out().println(
                            ended.awaitingApproval() == 1
                                    ? "1 approval request stays open in Intune: cancel it there, too."
                                    : "%,d approval requests stay open in Intune: cancel them there, too."
                                            .formatted(ended.awaitingApproval()));
        }
        if (ended.underWay() > 0) {
            out().println((ended.underWay() == 1
                            ? "1 call is under way or in doubt; how it ends"
                            : "%,d calls are under way or in doubt; how they end".formatted(ended.underWay()))
                    + " shows in 'deprovision status %s'.".formatted(ended.batch()));
        }
        if (Sending.now(settings.data()) == Sending.NOBODY) {
            out().println("No service is running. "
                    + (ended.underWay() > 0
                            ? "What is in doubt is read back when one runs: deprovision run"
                            : "Nothing more is to be done: one that is started later does not send it either."));
        }
        return Exit.DONE;
    }
}
