package org.deprovisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Units.Held;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.HeldDetails;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Releases a held batch. */
@Command(
        name = "approve",
        footer = "  deprovision approve leavers",
        description =
                "Release a batch that a guard holds, after it was shown: who handed what over, for which reasons, and which devices. You type back how many they are.")
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
        HeldDetails details = HeldDetails.of(batch, ledger, Instant.now())
                .orElseThrow(
                        () -> new CommandException(Exit.USAGE, notHeld(ledger).words()));
        BatchApproval approval = devices.isPresent() ? unseen(details) : seen(details);
        Verdict answer = new Decisions(settings, ledger, user(), err()::println).approve(approval);
        if (!(answer instanceof Verdict.Released)) {
            throw new CommandException(answer instanceof Verdict.NotByThisOne ? Exit.HELD : Exit.USAGE, answer.words());
        }
        out().println(answer.words() + " To be sent " + when(settings) + ".");
        return Exit.DONE;
    }

    private Verdict notHeld(Ledger ledger) {
        return ledger.batches().progress(batch).isPresent()
                ? new Verdict.NotHeld(batch)
                : new Verdict.NoBatch(
                        batch, ledger.units().held().stream().map(Held::batch).toList());
    }

    /** Whoever gives the number with the command has looked already. */
    private BatchApproval unseen(HeldDetails details) {
        return new BatchApproval(details.held().batch(), devices.orElse(0L), user(), remark());
    }

    /** What is asked for holds for what was shown, and for nothing that changed since. */
    private BatchApproval seen(HeldDetails details) {
        new HeldText(details, out(), width()).print(Instant.now());
        String name = details.held().batch();
        Prompt prompt = Prompt.ofTerminal()
                .orElseThrow(() -> new CommandException(
                        Exit.USAGE,
                        "'" + name
                                + "' stays held. Without a terminal, say how many devices you release: add --devices and"
                                + " that number."));
        String answer = prompt.ask("How many devices do you release? ");
        try {
            return new BatchApproval(
                    name,
                    Long.parseLong(answer.replace(",", "")),
                    OptionalLong.of(details.facts().count()),
                    user(),
                    remark());
        } catch (NumberFormatException notANumber) {
            throw new CommandException(Exit.USAGE, "'" + answer + "' is not a number; '" + name + "' stays held.");
        }
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
}
