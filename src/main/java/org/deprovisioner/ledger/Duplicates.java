package org.deprovisioner.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.deprovisioner.request.Device;

/** What an earlier request for the same device means for a new one. A pure decision; the ledger carries it out. */
final class Duplicates {

    private Duplicates() {}

    /**
     * Another request for the same device, or with the same {@code requestId}.
     *
     * @param sent whether an attempt was made for it
     * @param attempted when its attempt was begun, the first in doubt where there was one
     * @param before the device as it was seen before that
     */
    record Other(
            long id,
            long unit,
            String where,
            State state,
            Optional<Outcome> outcome,
            boolean sent,
            Optional<Instant> attempted,
            Optional<Device> before,
            Optional<Instant> finished,
            String reason,
            String requestId,
            String deviceId,
            boolean force) {

        private boolean is(OutcomeClass outcomeClass) {
            return outcome.filter(ended -> ended.outcomeClass() == outcomeClass).isPresent();
        }

        /** Whether nobody knows if this very request was carried out; one that only waited for such a one is no hindrance. */
        private boolean isUnknown() {
            return sent && is(OutcomeClass.UNKNOWN);
        }

        private boolean isOpen() {
            return !state.isFinal() && state != State.WAITING;
        }

        private boolean isUnsent() {
            return switch (state) {
                case RECEIVED, WAITING, HELD, READY -> true;
                case SENDING, IN_DOUBT, AWAITING_APPROVAL, DONE, DEAD, CANCELLED -> false;
            };
        }

        private boolean contradicts(Other candidate) {
            return unit == candidate.unit
                    && !reason.equals(candidate.reason)
                    && (isUnsent() || outcome.equals(Optional.of(Outcome.INVALID)));
        }
    }

    /** What becomes of the new request. */
    sealed interface Decision {
        /** Nothing stands in its way. */
        record Go() implements Decision {}

        /** It ends now. */
        record End(Finding finding) implements Decision {}

        /**
         * A look shows that the action of a request that was unknown was carried out: it was done, and so is this one.
         *
         * @param latest the request whose action it is
         * @param words what the look shows
         * @param unknown this and the other requests for the device that ended as unknown
         */
        record Confirmed(Other latest, String words, List<Other> unknown) implements Decision {}

        /** It waits for an open one. */
        record Wait(Other leader) implements Decision {}

        /**
         * Rows of one unit name the device with different reasons: all of them are invalid.
         *
         * @param other the row whose reason differs
         * @param unsent the unit's other rows for the device that can still be ended
         */
        record Contradiction(Other other, List<Other> unsent) implements Decision {}

        /**
         * It goes on, and later rows of its unit that gave their device the same {@code requestId} and are not sent yet do
         * not: whichever was looked at first, the first line has the key.
         */
        record TakesKey(Decision then, List<Other> later) implements Decision {}
    }

    static Decision decide(
            Other candidate,
            List<Other> sameDevice,
            List<Other> sameKey,
            Optional<Device> device,
            Duration window,
            Instant now) {
        List<Other> rivals = sameKey.stream()
                .filter(other -> !other.deviceId.isEmpty() && !other.deviceId.equals(candidate.deviceId))
                .filter(other ->
                        !other.state.isFinal() || other.is(OutcomeClass.DONE) || other.is(OutcomeClass.UNKNOWN))
                .toList();
        List<Other> later = rivals.stream()
                .filter(other -> other.unit == candidate.unit && other.id > candidate.id && other.isUnsent())
                .toList();
        Optional<Other> owner =
                rivals.stream().filter(other -> !later.contains(other)).findFirst();
        if (owner.isPresent()) {
            return end(keyTaken(candidate, owner.get()));
        }
        Decision decision = withoutRivals(candidate, sameDevice, sameKey, device, window, now);
        boolean goesOn = decision instanceof Decision.Go || decision instanceof Decision.Wait;
        return goesOn && !later.isEmpty() ? new Decision.TakesKey(decision, later) : decision;
    }

