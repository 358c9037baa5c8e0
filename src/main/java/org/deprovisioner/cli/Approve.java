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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Releases a held batch. */
@Command(
        name = "approve",
        description = "Release a batch that a guard holds, by typing back how many devices it is about.")
final class Approve extends LedgerCommand {

    @Parameters(paramLabel = "BATCH", description = "The batch, as 'deprovision status' names it.")
    private String batch;

    @Option(names = "--devices", paramLabel = "N", description = "How many devices are held; asked for on a terminal.")
    private Optional<Long> devices = Optional.empty();

    @Option(names = "--by", paramLabel = "NAME", description = "A remark for the audit log: on whose behalf.")
    private Optional<String> by = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "A remark for the audit log: why.")
    private Optional<String> reason = Optional.empty();

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        HeldBatch held = HeldBatch.of(batch, ledger)
                .orElseThrow(() -> new CommandException(Exit.USAGE, "Nothing of '" + batch + "' is held."));
        long typed = devices.or(() -> ask(held))
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
        new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches()).write(held.batch());
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
        return Stream.of(by.map(name -> "on behalf of " + name), reason)
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
