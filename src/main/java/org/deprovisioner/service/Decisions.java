package org.deprovisioner.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.guard.FourEyes;
import org.deprovisioner.ledger.Approvals.BatchApproval;
import org.deprovisioner.ledger.Approvals.Verdict;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.Replays.Choice;
import org.deprovisioner.ledger.Replays.DeadLetters;
import org.deprovisioner.ledger.State;
import org.deprovisioner.outcome.HeldNotes;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.NotDoneException;
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.report.PlainTime;
import org.deprovisioner.settings.Settings;

/**
 * What a person decides of batches: commands, the console and its API all go this way. Each decision stands in the audit log with
 * who made it, and the files that show it are brought up to date.
 */
public final class Decisions {

    private final Settings settings;
    private final Ledger ledger;
    private final String by;
    private final Consumer<String> warnings;

    /**
     * The decisions of one person.
     *
     * @param by who decides, as the audit log names them
     * @param warnings is told in a sentence what could not be brought up to date
     */
    public Decisions(Settings settings, Ledger ledger, String by, Consumer<String> warnings) {
        this.settings = settings;
        this.ledger = ledger;
        this.by = by;
        this.warnings = warnings;
    }

    /**
     * Releases what is held of a batch. The approval's {@code by} is who decides.
     *
     * @throws TooLongException when its remark is
     */
    public Verdict approve(BatchApproval approval) throws IOException {
        TooLongException.check(approval.remark());
        FourEyes fourEyes =
                new FourEyes(settings.guard().fourEyes(), settings.guard().people());
        Verdict answer = ledger.approvals()
                .approve(
                        approval,
                        submitters -> fourEyes.objection(by, submitters),
                        settings.guard().grace());
        if (answer instanceof Verdict.Released released) {
            new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches())
                    .write(released.batch());
            publication().bringUpToDate();
        }
        return answer;
    }

    /**
     * What came of ending a batch.
     *
     * @param rows that will not be sent
     * @param done devices that were deprovisioned before
     * @param askedInIntune approval requests that stay open there
     * @param underWay calls that are under way or in doubt
     */
    public record Cancelled(String batch, int rows, long done, long askedInIntune, long underWay) {

        /** The same in sentences. */
        public List<String> words() {
            List<String> words = new ArrayList<>();
            words.add(
                    rows > 0
                            ? "Cancelled: %,d %s of '%s' will not be sent."
                                    .formatted(rows, rows == 1 ? "row" : "rows", batch)
                            : "Nothing of '%s' was still to be sent.".formatted(batch));
            words.add(
                    done == 1
                            ? "1 of its devices was deprovisioned before."
                            : "%,d of its devices were deprovisioned before.".formatted(done));
            if (askedInIntune > 0) {
                words.add(
                        askedInIntune == 1
                                ? "1 approval request stays open in Intune: cancel it there, too."
                                : "%,d approval requests stay open in Intune: cancel them there, too."
                                        .formatted(askedInIntune));
            }
            if (underWay > 0) {
                words.add((underWay == 1
                                ? "1 call is under way or in doubt; how it ends"
                                : "%,d calls are under way or in doubt; how they end".formatted(underWay))
                        + " shows in 'deprovision status %s'.".formatted(batch));
            }
            return words;
        }
    }

    /** Ends what a batch still has to send; empty when there is no such batch. */
    public Optional<Cancelled> cancel(String batch) throws IOException {
        Optional<Progress> before = ledger.batches().progress(batch);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        String name = before.get().name();
        int cancelled = ledger.batches().cancel(name, by);
        new HeldNotes(settings.data(), settings.readers(), ledger.units(), ledger.batches()).write(name);
        publication().bringUpToDate();
        return ledger.batches()
                .progress(name)
                .map(now -> new Cancelled(
                        name,
                        cancelled,
                        now.in(OutcomeClass.DONE),
                        before.get().in(State.AWAITING_APPROVAL),
                        now.in(State.SENDING, State.IN_DOUBT)));
    }

    /**
     * Stops dispatch until {@code resume}, before the next call.
     *
     * @param scope as {@link Pause} names it
     * @return the pause that is in force now
     * @throws TooLongException when the reason is
     */
    public Optional<PauseReport> pause(String scope, Optional<String> reason) {
        reason.ifPresent(TooLongException::check);
        ledger.pauses()
                .pause(
                        scope,
                        Pause.EndsBy.RESUME,
                        "operator",
                        "Paused by " + by + reason.map(text -> ": " + text).orElse("."),
                        "End it with: " + PauseReport.resumeCommand(scope),
                        by);
        publication().bringAllUpToDate();
        return PauseReport.all(ledger).stream()
                .filter(pause -> pause.scope().equals(scope))
                .findFirst();
    }

    /**
     * Ends pauses.
     *
     * @param only the scope of the one that ends; all of them when empty
     * @param reason why, for the audit log; may be empty
     * @return a sentence for each that ended, and for what still stands in the way
     * @throws TooLongException when the reason is
     */
    public List<String> resume(Optional<String> only, String reason) {
        TooLongException.check(reason);
        List<Pause> ended = ledger.pauses().all().stream()
                .filter(pause -> only.isEmpty() || pause.scope().equals(only.get()))
                .flatMap(pause -> ledger.pauses().resume(pause.scope(), by, reason).stream())
                .toList();
        List<String> words = new ArrayList<>();
        ended.forEach(pause -> words.add("Resumed %s, paused since %s: %s"
                .formatted(PauseReport.scopeName(pause.scope()), PlainTime.utc(pause.since()), pause.message())));
        if (ended.isEmpty()) {
            words.add(only.map(scope -> "Nothing was paused for " + PauseReport.scopeName(scope) + ".")
                    .orElse("Nothing was paused."));
        } else {
            publication().bringAllUpToDate();
        }
        PauseReport.all(ledger).forEach(pause -> words.add(pause.sentence()));
        Brakes.stopFile(settings.data())
                .ifPresent(file -> words.add("The file " + file + " still stops every call. Remove it to go on."));
        return words;
    }

    /**
     * What came of putting dead letters back.
     *
     * @param rows that were put back
     * @param found what stood there to be chosen from before
     */
    public record Replayed(int rows, DeadLetters found) {}

    /**
     * Puts dead letters back: one is sent first, the others when it ended well.
     *
     * @param force those too that may have been carried out
     * @throws NotDoneException when that is asked for without {@code force}
     */
    public Replayed replay(Choice choice, boolean force) {
        if (choice.meansUnknown() && !force) {
            throw new NotDoneException(
                    Exit.USAGE,
                    "What is unknown may have been carried out. Look at each device in Intune; to replay those rows all the"
                            + " same, add --force.");
        }
        DeadLetters found = ledger.replays().count(choice);
        int rows = ledger.replays().replay(choice, force, by);
        publication().bringUpToDate();
        return new Replayed(rows, found);
    }

    private Publication publication() {
        return new Publication(settings, ledger, warnings);
    }
}
