package org.deprovisioner.ledger;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a request stands. What may follow a state stands here and nowhere else, and {@link Transitions}, the only writer of a
 * recorded request's state, holds to it.
 */
public enum State {
    /** Recorded; to be resolved and guarded. */
    RECEIVED,
    /** Another request for the same device is open. */
    WAITING,
    /** A guard waits for our own approval. */
    HELD,
    /** May be sent once it is due. */
    READY,
    /** An attempt is recorded and its call may be under way. */
    SENDING,
    /** The call may have been executed and no sure answer came, or its success is verified: the device is read back. */
    IN_DOUBT,
    /** Intune's Multi Admin Approval is awaited. */
    AWAITING_APPROVAL,
    /** Final: done or skipped. */
    DONE,
    /** Final until replayed: failed or unknown. What was unknown is done once a later look shows it. */
    DEAD,
    /** Final: cancelled before it was sent. */
    CANCELLED;

    /** The states that may follow this one. */
    public Set<State> next() {
        return switch (this) {
            case RECEIVED -> EnumSet.of(RECEIVED, WAITING, HELD, READY, DONE, DEAD, CANCELLED);
            case WAITING -> EnumSet.of(RECEIVED, DONE, DEAD, CANCELLED);
            case HELD -> EnumSet.of(READY, DONE, DEAD, CANCELLED);
            case READY -> EnumSet.of(READY, HELD, SENDING, DONE, DEAD, CANCELLED);
            case SENDING -> EnumSet.of(READY, IN_DOUBT, AWAITING_APPROVAL, DONE, DEAD);
            case IN_DOUBT -> EnumSet.of(IN_DOUBT, READY, SENDING, DONE, DEAD); // SENDING: its answer came late
            case AWAITING_APPROVAL -> EnumSet.of(AWAITING_APPROVAL, READY, DONE, DEAD, CANCELLED);
            case DEAD -> EnumSet.of(RECEIVED, DONE);
            case DONE, CANCELLED -> EnumSet.noneOf(State.class);
        };
    }

    /** Whether nothing more happens to a request by itself. */
    public boolean isFinal() {
        return this == DONE || this == DEAD || this == CANCELLED;
    }
}
