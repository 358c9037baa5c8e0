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
import org.deprovisioner.service.Decisions;
import org.deprovisioner.service.Decisions.Replayed;
import org.deprovisioner.service.Sending;
import org.deprovisioner.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts dead letters back. */
@Command(
        name = "replay",
        footer = "  deprovision replay leavers --outcome retries-exhausted",
        description =
                "Put dead letters back, once their cause is fixed: they are looked at and guarded again, one is sent"
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
        Replayed replayed = new Decisions(settings, ledger, user(), err()::println).replay(choice, force);
        DeadLetters found = replayed.found();
        int rows = replayed.rows();
        if (rows == 0) {
            out().println("Nothing was put back.");
        } else {
            out().println(
                            rows == 1
                                    ? "Put back: 1 row. It is looked at and guarded again, then sent: deprovision status"
                                    : "Put back: %,d rows. They are looked at and guarded again; one is sent first, and the others"
                                                    .formatted(rows)
                                            + " when it ended well: deprovision status");
            out().println(Sending.now(settings.data())
                    .toDo()
                    .orElse("The service goes on with " + (rows == 1 ? "it" : "them") + " now."));
        }
        if (found.unknown() > 0 && !force) {
            out().println("Left: %s, which may have been carried out. Look at each device in Intune, then:"
                            .formatted(
                                    found.unknown() == 1
                                            ? "1 unknown one"
                                            : "%,d unknown ones".formatted(found.unknown()))
                    + " deprovision replay "
                    + choice.batch().map(name -> name + " ").orElse("")
                    + "--outcome unknown --force");
        }
        if (found.unreadable() > 0) {
            out().println("Left: %s never understood. Fix that in the dead-letter file, and drop it into the"
                            .formatted(
                                    found.unreadable() == 1
                                            ? "1 row that was"
                                            : "%,d rows that were".formatted(found.unreadable()))
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
