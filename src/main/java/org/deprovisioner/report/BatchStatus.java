package org.deprovisioner.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.deprovisioner.guard.Brakes;
import org.deprovisioner.ledger.Batches.Progress;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.OutcomeClass;
import org.deprovisioner.ledger.Pause;
import org.deprovisioner.ledger.State;
import org.deprovisioner.settings.Settings;

/**
 * Where a batch stands now.
 *
 * @param atRest whether no row of it goes on by itself
 * @param stopped whether a pause that needs {@code resume}, or a STOP file is in force
 */
@JsonPropertyOrder({
    "batch",
    "createdUtc",
    "rows",
    "done",
    "skipped",
    "failed",
    "unknown",
    "held",
    "waiting",
    "ready",
    "inDoubt",
    "awaitingApproval",
    "outcomes",
    "atRest",
    "exitCode"
})
public record BatchStatus(
        @JsonIgnore Progress progress,
        boolean atRest,
        @JsonIgnore boolean stopped) {

    /** Where the batch of this name stands; empty when there is none. One that is at rest is counted once more: its last rows may have ended between count and look. */
    public static Optional<BatchStatus> of(String batch, Settings settings, Ledger ledger) {
        Optional<BatchStatus> seen = ledger.batches().progress(batch).map(progress -> of(progress, settings, ledger));
        return seen.filter(BatchStatus::atRest).isEmpty()
                ? seen
                : ledger.batches().progress(batch).map(counted -> seen.get().counted(counted));
    }

    /** Where a batch stands whose rows were counted. */
    public static BatchStatus of(Progress progress, Settings settings, Ledger ledger) {
        boolean stopped = Brakes.stopFile(settings.data()).isPresent();
        boolean paused = ledger.pauses().all().stream().anyMatch(pause -> pause.kind() == Pause.EndsBy.RESUME);
        boolean atRest = (stopped && progress.in(State.SENDING) == 0)
                || ledger.batches().atRest(progress.name(), Standstill.atThisHour(settings));
        return new BatchStatus(progress, atRest, stopped || paused);
    }

    private BatchStatus counted(Progress anew) {
        return new BatchStatus(anew, atRest, stopped);
    }

    /** As it is called. */
    @JsonProperty
    public String batch() {
        return progress.name();
    }

    /** When its first row came. */
    @JsonProperty("createdUtc")
    public Instant created() {
        return progress.created();
    }

    /** All that it has. */
    @JsonProperty
    public long rows() {
        return progress.rows();
    }

    /** Rows whose devices were deprovisioned. */
    @JsonProperty
    public long done() {
        return in(OutcomeClass.DONE);
    }

    /** Rows that needed nothing. */
    @JsonProperty
    public long skipped() {
        return in(OutcomeClass.SKIPPED);
    }

    /** Rows that were not carried out. */
    @JsonProperty
    public long failed() {
        return in(OutcomeClass.FAILED);
    }

    /** Rows that may have been carried out. */
    @JsonProperty
    public long unknown() {
        return in(OutcomeClass.UNKNOWN);
    }

    /** How many rows ended with which outcome. */
    @JsonProperty
    public Map<String, Long> outcomes() {
        return progress.outcomes();
    }

    /** Rows that ended with this outcome. */
    public long ended(Outcome outcome) {
        return outcomes().getOrDefault(outcome.word(), 0L);
    }

    /** Rows that wait for Intune's approval. */
    @JsonProperty
    public long awaitingApproval() {
        return progress.in(State.AWAITING_APPROVAL);
    }

    /** Rows in one of these states. */
    public long in(State... states) {
        return progress.in(states);
    }

    private long in(OutcomeClass outcomeClass) {
        return progress.in(outcomeClass);
    }

    /** Rows that wait for somebody to approve them here. */
    @JsonProperty
    public long held() {
        return progress.in(State.HELD);
    }

    /** Rows that wait for something else than their turn. */
    @JsonProperty
    public long waiting() {
        return progress.in(State.WAITING, State.AWAITING_APPROVAL) + inDoubt();
    }

    /** Rows whose devices are read back. */
    @JsonProperty
    public long inDoubt() {
        return progress.in(State.IN_DOUBT);
    }

    /** Rows that are still to be looked at or sent. */
    @JsonProperty
    public long ready() {
        return progress.in(State.RECEIVED, State.READY, State.SENDING);
    }

    /** Rows that have ended. */
    public long settled() {
        return progress.in(State.DONE, State.DEAD, State.CANCELLED);
    }

    /** How a command ends that is about this batch. */
    public Exit exit() {
        if (held() > 0) {
            return Exit.HELD;
        } else if (ready() > 0 && atRest && stopped) {
            return Exit.UNREACHABLE;
        }
        boolean allWell = in(OutcomeClass.DONE) + in(OutcomeClass.SKIPPED) == progress.rows();
        return allWell ? Exit.DONE : Exit.FAILED;
    }

    @JsonProperty
    int exitCode() {
        return exit().code();
    }

    /** How long what is ready takes at the quota, at least. */
    public static Duration timeLeft(long ready, Settings.Pace pace) {
        long together = pace.mode() == Settings.Mode.BULK ? pace.bulkSize() : 1;
        return pace.window().multipliedBy(ready).dividedBy(pace.writes() * together);
    }

    /** The same; empty while something keeps it from being sent, and where each of several tenants has a quota of its own. */
    public static Optional<Duration> timeLeft(long ready, Settings settings, Ledger ledger) {
        boolean goesOn = !settings.requests().dryRun()
                && Standstill.now(settings).isEmpty()
                && ledger.pauses().all().isEmpty();
        return goesOn && settings.tenants().size() == 1
                ? Optional.of(timeLeft(ready, settings.pace()))
                : Optional.empty();
    }
}
