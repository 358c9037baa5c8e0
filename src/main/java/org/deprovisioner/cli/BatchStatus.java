package org.deprovisioner.cli;

import java.time.Duration;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.Exit;
import org.deprovisioner.report.Standstill;
import org.deprovisioner.settings.Settings;

/**
 * Where a batch stands now.
 *
 * @param atRest whether no row of it goes on by itself
 * @param stopped whether a pause that needs {@code resume}, or a STOP file is in force
 */
record BatchStatus(Progress progress, boolean atRest, boolean stopped) {

    /** A batch that is at rest is counted once more: its last rows may have ended between count and look. */
    static Optional<BatchStatus> of(String batch, Settings settings, Ledger ledger) {
        Optional<BatchStatus> seen = ledger.batches().progress(batch).map(progress -> of(progress, settings, ledger));
        return seen.filter(BatchStatus::atRest).isEmpty()
                ? seen
                : ledger.batches().progress(batch).map(counted -> seen.get().counted(counted));
    }

    static BatchStatus of(Progress progress, Settings settings, Ledger ledger) {
        boolean stopped = Brakes.stopFile(settings.data()).isPresent();
        boolean paused = ledger.pauses().all().stream().anyMatch(pause -> pause.kind() == Pause.EndsBy.RESUME);
        boolean atRest = (stopped && progress.in(State.SENDING) == 0)
                || ledger.batches().atRest(progress.name(), Standstill.atThisHour(settings));
        return new BatchStatus(progress, atRest, stopped || paused);
    }

    private BatchStatus counted(Progress anew) {
        return new BatchStatus(anew, atRest, stopped);
    }

    long in(OutcomeClass outcomeClass) {
        return progress.in(outcomeClass);
    }

    long held() {
        return progress.in(State.HELD);
    }

    /** Rows that wait for something else than their turn. */
    long waiting() {
        return progress.in(State.WAITING, State.AWAITING_APPROVAL) + inDoubt();
    }

    /** Rows whose devices are read back. */
    long inDoubt() {
        return progress.in(State.IN_DOUBT);
    }

    /** Rows that are still to be looked at or sent. */
    long ready() {
        return progress.in(State.RECEIVED, State.READY, State.SENDING);
    }

    long settled() {
        return progress.in(State.DONE, State.DEAD, State.CANCELLED);
    }

    /** The exit code of the batch. */
    Exit exit() {
        if (held() > 0) {
            return Exit.HELD;
        } else if (ready() > 0 && atRest && stopped) {
            return Exit.UNREACHABLE;
        }
        boolean allWell = in(OutcomeClass.DONE) + in(OutcomeClass.SKIPPED) == progress.rows();
        return allWell ? Exit.DONE : Exit.FAILED;
    }

    /** How long what is ready takes at the quota, at least. */
    static Duration timeLeft(long ready, Settings.Pace pace) {
        long together = pace.mode() == Settings.Mode.BULK ? pace.bulkSize() : 1;
        return pace.window().multipliedBy(ready).dividedBy(pace.writes() * together);
    }

    /** The same; empty while something keeps it from being sent, and where each of several tenants has a quota of its own. */
    static Optional<Duration> timeLeft(long ready, Settings settings, Ledger ledger) {
        boolean goesOn = !settings.requests().dryRun()
                && Standstill.now(settings).isEmpty()
                && ledger.pauses().all().isEmpty();
        return goesOn && settings.tenants().size() == 1
                ? Optional.of(timeLeft(ready, settings.pace()))
                : Optional.empty();
    }
}
