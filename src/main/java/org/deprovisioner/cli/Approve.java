package org.deprovisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.outcome.HeldNotes;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.HeldBatch;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.service.Publication;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;

/** Releases a held batch. */
final class Approve extends LedgerCommand {

    private final Argument<String> batch =
            takes(Argument.requiredParameter(String.class, "BATCH", "The batch, as 'deprovision status' names it."));

    private final Argument<Optional<Long>> devices =
            takes(Argument.option(Long.class, "--devices", "N", "How many devices are held; asked for on a terminal."));

    private final Argument<Optional<String>> by =
            takes(Argument.option(String.class, "--by", "NAME", "A remark for the audit log: on whose behalf."));

    private final Argument<Optional<String>> reason =
            takes(Argument.option(String.class, "--reason", "TEXT", "A remark for the audit log: why."));

    Approve() {
        super("approve", "Release a batch that a guard holds, by typing back how many devices it is about.");
    }

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        HeldBatch held = HeldBatch.of(batch.get(), ledger)
                .orElseThrow(() -> new CommandException(Exit.USAGE, "Nothing of '" + batch.get() + "' is held."));
        long typed = devices.get()
                .or(() -> ask(held))
                .orElseThrow(() -> new CommandException(
                        Exit.USAGE, held.sentence() + "\nRelease it with: " + held.approveCommand()));
        Verdict answer = ledger.approvals()
                .approve(
                        new BatchApproval(held.batch(), typed, user(), remark()),
                        submitters -> new FourEyes(settings.guard().fourEyes()).objection(user(), submitters),
                        settings.guard().grace());
        if (!(answer instanceof Verdict.Released)) {
            throw new CommandException(answer instanceof Verdict.NotByThisOne ? Exit.HELD : Exit.USAGE, answer.words());
        }
        new HeldNotes(settings.data(), ledger.units(), ledger.batches()).write(held.batch());
        new Publication(settings, ledger, err()::println).bringUpToDate();
        out().println(answer.words() + " To be sent " + when(settings) + ".");
        return Exit.DONE;
    }

    private static String when(Settings settings) throws IOException {
        if (!ServiceLock.isServing(settings.data())) {
            return "as soon as 'deprovision run' is started";
        }
        Duration grace = settings.guard().grace();
        return grace.isZero() ? "now" : "in " + PlainTime.of(grace) + " (deprovision.guard.grace)";
    }

    private String remark() {
        return Stream.of(by.get().map(name -> "on behalf of " + name), reason.get())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(": "));
    }

    /** Asks for the number where somebody sits at a terminal. */
    private Optional<Long> ask(HeldBatch held) {
        return Optional.ofNullable(System.console()).map(console -> {
            out().println(held.sentence());
            out().println("It cannot be undone from afar: each device must be factory reset by hand to come back.");
            out().flush();
            String answer = Optional.ofNullable(console.readLine("How many devices do you release? "))
                    .orElse("");
            try {
                return Long.valueOf(answer.strip().replace(",", ""));
            } catch (NumberFormatException notANumber) {
                throw new CommandException(
                        Exit.USAGE, "'" + answer + "' is not a number; '" + held.batch() + "' stays held.");
            }
        });
    }
}
