package org.deprovisioner.service;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
import org.deprovisioner.report.PauseReport;
import org.deprovisioner.settings.Settings;

/**
 * What an operator does to batches and pauses: done in the ledger, told to the audit log, and shown in the files. Commands
 * and whatever else a person works with go this one way; they only ask and print.
 */
public final class OperatorActions {

    private final Settings settings;
    private final Ledger ledger;
    private final Publication files;

    /**
     * Works on a ledger.
     *
     * @param warnings is told in a sentence why files could not be written
     */
    public OperatorActions(Settings settings, Ledger ledger, Consumer<String> warnings) {
        this.settings = settings;
        this.ledger = ledger;
        this.files = new Publication(settings, ledger, warnings);
    }

    /** Releases what is held of a batch, when the number is right and nothing speaks against this approver. */
    public Verdict approve(BatchApproval approval) throws IOException {
        Verdict verdict = ledger.approvals()
                .approve(
                        approval,
                        submitters -> new FourEyes(settings.guard().fourEyes()).objection(approval.by(), submitters),
                        settings.guard().grace());
        if (verdict instanceof Verdict.Released released) {
            heldNotes().write(released.batch());
            files.bringUpToDate();
        }
        return verdict;
    }

    /**
     * What came of a cancel.
     *
     * @param cancelled rows that will not be sent
     * @param done devices that were deprovisioned before
     * @param awaitingApproval approval requests that stay open in Intune
     * @param underWay calls that are under way or in doubt
     */
    public record Cancelled(String batch, int cancelled, long done, long awaitingApproval, long underWay) {}

    /** Ends what a batch still has to send; empty when there is no such batch. */
    public Optional<Cancelled> cancel(String batch, String by) throws IOException {
        Optional<Progress> before = ledger.batches().progress(batch);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        String name = before.get().name();
        int cancelled = ledger.batches().cancel(name, by);
        heldNotes().write(name);
        files.bringUpToDate();
        Progress now = ledger.batches().progress(name).orElseThrow();
        return Optional.of(new Cancelled(
                name,
                cancelled,
                now.in(OutcomeClass.DONE),
                before.get().in(State.AWAITING_APPROVAL),
                now.in(State.SENDING, State.IN_DOUBT)));
    }

    /**
     * Stops dispatch.
     *
     * @param scope a tenant, a {@link Pause#ofBatch batch} or {@link Pause#ALL everything}
     * @param reason what is added to who did it; may be empty
     */
    public PauseReport pause(String scope, String by, String reason) {
        ledger.pauses()
                .pause(
                        scope,
                        Pause.EndsBy.RESUME,
                        "operator",
                        "Paused by " + by + (reason.isBlank() ? "." : ": " + reason),
                        "End it with: " + PauseReport.resumeCommand(scope),
                        by);
        files.bringAllUpToDate();
        return PauseReport.all(ledger).stream()
                .filter(pause -> pause.scope().equals(scope))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("A pause that was just set is not there."));
    }

    /** Ends the pause of a scope, or every pause; gives those that it ended. */
    public List<Pause> resume(Optional<String> scope, String by) {
        List<Pause> ended = ledger.pauses().all().stream()
                .filter(pause -> scope.isEmpty() || pause.scope().equals(scope.get()))
                .flatMap(pause -> ledger.pauses().resume(pause.scope(), by).stream())
                .toList();
        if (!ended.isEmpty()) {
            files.bringAllUpToDate();
        }
        return ended;
    }

    /**
     * What came of a replay.
     *
     * @param rows dead letters that were put back
     * @param unknown those left, since they may have been carried out
     * @param unreadable those left, since they never became requests
     */
    public record PutBack(int rows, long unknown, long unreadable) {}

    /**
     * Puts dead letters back.
     *
     * @param unknownToo whether those too that may have been carried out
     */
    public PutBack replay(Choice choice, boolean unknownToo, String by) {
        DeadLetters found = ledger.replays().count(choice);
        int rows = ledger.replays().replay(choice, unknownToo, by);
        files.bringUpToDate();
        return new PutBack(rows, unknownToo ? 0 : found.unknown(), found.unreadable());
    }

    private HeldNotes heldNotes() {
        return new HeldNotes(settings.data(), ledger.units(), ledger.batches());
    }
}