    /** How a request ends whose key stands for the device of another one. */
    static Finding keyTaken(Other request, Other owner) {
        return Finding.of(
                Outcome.INVALID,
                "The requestId '" + request.requestId + "' stands for the device " + owner.deviceId + " (" + owner.where
                        + ") and cannot stand for " + request.deviceId + " too.",
                "Give each device a requestId of its own.");
    }

    private static Decision withoutRivals(
            Other candidate,
            List<Other> sameDevice,
            List<Other> sameKey,
            Optional<Device> device,
            Duration window,
            Instant now) {
        if (candidate.force && candidate.requestId.isEmpty()) {
            return end(
                    Outcome.INVALID,
                    "The row has force=true and no requestId.",
                    "If the device really is to be sent once more, give a new requestId.");
        }
        if (candidate.force && sameKey.stream().anyMatch(other -> other.force && other.id < candidate.id)) {
            return end(
                    Outcome.INVALID,
                    "The requestId '" + candidate.requestId + "' was already used with force=true.",
                    "If the device really is to be sent once more, give a new requestId.");
        }
        Optional<Other> contradicting = sameDevice.stream()
                .filter(other -> other.contradicts(candidate))
                .findFirst();
        if (contradicting.isPresent()) {
            return new Decision.Contradiction(
                    contradicting.get(),
                    sameDevice.stream()
                            .filter(other -> other.unit == candidate.unit && other.isUnsent())
                            .toList());
        }
        Optional<Other> open = sameDevice.stream().filter(Other::isOpen).min(Comparator.comparingLong(Other::id));
        if (open.isPresent()) {
            return new Decision.Wait(open.get());
        }
        if (candidate.force) {
            return new Decision.Go();
        }
        return sameDevice.stream()
                .filter(other -> other.is(OutcomeClass.DONE) || other.isUnknown())
                .max(Comparator.comparing(other -> other.finished.orElse(Instant.EPOCH)))
                .map(latest -> after(latest, sameDevice, device, window, now))
                .orElseGet(Decision.Go::new);
    }

    private static Decision after(
            Other latest, List<Other> sameDevice, Optional<Device> device, Duration window, Instant instant) {
        Instant finished = latest.finished.orElse(Instant.EPOCH);
        if (latest.isUnknown()) {
            Optional<Device.Action> proof = device.flatMap(now -> proof(latest, now));
            if (proof.isPresent()) {
                return new Decision.Confirmed(
                        latest,
                        ReadBack.shown(proof.get()),
                        sameDevice.stream()
                                .filter(other -> other.is(OutcomeClass.UNKNOWN))
                                .toList());
            }
            return end(
                    Outcome.UNKNOWN,
                    "Whether " + latest.where + " deprovisioned the device is not known"
                            + (device.isPresent() ? ", and the device shows no such action." : "."),
                    "Look at the device in Intune; send it again only with force=true and a new requestId.");
        }
        boolean cameBack = finished.plus(window).isBefore(instant)
                && device.flatMap(Device::enrolled)
                        .filter(enrolled -> enrolled.isAfter(latest.attempted.orElse(finished)))
                        .isPresent();
        return cameBack
                ? new Decision.Go()
                : end(
                        Outcome.DUPLICATE,
                        "The device was deprovisioned by " + latest.where + " at " + finished + ".",
                        "Nothing is to be done.");
    }

    /** The action of an unknown request as the device shows it; none when the device was enrolled anew after it. */
    private static Optional<Device.Action> proof(Other unknown, Device device) {
        Instant enrolled = device.enrolled().orElse(Instant.EPOCH);
        return unknown.attempted
                .flatMap(at -> ReadBack.proof(device, unknown.before, at))
                .filter(action -> action.started()
                        .filter(started -> !started.isBefore(enrolled))
                        .isPresent());
    }

    private static Decision end(Finding finding) {
        return new Decision.End(finding);
    }

    private static Decision end(Outcome outcome, String error, String remedy) {
        return new Decision.End(Finding.of(outcome, error, remedy));
    }
}
