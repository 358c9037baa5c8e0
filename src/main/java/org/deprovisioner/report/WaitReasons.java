package org.deprovisioner.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.ledger.Batches.NotYet;
import org.deprovisioner.ledger.Ledger;
import org.deprovisioner.ledger.State;
import org.deprovisioner.settings.Settings;

/**
 * How many rows wait for what that are neither settled nor held.
 *
 * @param anotherRequest for another one for the same device
 * @param approval for Intune's
 * @param readBack until their devices were read back
 * @param look to be looked at and guarded
 * @param ready for their turn
 * @param underWay for Graph's answer
 * @param notYet what is ready and not due
 * @param atLeast how long what is to be sent takes; empty while something stands still
 */
public record WaitReasons(
        long anotherRequest,
        long approval,
        long readBack,
        long look,
        long ready,
        long underWay,
        List<NotYet> notYet,
        Optional<Duration> atLeast) {

    static WaitReasons of(List<BatchReport> batches, Settings settings, Ledger ledger) {
        long look = sum(batches, State.RECEIVED);
        long ready = sum(batches, State.READY);
        long underWay = sum(batches, State.SENDING);
        return new WaitReasons(
                sum(batches, State.WAITING),
                sum(batches, State.AWAITING_APPROVAL),
                sum(batches, State.IN_DOUBT),
                look,
                ready,
                underWay,
                ledger.batches().notYet(),
                Optional.of(look + ready + underWay)
                        .filter(rows -> rows > 0)
                        .flatMap(rows -> BatchStatus.timeLeft(rows, settings, ledger)));
    }

    private static long sum(List<BatchReport> batches, State state) {
        return batches.stream().mapToLong(batch -> batch.status().in(state)).sum();
    }
}
