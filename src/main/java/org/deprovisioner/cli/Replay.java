package org.deprovisioner.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.Replays.DeadLetters;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.service.Publication;
import org.deprovisioner.service.ServiceLock;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts dead letters back. */
@Command(
        name = "replay",
        footer = "  deprovision replay leavers --outcome retries-exhausted",
        description =
                "Put dead letters back, once their cause is mended: they are looked at and guarded again, one is sent"
                        + " first, and the others when that one ended well.")
final class Replay extends LedgerCommand {

    @Parameters(arity = "0..1", paramLabel = "BATCH", description = "Only those of this batch; of all unless given.")
    private Optional<String> batch = Optional.empty();

    @Option(
            names = "--outcome",
            split = ",",
            paramLabel = "OUTCOME",
            description = "Only those that ended like this, such as retries-exhausted.")
    private List<String> outcomes = new ArrayList<>();

    @Option(
            names = "--force",
            description = "Those too that are unknown. They may have been carried out: look at each device first.")
    private boolean force;

    @Override
    Exit run(Settings settings, Ledger ledger) throws IOException {
        Choice choice = new Choice(
                batch.map(name ->
                        ledger.batches().progress(name).map(Progress::name).orElseThrow(() -> Status.noSuch(name))),
                outcomes.stream().map(Replay::deadLetter).collect(Collectors.toSet()));
        if (choice.outcomes().contains(Outcome.UNKNOWN) && !force) {
            throw new CommandException(
                    Exit.USAGE,
                    "What is unknown may have been carried out. Look at each device in Intune; to replay those rows all the"
                            + " same, add --force.");
        }
        DeadLetters found = ledger.replays().count(choice);
        int rows = ledger.replays().replay(choice, force, user());
        new Publication(settings, ledger, err()::println).bringUpToDate();
        if (rows == 0) {
            out().println("Nothing was put back.");
        } else {
            out().println(
                            "Put back: %,d rows. They are looked at and guarded again; one is sent first, and the others when it"
                                            .formatted(rows)
                                    + " ended well: deprovision status");
            out().println(
                            ServiceLock.isServing(settings.data())
                                    ? "The service goes on with them now."
                                    : "No service is running: nothing of it is sent until 'deprovision run'.");
        }
        if (found.unknown() > 0 && !force) {
            out().println(
                            "Left: %,d unknown ones, which may have been carried out. Look at each device in Intune, then:"
                                            .formatted(found.unknown())
                                    + " deprovision replay "
                                    + choice.batch().map(name -> name + " ").orElse("")
                                    + "--outcome unknown --force");
        }
        if (found.unreadable() > 0) {
            out().println(
                            "Left: %,d rows that were never understood. Mend them in the dead-letter file, and drop it into the"
                                            .formatted(found.unreadable())
                                    + " inbox.");
        }
        return Exit.DONE;
    }

    private static Outcome deadLetter(String word) {
        Set<Outcome> dead = Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.state() == State.DEAD)
                .collect(Collectors.toSet());
        return dead.stream()
                .filter(outcome -> outcome.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        Exit.USAGE,
                        "'%s' is not how a dead letter ends. There is: %s."
                                .formatted(
                                        word,
                                        dead.stream()
                                                .map(Outcome::word)
                                                .sorted()
                                                .collect(Collectors.joining(", ")))));
    }
}
