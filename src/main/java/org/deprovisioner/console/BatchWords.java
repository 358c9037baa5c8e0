package org.deprovisioner.console;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deprovisioner.ledger.Outcome;
import org.deprovisioner.ledger.State;
import org.deprovisioner.report.BatchStatus;

/**
 * How a batch stands, in words.
 *
 * @param kind good, warn, bad or run: how it looks
 * @param state in a word or two
 */
record BatchWords(String kind, String state, String sentence) {

    static BatchWords of(BatchStatus status) {
        if (status.rows() == 0) {
            return new BatchWords("run", "empty", "No row of it was taken in yet. Its file is still being read.");
        } else if (status.held() > 0) {
            return new BatchWords(
                    "warn",
                    "held",
                    "%s held: nothing of it is sent before somebody approves it."
                            .formatted(Shown.count(status.held(), "row is", "rows are")));
        } else if (status.ready() > 0 && status.atRest()) {
            return new BatchWords(
                    status.stopped() ? "bad" : "warn",
                    status.stopped() ? "paused" : "not now",
                    "%s still to be sent, and nothing goes out now: a pause, the hours, or an instant of their own."
                            .formatted(Shown.count(status.ready(), "row is", "rows are")));
        } else if (status.ready() > 0) {
            return new BatchWords(
                    "run",
                    status.failed() + status.unknown() > 0 ? "running, with failures" : "running",
                    "It is being worked off: %s to go.".formatted(Shown.rows(status.ready())));
        } else if (status.settled() < status.rows()) {
            return new BatchWords(
                    "warn",
                    "waiting",
                    status.inDoubt() > 0
                            ? "All is sent. %s in doubt or being verified: the devices are read back."
                                    .formatted(Shown.count(status.inDoubt(), "row is", "rows are"))
                            : "%s for another request or for Intune's approval."
                                    .formatted(Shown.count(
                                            status.in(State.WAITING, State.AWAITING_APPROVAL),
                                            "row waits",
                                            "rows wait")));
        } else if (status.failed() + status.unknown() > 0) {
            return new BatchWords(
                    "bad",
                    "ended, with failures",
                    "It has ended; %s failed or unknown. Each has its cause and remedy."
                            .formatted(Shown.count(status.failed() + status.unknown(), "row is", "rows are")));
        }
        return ended(status);
    }

    /** All its rows have ended, and none failed. */
    private static BatchWords ended(BatchStatus status) {
        if (status.done() == status.rows()) {
            return new BatchWords("good", "done", "It has ended, and all went well.");
        }
        long cancelled = status.ended(Outcome.CANCELLED);
        long dryRun = status.ended(Outcome.DRY_RUN);
        String sentence = "It has ended: "
                + Stream.of(
                                part(status.done(), "device was deprovisioned", "devices were deprovisioned"),
                                part(cancelled, "row was cancelled", "rows were cancelled"),
                                part(
                                        dryRun,
                                        "row was a dry run, which sends nothing",
                                        "rows were a dry run, which sends nothing"),
                                part(
                                        status.skipped() - cancelled - dryRun,
                                        "row needed nothing",
                                        "rows needed nothing"))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("; "))
                + ".";
        if (cancelled > 0) {
            return new BatchWords(
                    "warn", cancelled == status.rows() ? "cancelled" : "ended, cancelled in part", sentence);
        }
        return new BatchWords("good", dryRun == status.rows() ? "dry run" : "ended", sentence);
    }

    private static Optional<String> part(long number, String one, String many) {
        return number == 0 ? Optional.empty() : Optional.of(Shown.count(number, one, many));
    }
}
